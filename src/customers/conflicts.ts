// Joins that the rules refused, kept for a person to settle.
import { sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { blockIn } from './blocking.ts'
import { customersChanged } from './changes.ts'
import { mergeIn } from './merging.ts'
import type { Identity } from './schema.ts'
import { type CustomerSummary, canonicalId, customerSummaries, iso } from './summaries.ts'

export interface IdentityConflict {
  id: number
  at: string
  reason: string
  /** Those it is about, as they are now; one when an identity was refused to a single customer. */
  customers: CustomerSummary[]
  /** What connects them, or what was refused. */
  identities: Identity[]
}

export type Settlement =
  | { as: 'one'; survivor: number; absorbed: number; beyondLimits?: boolean | undefined }
  | { as: 'apart' }
  | { as: 'added' }
  | { as: 'blocked'; kind: Identity['kind']; value: string }

interface StoredConflict {
  id: number
  at: string
  reason: string
  canonicals: number[]
  evidence: { identities?: Identity[]; identity?: Identity }
}

/** Those still open, newest first. One whose customers have become one since, is no longer any. */
export async function openConflicts(
  db: Db,
  options: { before?: number | undefined; limit: number },
): Promise<IdentityConflict[]> {
  const found = await rows(
    db,
    sql<StoredConflict>`
      select f.id, ${iso(sql`f.at`)} as at, f.reason, f.evidence, who.canonicals
      from identity_conflicts f
      cross join lateral (
        select array_agg(distinct c.canonical_id) as canonicals
        from customers c
        where c.id = any(f.customers)
      ) as who
      where f.settled_at is null
        and (${options.before ?? null}::bigint is null or f.id < ${options.before ?? null}::bigint)
        and (cardinality(who.canonicals) > 1 or cardinality(f.customers) = 1)
      order by f.id desc
      limit ${options.limit}`,
  )
  const summaries = await customerSummaries(db, [...new Set(found.flatMap(({ canonicals }) => canonicals))])
  const byId = new Map(summaries.map((summary) => [summary.id, summary]))
  return found.map(({ canonicals, evidence, ...conflict }) => ({
    ...conflict,
    customers: canonicals.map((id) => byId.get(id)).filter((summary) => summary !== undefined),
    identities: evidence.identities ?? (evidence.identity ? [evidence.identity] : []),
  }))
}

/** @throws NotFound, Conflict when it was settled already */
export async function settleConflict(
  store: Store,
  id: number,
  settlement: Settlement,
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const conflict = await row(
      tx,
      sql<{ customers: number[]; evidence: StoredConflict['evidence']; settled: boolean }>`
        select customers, evidence, settled_at is not null as settled
        from identity_conflicts
        where id = ${id}::bigint
        for update`,
    )
    if (!conflict) throw new NotFound('conflict', id)
    if (conflict.settled) throw new Conflict('Somebody has settled this already.')
    if (settlement.as === 'one') await mergeIn(store, tx, settlement, actor)
    if (settlement.as === 'blocked')
      await blockIn(
        store,
        tx,
        {
          kind: settlement.kind,
          value: settlement.value,
          reason: 'shared by several people',
          undoMerges: false,
        },
        actor,
      )
    if (settlement.as === 'added') {
      const identity = conflict.evidence.identity
      const [customer] = conflict.customers
      if (!identity || customer === undefined)
        throw new Invalid(
          'Nothing was refused here that could be added: join the customers, or leave them apart.',
        )
      const canonical = await canonicalId(tx, customer)
      await sql`
        insert into identities (kind, source, value, customer_id)
        values (${identity.kind}, ${identity.source}, ${identity.value}, ${customer}::bigint)
        on conflict do nothing`.execute(tx)
      await customersChanged(store, tx, [canonical])
    }
    await sql`
      update identity_conflicts
      set settled_at = now(), settled_by = ${actor.name}, settlement = ${settlement.as}
      where id = ${id}::bigint`.execute(tx)
    await audit(tx, actor, 'settled', 'conflict', id, { ...settlement, customers: conflict.customers })
  })
}
