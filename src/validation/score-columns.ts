// A million customers' scores from columns, ready to be copied into the database. Runs in a thread.
import { leastPieces, ledgerOf, logOddsOf, type ScoreModel, scoreAt } from './score.ts'

/** Experiences since the sale in order of customer and time. */
export interface Everybody {
  customer: Float64Array
  at: Float64Array
  value: Float64Array
  /** Ids in order of those who are left out. */
  companies: Float64Array
  model: ScoreModel
  /** ms since 1970 */
  now: number
}

const header = 19
const rowBytes = 28

/** customer_id bigint, score smallint, pieces integer: rows of PostgreSQL's binary COPY, with its header and trailer. */
export function scoresToCopy({ customer, at, value, companies, model, now }: Everybody): Uint8Array {
  const left = new Set(companies)
  const pieces = { at, value }
  const view = new DataView(new ArrayBuffer(header + rowBytes * countLives(customer) + 2))
  const magic = 'PGCOPY\n\u00ff\r\n\0'
  for (let i = 0; i < magic.length; i++) view.setUint8(i, magic.charCodeAt(i))
  let to = header
  for (let from = 0; from < customer.length; ) {
    const id = customer[from] as number
    let end = from
    while (customer[end] === id) end++
    const ledger = ledgerOf(pieces, from, end, now, model)
    from = end
    if (ledger.n < leastPieces || left.has(id)) continue
    view.setInt16(to, 3)
    view.setInt32(to + 2, 8)
    view.setBigInt64(to + 6, BigInt(id))
    view.setInt32(to + 14, 2)
    view.setInt16(to + 18, Math.round(scoreAt(logOddsOf(ledger, value, model))))
    view.setInt32(to + 20, 4)
    view.setInt32(to + 24, ledger.n)
    to += rowBytes
  }
  view.setInt16(to, -1)
  return new Uint8Array(view.buffer, 0, to + 2)
}

function countLives(customer: Float64Array): number {
  let lives = 0
  for (let i = 0; i < customer.length; i++) if (customer[i] !== customer[i - 1]) lives++
  return lives
}
