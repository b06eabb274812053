// What a finding is: one sentence with the numbers behind it, and how it is known. Each is computed from
// what is in the database; a company whose data can't show it gets silence, or is told how many are missing.
import type { Share } from '../../stats/proportions.ts'
import type { Store } from '../../store/store.ts'
import type { Effects } from '../effects/schema.ts'

export type FindingClaim = 'counted' | 'goes along with' | 'proven by a test' | 'not enough to tell'

export interface Figure {
  name: string
  value: number
  low: number | null
  high: number | null
  n: number
  unit: 'share' | 'stars' | 'weeks' | 'days' | 'customers'
}

export interface Finding {
  id: string
  claim: FindingClaim
  sentence: string
  figures: Figure[]
  /** Customers, promises or answers behind the sentence. */
  n: number
  /** The page that shows it in full. */
  link: string
}

export interface Asked {
  store: Store
  /** What the promise that was decided most often goes along with; asked once for all. */
  effects: () => Promise<Effects>
  /** Up to when anything is known, µs since 1970. */
  asOf: number
}

/** A question that findings ask. Null: this company's data doesn't hold it. */
export type Finder = (asked: Asked) => Promise<Finding | null>

/** Under this many, nothing is said. */
export const fewest = 30

const formats = {
  whole: new Intl.NumberFormat('en-GB'),
  tenth: new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
}

export function whole(value: number): string {
  return formats.whole.format(Math.round(value))
}

export function tenth(value: number): string {
  return formats.tenth.format(value)
}

/** "71 times in 100 (69 to 73)" with a noun of choice: inHundred(share, ' times'). */
export function inHundred(share: Share, noun = ''): string {
  return `${whole(100 * (share.value ?? 0))}${noun} in 100 (${whole(100 * share.low)} to ${whole(100 * share.high)})`
}

export function shareFigure(name: string, share: Share): Figure {
  return { name, value: share.value ?? 0, low: share.low, high: share.high, n: share.n, unit: 'share' }
}

/** "mail, phone and visits" */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`
}
