// Of whom returning is estimated, and what is.
import type { Columns } from '../../store/projection-columns.ts'
import type { ReturnAnswer } from './schema.ts'

export interface Given {
  sales: Columns
  /** Those it is compared with, under their names; none: by when they first bought. */
  beside: { name: string; sales: Columns } | null
  name: string
  /** The last day that is known. */
  until: number
  span: number
}

export type Estimated = Pick<
  ReturnAnswer,
  | 'customers'
  | 'first'
  | 'later'
  | 'difference'
  | 'cohorts'
  | 'cohortColumns'
  | 'model'
  | 'cannotForetell'
  | 'check'
> & { best: Foretold[]; idle: Foretold[] }

export interface Foretold {
  customerId: number
  sales: number
  lastDay: number
  alive: number
  expected: number
  expectedMinor: number | null
}

export interface Buyer {
  id: number
  days: number[]
  minor: number[]
}

export function buyersOf(sales: Columns): Buyer[] {
  const { customer_id: ids, day: days, minor } = sales
  const buyers: Buyer[] = []
  if (!ids || !days || !minor) return buyers
  let last: Buyer | undefined
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number
    if (last?.id !== id) {
      last = { id, days: [], minor: [] }
      buyers.push(last)
    }
    last.days.push(days[i] as number)
    last.minor.push(minor[i] as number)
  }
  return buyers
}

/** Days outside the calendar's four digits stand at its ends. */
export function dateOf(day: number): Date {
  return new Date(Math.max(-62_135_596_800_000, Math.min(253_402_214_400_000, day * 86_400_000)))
}
