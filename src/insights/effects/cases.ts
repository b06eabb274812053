import type { Columns } from '../../store/projection-columns.ts'
import { dayMicros } from '../question.ts'

/** Every time a promise was made, a column each; NaN where nothing is known. */
export interface Cases {
  n: number
  /** Whose it is, from 0 up in the order of the rows: one customer's rows lie together. */
  customer: Int32Array
  /** 1 kept or exceeded, 0 came late; NaN: not come, or not decided. */
  inTime: Float64Array
  exceeded: Float64Array
  /** How far off: days, minor units or points; above 0 is worse than said. */
  gap: Float64Array
  firstGap: Float64Array
  /** Of those whose first word did not hold: 1 told beforehand, 0 not. */
  told: Float64Array
  /** 1 bought again within the horizon after it was settled, 0 not; NaN: not seen for long enough. */
  cameBack: Float64Array
  unhappy: Float64Array
  /** Days from the promise until it came. */
  wait: Float64Array
  ending: Uint8Array
  source: Float64Array
  /** Known before the promise was made. */
  openedAt: Float64Array
  value: Float64Array
  company: Float64Array
  channel: Float64Array
  activity: Float64Array
  boughtBefore: Float64Array
  /** Days that were said at first. */
  said: Float64Array
}

/** What became of a promise: came in time, came late, never came, awaited, open, withdrawn. */
export const became = { inTime: 0, late: 1, never: 2, awaited: 3, open: 4, withdrawn: 5 } as const

/** Which word it is held against when it was moved. A day that the customer asked for counts as the first word. */
export type Word = 'first' | 'last'

export interface CasesInput {
  judged: Columns
  word: Word
  /** Measured in days; else money or points. */
  days: boolean
  /** µs within which coming back counts. */
  horizon: number
  /** µs up to which anything is known. */
  seenUntil: number
}

export function casesOf({ judged, word, days, horizon, seenUntil }: CasesInput): Cases {
  const column = (name: string) => judged[name] ?? new Float64Array()
  const state = column('state')
  const cameAt = column('came_at')
  const openedAt = column('opened_at')
  const seenFrom = column('seen_from')
  const nextAt = column('next_at')
  const n = state.length
  const each = (value: (row: number) => number) => Float64Array.from({ length: n }, (_, row) => value(row))
  const at = (values: Float64Array, row: number) => values[row] as number
  const came = (row: number) => !Number.isNaN(at(cameAt, row))
  // in days, whether somebody was told is known exactly when the first word did not hold
  const told = column('told')
  const firstBroken = (row: number) => days && !Number.isNaN(at(told, row))
  const held = (row: number) =>
    (at(state, row) === 2 || at(state, row) === 3) && !(word === 'first' && firstBroken(row))
  const late = (row: number) => at(state, row) === 4 || (word === 'first' && firstBroken(row))
  const gap = column('gap')
  const firstGap = column('first_gap')
  const gapByFirst = (row: number) =>
    // above 0 without a first word that was broken: the customer asked for another day
    firstBroken(row) || !(at(firstGap, row) > 0) ? at(firstGap, row) : at(gap, row)
  return {
    n,
    customer: numbered(column('customer_id')),
    inTime: each((row) => (came(row) && held(row) ? 1 : came(row) && late(row) ? 0 : Number.NaN)),
    exceeded: each((row) => (came(row) && held(row) ? Number(at(state, row) === 3) : Number.NaN)),
    gap: word === 'last' ? gap : each(gapByFirst),
    firstGap,
    told,
    cameBack: each((row) =>
      at(seenFrom, row) + horizon <= seenUntil
        ? Number(at(nextAt, row) <= at(seenFrom, row) + horizon)
        : Number.NaN,
    ),
    unhappy: column('unhappy'),
    wait: each((row) => (at(cameAt, row) - at(openedAt, row)) / dayMicros),
    ending: Uint8Array.from({ length: n }, (_, row) =>
      endingOf(at(state, row), late(row), came(row), !Number.isNaN(at(seenFrom, row))),
    ),
    source: column('source'),
    openedAt,
    value: column('value'),
    company: column('company'),
    channel: column('channel'),
    activity: column('activity'),
    boughtBefore: column('bought_before'),
    said: each((row) => (at(column('first_due_at'), row) - at(openedAt, row)) / dayMicros),
  }
}

function endingOf(state: number, late: boolean, came: boolean, settled: boolean): number {
  if (state === 1) return became.open
  if (state === 5) return became.withdrawn
  if (late) return came ? became.late : settled ? became.never : became.awaited
  return became.inTime
}

/** Rising numbers from 0 for ids that lie together. */
function numbered(ids: Float64Array): Int32Array {
  let last = -1
  let before = Number.NaN
  return Int32Array.from(ids, (id) => {
    if (id !== before) last++
    before = id
    return last
  })
}

/** An answer and the case that it is about. */
export interface Answers {
  n: number
  /** Row in Cases. */
  case: Int32Array
  stars: Float64Array
  /** Codes of `moments` and `endings`, from 1. */
  moment: Float64Array
  ending: Float64Array
}

/** @param touchpoint only answers given there; null: anywhere */
export function answersOf(answers: Columns, judged: Columns, touchpoint: number | null): Answers {
  const column = (columns: Columns, name: string) => columns[name] ?? new Float64Array()
  const ids = column(judged, 'id')
  const owners = column(judged, 'customer_id')
  const about = column(answers, 'id')
  const who = column(answers, 'customer_id')
  const where = column(answers, 'touchpoint_id')
  const rows: number[] = []
  const cases: number[] = []
  let row = 0
  for (let answer = 0; answer < about.length; answer++) {
    if (touchpoint !== null && where[answer] !== touchpoint) continue
    // both are in the order of customer and promise
    while (
      row < ids.length &&
      ((owners[row] as number) < (who[answer] as number) ||
        (owners[row] === who[answer] && (ids[row] as number) < (about[answer] as number)))
    )
      row++
    if (ids[row] !== about[answer]) continue
    rows.push(answer)
    cases.push(row)
  }
  const picked = (name: string) =>
    Float64Array.from(rows, (answer) => column(answers, name)[answer] as number)
  return {
    n: rows.length,
    case: Int32Array.from(cases),
    stars: picked('experience').map((experience) => 3 + experience / 50),
    moment: picked('moment'),
    ending: picked('ending'),
  }
}
