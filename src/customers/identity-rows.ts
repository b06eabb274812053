// Writes what identifying came to: customers that are new, identities, and joins that were refused.
import { sql } from 'kysely'
import { numbers, texts, times } from '../store/arrays.ts'
import { rows, type Tx } from '../store/database.ts'
import { type Group, root } from './identity-group.ts'
import { identityKey } from './identity-key.ts'
import type { Identity } from './schema.ts'
import type { IdentifyOptions } from './subject.ts'

export async function writeCustomers(
  tx: Tx,
  groups: Group[],
  options: IdentifyOptions,
): Promise<Set<number>> {
  const made = groups.filter((group) => group.created)
  if (made.length === 0) return new Set()
  const ids = await rows(
    tx,
    sql<{ id: number }>`
      select nextval('customers_id_seq') as id
      from generate_series(1, ${made.length}::integer)`,
  )
  made.forEach((group, position) => {
    group.id = ids[position]?.id ?? 0
  })
  // One that was joined within the batch is made too: the merge's history then has both sides.
  await sql`
    insert into customers (id, canonical_id, kind, first_seen_at, last_seen_at, import_id)
    select id, id, kind, first_seen_at, last_seen_at, ${options.importId ?? null}::bigint
    from unnest(
      ${numbers(made.map((group) => group.id))}::bigint[],
      ${texts(made.map((group) => group.created?.kind ?? 'person'))}::text[],
      ${times(made.map((group) => group.created?.at ?? new Date()))}::timestamptz[],
      ${times(made.map((group) => group.created?.lastAt ?? new Date()))}::timestamptz[]
    ) as t(id, kind, first_seen_at, last_seen_at)`.execute(tx)
  return new Set(made.map((group) => group.id))
}

/** Gives the keys of those that another transaction wrote first. */
export async function writeIdentities(
  tx: Tx,
  fresh: Map<string, Group>,
  options: IdentifyOptions,
): Promise<string[]> {
  if (fresh.size === 0) return []
  // In one order over all transactions, so that two of them never wait for each other in a circle.
  const sorted = [...fresh].sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = sorted.map(([key]) => key.split('\u0001'))
  const written = await rows(
    tx,
    sql<Identity>`
      insert into identities (kind, source, value, customer_id, import_id)
      select kind, source, value, customer_id, ${options.importId ?? null}::bigint
      from unnest(
        ${texts(parts.map((part) => part[0]))}::text[],
        ${texts(parts.map((part) => part[1]))}::text[],
        ${texts(parts.map((part) => part[2]))}::text[],
        ${numbers(sorted.map(([, group]) => group.id))}::bigint[]
      ) as t(kind, source, value, customer_id)
      on conflict (kind, source, value) do nothing
      returning kind, source, value`,
  )
  if (written.length === sorted.length) return []
  const own = new Set(written.map(identityKey))
  return sorted.map(([key]) => key).filter((key) => !own.has(key))
}

/** Customers that were written and turn out to be known already. */
export async function takeBack(tx: Tx, ids: number[]): Promise<void> {
  await sql`delete from customers where id = any(${ids}::bigint[])`.execute(tx)
}

export async function writeConflicts(
  tx: Tx,
  conflicts: { groups: Group[]; evidence: object; reason: string }[],
): Promise<void> {
  for (const { groups, evidence, reason } of conflicts) {
    const customers = [...new Set(groups.map((group) => root(group).id))].sort((a, b) => a - b)
    await sql`
      insert into identity_conflicts (customers, evidence, reason)
      select ${customers}::bigint[], ${JSON.stringify(evidence)}::jsonb, ${reason}
      -- somebody has looked at it before and left them apart
      where not exists (
        select from identity_conflicts
        where customers = ${customers}::bigint[] and reason = ${reason} and settlement = 'apart')
      on conflict (customers, reason) where settled_at is null do nothing`.execute(tx)
  }
}
