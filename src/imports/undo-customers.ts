// The steps of an undo on who customers are: companies, traits, identities, and those only the import brought.
import { sql } from 'kysely'
import { rows, type Tx } from '../store/database.ts'
import { batchSize, removed, takeReplaced } from './undo-steps.ts'

export async function removeMemberships(tx: Tx, id: number): Promise<number[] | undefined> {
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
export async function putBackTraits(tx: Tx, id: number): Promise<number[] | undefined> {
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
export async function removeIdentities(tx: Tx, id: number): Promise<number[] | undefined> {
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
export async function removeCustomers(tx: Tx, id: number): Promise<number[] | undefined> {
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
