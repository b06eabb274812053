// Erasing one person, provably, from everything Troth keeps.
//
//   delete (one transaction, with tombstones) → job: others' rows that mention them → imported files →
//   tables, statistics and log written anew → projection built as a new file → forget what was looked for
//
// From the first step on nothing shows them and nothing brings them back; the job makes the bytes go. What it
// must still look for is kept in erasures.work, not in a job's payload, and is the last thing to be forgotten.
import { type RawBuilder, sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { type ErasureReport, type ErasureWork, erasureQueue, finishErasure } from './erasing.ts'
import { tombstoneHash } from './identity-key.ts'
import { marksOf } from './marks.ts'
import type { Identity } from './schema.ts'
import { canonicalId, customerSummary, idsOfLife, iso } from './summaries.ts'

export interface Erasure {
  id: number
  at: string
  actor: string
  /** Rows deleted, by table. */
  counts: Record<string, number>
  report: Partial<ErasureReport>
  /** Null while the job is still at it. */
  finishedAt: string | null
}

/**
 * Erases a customer with everything that was ever joined to them. `confirm` is the customer's label, typed.
 * Gives the erasure's id; the rest happens in a job. @throws NotFound, Invalid, Conflict while an import runs
 */
export async function eraseCustomer(
  store: Store,
  id: number,
  confirm: string,
  actor: Actor,
): Promise<number> {
  return transaction(store.db, async (tx) => {
    const customer = await customerSummary(tx, id)
    if (confirm.trim().toLowerCase() !== customer.label.trim().toLowerCase())
      throw new Invalid(`Type “${customer.label}” to say that you mean this customer.`, [
        { field: 'confirm', reason: 'is not the customer’s name' },
      ])
    const running = await row(
      tx,
      sql<{ name: string }>`select name from imports where state in ('waiting', 'running', 'undoing')`,
    )
    if (running)
      throw new Conflict(
        `The import “${running.name}” is under way and might bring them back. Wait for it, or cancel it.`,
      )
    const canonical = await canonicalId(tx, id)
    await sql`select id from customers where canonical_id = ${canonical} for update`.execute(tx)
    const ids = await idsOfLife(tx, canonical)
    const work = await gather(tx, ids)
    await putUpTombstones(tx, work.identities)
    const counts = await deleteLife(tx, ids)
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into erasures (actor, counts, work)
        values (${actor.name}, ${JSON.stringify(counts)}::jsonb,
          ${JSON.stringify({ marks: work.marks, imports: work.imports } satisfies ErasureWork)}::jsonb)
        returning id`,
    )
    const erasure = made?.id ?? 0
    await sql`update audit set details = '{}' where subject = 'customer' and subject_id = any(${ids.map(String)}::text[])`.execute(
      tx,
    )
    await audit(tx, actor, 'erased', 'erasure', erasure, { rows: counts })
    await sql`
      insert into projection_dirty (customer_id)
      select unnest(${ids}::bigint[])`.execute(tx)
    await store.jobs.enqueue(tx, erasureQueue, { erasureId: erasure })
    return erasure
  })
}

interface Gathered extends ErasureWork {
  identities: Identity[]
}

/** What they are known by, before it is gone: for tombstones, and to find what others say of them. */
async function gather(tx: Tx, ids: number[]): Promise<Gathered> {
  const identities = await rows(
    tx,
    sql<Identity>`select kind, source, value from identities where customer_id = any(${ids}::bigint[])`,
  )
  const keys = await rows(
    tx,
    sql<{ key: string }>`select distinct key from purchases where customer_id = any(${ids}::bigint[])`,
  )
  const names = await rows(
    tx,
    sql<{ name: string }>`
      select distinct name
      from customers
      where id = any(${ids}::bigint[]) and kind = 'person' and name is not null`,
  )
  const imports = await rows(
    tx,
    sql<{ folder: string }>`
      select distinct imports.folder
      from (
        select import_id from customers where id = any(${ids}::bigint[])
        union select import_id from identities where customer_id = any(${ids}::bigint[])
        union select import_id from purchases where customer_id = any(${ids}::bigint[])
        union select import_id from interactions where customer_id = any(${ids}::bigint[])
        union select import_id from expectations where customer_id = any(${ids}::bigint[])
        union select import_id from import_replaced where customer_id = any(${ids}::bigint[])
      ) as touched
      join imports on imports.id = touched.import_id`,
  )
  return {
    identities: [
      ...identities,
      ...keys.map(({ key }): Identity => ({ kind: 'order', source: '', value: key })),
    ],
    marks: marksOf(
      identities,
      keys.map(({ key }) => key),
      names.map(({ name }) => name),
    ),
    imports: imports.map(({ folder }) => folder),
  }
}

async function putUpTombstones(tx: Tx, identities: Identity[]): Promise<void> {
  await sql`
    insert into tombstones (hash)
    select decode(hash, 'hex')
    from unnest(${identities.map((identity) => tombstoneHash(identity).toString('hex'))}::text[]) as t(hash)
    on conflict do nothing`.execute(tx)
}

/** Tables whose rows are one customer's, by `customer_id`. */
const byCustomer = [
  'topic_labels',
  'interactions',
  'receipts',
  'expectation_moves',
  'expectations',
  'standings',
  'scores',
  'purchases',
  'segment_members',
  'identities',
  'takings',
  'import_replaced',
]
/** Every table that holds rows of a customer. */
export const tablesOfCustomers = [
  ...byCustomer,
  'memberships',
  'merges',
  'identity_conflicts',
  'voices',
  'customers',
]

/** Deletes every row of the life, in all tables that are by customer. Gives how many, by table. */
async function deleteLife(tx: Tx, ids: number[]): Promise<Record<string, number>> {
  const deletions: [table: string, condition: RawBuilder<unknown>][] = [
    ...byCustomer.map((table): [string, RawBuilder<unknown>] => [
      table,
      sql`customer_id = any(${ids}::bigint[])`,
    ]),
    ['memberships', sql`customer_id = any(${ids}::bigint[]) or company_id = any(${ids}::bigint[])`],
    ['merges', sql`survivor_id = any(${ids}::bigint[]) or absorbed_id = any(${ids}::bigint[])`],
    ['identity_conflicts', sql`customers && ${ids}::bigint[]`],
    ['voices', sql`matched_customer_id = any(${ids}::bigint[])`],
    ['customers', sql`id = any(${ids}::bigint[])`],
  ]
  const counts: Record<string, number> = {}
  for (const [table, condition] of deletions) {
    const result = await sql`delete from ${sql.table(table)} where ${condition}`.execute(tx)
    counts[table] = Number(result.numAffectedRows ?? 0)
  }
  return counts
}

export async function listErasures(db: Db): Promise<Erasure[]> {
  return rows(db, erasureRows(sql`true`))
}

/** @throws NotFound */
export async function readErasure(db: Db, id: number): Promise<Erasure> {
  const found = await row(db, erasureRows(sql`id = ${id}::bigint`))
  if (!found) throw new NotFound('erasure', id)
  return found
}

function erasureRows(condition: RawBuilder<unknown>): RawBuilder<Erasure> {
  return sql<Erasure>`
    select id, ${iso(sql`at`)} as at, actor, counts, report, ${iso(sql`finished_at`)} as "finishedAt"
    from erasures
    where ${condition}
    order by id desc
    limit 200`
}

/** Only the process that owns the projection finishes erasures: the projection's file is built anew. */
export function registerErasures(store: Store): void {
  if (!store.projection) return
  store.jobs.handle<{ erasureId: number }>(
    erasureQueue,
    async (payloads) => {
      for (const { erasureId } of payloads) await finishErasure(store, erasureId)
    },
    { expireIn: 14_400, retries: 10 },
  )
}
