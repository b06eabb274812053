import { number } from '../lib/words.ts'

/** A figure with where it lies 95 times in 100; nulls where there is too little to say it. */
export interface Estimate {
  value: number | null
  low: number | null
  high: number | null
  /** How many stand behind it. */
  n: number
}

export type Format = (value: number) => string

/** "0.31 (0.25 to 0.37)", "0.31, without an interval", or words when there is none. */
export function spoken(estimate: Omit<Estimate, 'n'>, format: Format): string {
  const { value, low, high } = estimate
  if (value === null) return 'not enough answers yet'
  if (low === null || high === null) return `${format(value)}, too few for an interval`
  return `${format(value)} (${format(low)} to ${format(high)})`
}

/** −0.31: with the sign as it is printed, two digits. */
export function signed(value: number, digits = 2): string {
  return `${value > 0 ? '+' : ''}${number(value, digits)}`
}
