// The words of judging: what is looked at, by what terms, and where an expectation stands afterwards.
import type { Span } from './due.ts'
import type { Precision, Rule, SourceKind, State, Watch } from './schema.ts'

/** An interaction, as far as judging looks at it. Times are milliseconds. */
export interface Happening {
  id: number
  customerId: number
  at: number
  name: string
  channel: string
  properties: Record<string, unknown>
  purchaseId: number | null
}

export interface Calendar {
  now: number
  /** The customer's time zone, else the workspace's. */
  timeZone: string
  currency: string
  /** Digits of a currency's minor unit. */
  digits: (currency: string) => number
}

export interface Move {
  at: number
  due: Span
  movedBy: 'us' | 'customer'
  /** Null: moved without a word to the customer. */
  toldAt: number | null
  interactionId: number
  /** False: said after the time had run out. */
  counted: boolean
}

/** Where an expectation stands. Gaps: days, minor units of money or points; positive is worse than said. */
export interface Judgement {
  opening: string
  openedAt: number
  openedBy: number | null
  customerId: number
  purchaseId: number | null
  sourceKind: SourceKind
  sourceName: string | null
  firstDue: Span | null
  due: Span | null
  threshold: number | null
  currency: string | null
  state: State
  awaited: boolean
  gap: number | null
  firstGap: number | null
  /** Days from the opening, minor units, or points. */
  actual: number | null
  cameAt: number | null
  decidedAt: number | null
  decidedBy: number | null
  moves: Move[]
  movedBy: 'us' | 'customer' | null
  toldAt: number | null
  /** Whether the customer knew before the first word ran out; null while the first word holds. */
  toldBefore: boolean | null
}

/** What an expectation made by hand begins with, in place of an opening event. */
export interface Given {
  opening: string
  openedAt: number
  openedBy: number | null
  customerId: number
  purchaseId: number | null
  due: Span | null
  threshold: number | null
  currency: string | null
  dimension: Rule['dimension']
  limit?: 'at most' | 'at least'
  timeZone?: string
}

export type Terms = Partial<Watch> &
  Pick<Rule, 'dimension'> & {
    limit: 'at most' | 'at least'
    timeZone: string
    precision?: Precision | undefined
  }

/** When a version of a rule was the one that was promised: openings from `from` and before `to`. */
export interface Era {
  from: number
  to: number
}

/** What a person entered: how it ended, when, and whether what was promised came at all. */
export interface Settlement {
  state: Exclude<State, 'open'>
  at: number
  came: boolean
  /** Minor units or points, for money and points. */
  actual: number | null
}
