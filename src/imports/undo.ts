// Takes back a whole import: what it replaced is put back, what it created goes, customers that only it
// brought go too. In small transactions, each of which removes what it has dealt with: whenever it is killed,
// the next run goes on with what is left.
//
// What others have since added to a customer or purchase that the import made stays, and keeps them there.
import { type RawBuilder, sql } from 'kysely'
import { customersChanged, undoMergeIn } from '../customers/customers.ts'
import { Conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { clearFolder, importFolder, withLock } from './run.ts'

const batchSize = 1_000

const actor: Actor = { kind: 'local', id: 'import', name: 'undoing an import', role: 'owner', scopes: [] }

/** One step over one batch: gives the customers it touched, or undefined when nothing is left to do. */
type Step = (tx: Tx, id: number) => Promise<number[] | undefined>

const steps: Step[] = [
  putBackInteractions,
  removeInteractions,
  forgetReceipts,
  putBackPurchases,
  putBackExpectations,
  removeExpectations,
  removePurchases,
  putBackVoices,
  removeVoices,
  removeMemberships,
  putBackTraits,
  removeIdentities,
  removeCustomers,
]

/** Goes on with an undo until everything is taken back. */
export async function undoImport(store: Store, id: number): Promise<void> {
  await withLock(store, id, async () => {
    const found = await row(
      store.db,
      sql<{ state: string; folder: string }>`select state, folder from imports where id = ${id}`,
    )
    if (found?.state !== 'undoing') return
    await partCustomers(store, id)
    let done = 0
    for (const step of steps)
      for (;;) {
        const customers = await transaction(store.db, async (tx) => {
          const touched = await step(tx, id)
          if (touched) await customersChanged(store, tx, await stillThere(tx, touched))
          return touched
        })
        store.projection?.wake()
        if (!customers) break
        done += batchSize
        await sql`
          update imports
          set progress = progress || jsonb_build_object('done', ${done}::integer)
          where id = ${id}`.execute(store.db)
      }
    await transaction(store.db, async (tx) => {
      await sql`delete from import_rejects where import_id = ${id}`.execute(tx)
      // Of judgements about customers that are gone: there is no index by customer, so once for all.
      await sql`
        delete from receipts r
        where not exists (select from customers c where c.id = r.customer_id)`.execute(tx)
      await sql`delete from import_replaced where import_id = ${id}`.execute(tx)
      await sql`
        update workspace
        set data_source = null
        where data_source = 'own' and not exists (select from customers)`.execute(tx)
      await sql`
        update imports
        set state = 'undone', finished_at = now(), progress = progress - 'stages' - 'at'
        where id = ${id}`.execute(tx)
    })
    await clearFolder(importFolder(store, found.folder))
  })
}

/** Customers that only the import's rows made one are two again. */
async function partCustomers(store: Store, id: number): Promise<void> {
  const merges = await rows(
    store.db,
    sql<{ id: number }>`
      select id
      from merges
      where evidence ? 'importId' and evidence ->> 'importId' = ${String(id)} and undone_at is null
      order by id desc`,
  )
  for (const merge of merges)
    await transaction(store.db, (tx) => undoMergeIn(store, tx, merge.id, actor)).catch((error: unknown) => {
      if (!(error instanceof Conflict)) throw error
    })
}

async function putBackInteractions(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'interaction')
  if (taken.length === 0) return undefined
  const before = sql`unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)`
  await sql`
    update interactions i
    set at = (b.value ->> 'at')::timestamptz, name = b.value ->> 'name', channel = b.value ->> 'channel',
      touchpoint_id = (select id from touchpoints where id = (b.value ->> 'touchpoint_id')::integer),
      experience = (b.value ->> 'experience')::smallint, evidence = (b.value ->> 'evidence')::smallint,
      words = b.value ->> 'words', properties = b.value -> 'properties',
      restricted_to = b.value ->> 'restricted_to', tx = pg_current_xact_id()
    from ${before}
    where i.customer_id = (b.value ->> 'customer_id')::bigint and i.id = (b.value ->> 'id')::bigint`.execute(
    tx,
  )
  await sql`
    update receipts r
    set content = (b.value ->> 'content')::bigint
    from ${before}
    where r.key = (b.value ->> 'key')::uuid`.execute(tx)
  return taken.map((each) => each.customerId)
}

async function removeInteractions(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      delete from interactions
      where (customer_id, id) in (
        select customer_id, id from interactions where import_id = ${id} limit ${batchSize}
      )
      returning customer_id as id`,
  )
}

async function forgetReceipts(tx: Tx, id: number): Promise<number[] | undefined> {
  const gone = await removed(
    tx,
    sql`
      delete from receipts
      where key in (select key from receipts where import_id = ${id} limit ${batchSize * 5})
      returning customer_id as id`,
  )
  return gone && []
}

async function putBackPurchases(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'purchase')
  if (taken.length === 0) return undefined
  await sql`
    update purchases p
    set name = b.value ->> 'name', state = b.value ->> 'state',
      value_minor = (b.value ->> 'value_minor')::bigint, currency = b.value ->> 'currency',
      sold_at = (b.value ->> 'sold_at')::timestamptz, delivered_at = (b.value ->> 'delivered_at')::timestamptz,
      renews_at = (b.value ->> 'renews_at')::timestamptz, ended_at = (b.value ->> 'ended_at')::timestamptz,
      renewals = (b.value ->> 'renewals')::integer, properties = b.value -> 'properties',
      tx = pg_current_xact_id()
    from unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)
    where p.customer_id = (b.value ->> 'customer_id')::bigint and p.id = (b.value ->> 'id')::bigint`.execute(
    tx,
  )
  return taken.map((each) => each.customerId)
}

/**
 * What was promised as it was said before; whether it held is judged anew from that. What a person has since
 * said of its outcome stays.
 */
async function putBackExpectations(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'expectation')
  if (taken.length === 0) return undefined
  await sql`
    update expectations e
    set statement = b.value ->> 'statement', stated_by = b.value ->> 'stated_by',
      source_kind = b.value ->> 'source_kind', source_name = b.value ->> 'source_name',
      purchase_id = (b.value ->> 'purchase_id')::bigint, precision = b.value ->> 'precision',
      first_due_from = (b.value ->> 'first_due_from')::timestamptz,
      first_due_at = (b.value ->> 'first_due_at')::timestamptz, due_text = b.value ->> 'due_text',
      threshold = (b.value ->> 'threshold')::double precision, opened_at = (b.value ->> 'opened_at')::timestamptz,
      watch = nullif(b.value -> 'watch', 'null'),
      settled = case
        when e.settled is null or e.settled ->> 'by' like 'import:%' then nullif(b.value -> 'settled', 'null')
        else e.settled
      end,
      tx = pg_current_xact_id()
    from unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)
    where e.customer_id = (b.value ->> 'customer_id')::bigint and e.id = (b.value ->> 'id')::bigint`.execute(
    tx,
  )
  return taken.map((each) => each.customerId)
}

/** Those the file brought; what rules opened is judged anew from what is left. */
async function removeExpectations(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      with gone as (
        delete from expectations
        where (customer_id, id) in (
          select customer_id, id from expectations where import_id = ${id} limit ${batchSize}
        )
        returning customer_id, id
      ),
      moves as (
        delete from expectation_moves m
        using gone
        where m.customer_id = gone.customer_id and m.expectation_id = gone.id
      )
      select customer_id as id
      from gone`,
  )
}

/** A purchase that other interactions have since come to stays, as theirs. */
async function removePurchases(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      with these as (
        select p.customer_id, p.id,
          exists (
            select from interactions i
            where i.customer_id in (
                select c.id from customers c
                where c.canonical_id = (select canonical_id from customers where id = p.customer_id)
              )
              and i.purchase_id = p.id and not i.judgement
          ) as used
        from purchases p
        where p.import_id = ${id}
        limit ${batchSize}
      ),
      gone as (
        delete from purchases p
        using these t
        where p.customer_id = t.customer_id and p.id = t.id and not t.used
      ),
      kept as (
        update purchases p
        set import_id = null, tx = pg_current_xact_id()
        from these t
        where p.customer_id = t.customer_id and p.id = t.id and t.used
      )
      select customer_id as id
      from these`,
  )
}

/** What was said as it read before; a voice that somebody has matched since stays as it was matched. */
async function putBackVoices(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'voice')
  if (taken.length === 0) return undefined
  await sql`
    update voices v
    set at = (b.value ->> 'at')::timestamptz, author = b.value ->> 'author', source = b.value ->> 'source',
      words = b.value ->> 'words', properties = b.value -> 'properties',
      experience = (b.value ->> 'experience')::smallint,
      touchpoint_id = (select id from touchpoints where id = (b.value ->> 'touchpoint_id')::integer)
    from unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)
    where v.id = (b.value ->> 'id')::bigint and v.matched_customer_id is null`.execute(tx)
  return []
}

/** Voices that were matched to a customer stay with that customer. */
async function removeVoices(tx: Tx, id: number): Promise<number[] | undefined> {
  await sql`
    update voices
    set import_id = null
    where import_id = ${id} and matched_customer_id is not null`.execute(tx)
  const gone = await removed(
    tx,
    sql`
      delete from voices
      where id in (select id from voices where import_id = ${id} limit ${batchSize})
      returning id`,
  )
  return gone && []
}

async function removeMemberships(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      delete from memberships
      where (customer_id, company_id) in (
        select customer_id, company_id from memberships where import_id = ${id} limit ${batchSize}
      )
      returning customer_id as id`,
  )
}

/** Only what the import said itself is taken back: a trait told again since then stays. */
async function putBackTraits(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'customer')
  if (taken.length === 0) return undefined
  const now = await rows(
    tx,
    sql<{ id: number; traits: Record<string, unknown>; times: Record<string, number>; name: string | null }>`
      select id, traits, trait_times as times, name
      from customers
      where id = any(${taken.map((each) => each.subjectId)}::bigint[])
      order by id
      for update`,
  )
  const byId = new Map(taken.map((each) => [each.subjectId, each.before as unknown as TraitsBefore]))
  const changed = now.flatMap((customer) => {
    const before = byId.get(customer.id)
    if (!before) return []
    let names = 0
    for (const [name, at] of Object.entries(before.written)) {
      if (customer.times[name] !== at) continue
      if (/name/i.test(name)) names += 1
      if (name in before.traits) {
        customer.traits[name] = before.traits[name]
        customer.times[name] = before.trait_times[name] ?? 0
      } else {
        delete customer.traits[name]
        delete customer.times[name]
      }
    }
    return [{ ...customer, name: names > 0 ? before.name : customer.name }]
  })
  await sql`
    update customers c
    set traits = n.traits, trait_times = n.times, name = n.name, tx = pg_current_xact_id()
    from unnest(
      ${changed.map((customer) => customer.id)}::bigint[],
      ${changed.map((customer) => JSON.stringify(customer.traits))}::jsonb[],
      ${changed.map((customer) => JSON.stringify(customer.times))}::jsonb[],
      ${changed.map((customer) => customer.name)}::text[]
    ) as n(id, traits, times, name)
    where c.id = n.id`.execute(tx)
  return changed.map((customer) => customer.id)
}

interface TraitsBefore {
  traits: Record<string, unknown>
  trait_times: Record<string, number>
  name: string | null
  written: Record<string, number>
}

/** Identities that the import added to customers known before; kept where later events may have come by them. */
async function removeIdentities(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      with these as (
        select i.kind, i.source, i.value, i.customer_id,
          exists (
            select from interactions e
            where e.customer_id = i.customer_id and not e.judgement and e.received_at > i.first_seen_at
          ) as used
        from identities i
        join customers c on c.id = i.customer_id
        where i.import_id = ${id} and c.import_id is distinct from ${id}
        limit ${batchSize}
      ),
      kept as (
        update identities i
        set import_id = null
        from these t
        where (i.kind, i.source, i.value) = (t.kind, t.source, t.value) and t.used
      ),
      gone as (
        delete from identities i
        using these t
        where (i.kind, i.source, i.value) = (t.kind, t.source, t.value) and not t.used
      )
      select customer_id as id
      from these`,
  )
}

/** Customers that nothing else has come to go, with everything that was worked out about them. */
async function removeCustomers(tx: Tx, id: number): Promise<number[] | undefined> {
  const these = await rows(
    tx,
    sql<{ id: number; used: boolean }>`
      select c.id,
        exists (select from interactions i where i.customer_id = c.id and not i.judgement)
          or exists (select from purchases p where p.customer_id = c.id)
          or exists (select from memberships m where m.company_id = c.id or m.customer_id = c.id)
          or exists (select from expectations e where e.customer_id = c.id and e.rule_id is null)
          or exists (select from voices v where v.matched_customer_id = c.id)
          or exists (select from customers other where other.canonical_id = c.id and other.id <> c.id)
          or c.canonical_id <> c.id as used
      from customers c
      where c.import_id = ${id}
      order by c.id
      limit ${batchSize}
      for update`,
  )
  if (these.length === 0) return undefined
  const kept = these.filter((each) => each.used).map((each) => each.id)
  const gone = these.filter((each) => !each.used).map((each) => each.id)
  await sql`
    update customers
    set import_id = null, tx = pg_current_xact_id()
    where id = any(${kept}::bigint[])`.execute(tx)
  await sql`update identities set import_id = null where customer_id = any(${kept}::bigint[])`.execute(tx)
  for (const table of [
    'expectation_moves',
    'expectations',
    'interactions',
    'standings',
    'scores',
    'segment_members',
    'identities',
  ])
    await sql`delete from ${sql.table(table)} where customer_id = any(${gone}::bigint[])`.execute(tx)
  await sql`delete from merges where absorbed_id = any(${gone}::bigint[]) or survivor_id = any(${gone}::bigint[])`.execute(
    tx,
  )
  await sql`delete from customers where id = any(${gone}::bigint[])`.execute(tx)
  await sql`
    insert into projection_dirty (customer_id)
    select unnest(${gone}::bigint[])`.execute(tx)
  return kept
}

interface Replaced {
  subjectId: number
  customerId: number
  before: Record<string, unknown>
}

async function takeReplaced(tx: Tx, id: number, subject: string): Promise<Replaced[]> {
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

async function removed(tx: Tx, query: RawBuilder<unknown>): Promise<number[] | undefined> {
  const gone = await rows(tx, query as RawBuilder<{ id: number }>)
  return gone.length === 0 ? undefined : [...new Set(gone.map(({ id }) => id))]
}

/** Canonical ids of those that are still there. */
async function stillThere(tx: Tx, ids: number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const found = await rows(
    tx,
    sql<{ id: number }>`
      select distinct canonical_id as id
      from customers
      where id = any(${ids}::bigint[])`,
  )
  return found.map(({ id }) => id)
}
