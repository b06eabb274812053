// What the steps of an undo are made of: a batch taken from what was replaced, or removed.
import { type RawBuilder, sql } from 'kysely'
import { rows, type Tx } from '../store/database.ts'

export const batchSize = 1_000

/** One step over one batch: gives the customers it touched, or undefined when nothing is left to do. */
export type Step = (tx: Tx, id: number) => Promise<number[] | undefined>

interface Replaced {
  subjectId: number
  customerId: number
  before: Record<string, unknown>
}

export async function takeReplaced(tx: Tx, id: number, subject: string): Promise<Replaced[]> {
  return rows(
    tx,
    sql<Replaced>`
      delete from import_replaced
      where (import_id, subject, subject_id) in (
        select import_id, subject, subject_id
        from import_replaced
        where import_id = ${id} and subject = ${subject}
        limit ${batchSize}
      )
      returning subject_id as "subjectId", customer_id as "customerId", before`,
  )
}

export async function removed(tx: Tx, query: RawBuilder<unknown>): Promise<number[] | undefined> {
  const gone = await rows(tx, query as RawBuilder<{ id: number }>)
  return gone.length === 0 ? undefined : [...new Set(gone.map(({ id }) => id))]
}
