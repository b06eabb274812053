// The block list: mailboxes, numbers and ids that several people share, or that systems write for "none".
// What is on it never says whose an event is.
import { sql } from 'kysely'
import { NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { customersChanged } from './changes.ts'
import { undoMergeIn } from './merging.ts'
import { normaliseIdentity } from './normalise.ts'
import type { IdentityKind } from './schema.ts'
import { iso } from './summaries.ts'

export interface BlockedIdentity {
  kind: IdentityKind
  value: string
  reason: string
  createdBy: string | null
  createdAt: string
}

/** What blocking would touch, or has touched. */
export interface BlockEffect {
  /** In its normal form. */
  value: string
  /** Customers known by it until now, canonical. */
  customers: number[]
  /** Merges that stand and that it was evidence for. */
  merges: number[]
}

export interface BlockInput {
  kind: IdentityKind
  value: string
  reason: string
  /** Also take back the merges that it was evidence for. */
  undoMerges: boolean
}

export async function listBlocked(db: Db): Promise<BlockedIdentity[]> {
  return rows(
    db,
    sql<BlockedIdentity>`
      select kind, value, reason, created_by as "createdBy", ${iso(sql`created_at`)} as "createdAt"
      from blocked_identities
      order by created_at desc, kind, value`,
  )
}

/** Looks what is known by a value now. */
export async function checkBlock(db: Db, kind: IdentityKind, raw: string): Promise<BlockEffect> {
  const value = await normalForm(db, kind, raw)
  const found = await row(
    db,
    sql<Omit<BlockEffect, 'value'>>`
      select
        coalesce((
          select array_agg(distinct c.canonical_id order by c.canonical_id)
          from identities i
          join customers c on c.id = i.customer_id
          where i.kind = ${kind} and i.value = ${value}
        ), '{}') as customers,
        coalesce((
          select array_agg(m.id order by m.id)
          from merges m
          where m.undone_at is null
            and m.evidence -> 'identities' @> ${JSON.stringify([{ kind, value }])}::jsonb
        ), '{}') as merges`,
  )
  return { value, customers: found?.customers ?? [], merges: found?.merges ?? [] }
}

/** Puts a value on the list and takes it from whoever was known by it. */
export async function blockIdentity(store: Store, input: BlockInput, actor: Actor): Promise<BlockEffect> {
  return transaction(store.db, (tx) => blockIn(store, tx, input, actor))
}

export async function blockIn(store: Store, tx: Tx, input: BlockInput, actor: Actor): Promise<BlockEffect> {
  const effect = await checkBlock(tx, input.kind, input.value)
  await sql`
    insert into blocked_identities (kind, value, reason, created_by)
    values (${input.kind}, ${effect.value}, ${input.reason}, ${actor.name})
    on conflict (kind, value) do update
    set reason = excluded.reason`.execute(tx)
  await sql`
    delete from identities
    where kind = ${input.kind} and value = ${effect.value}`.execute(tx)
  // Later merges first: each is then undone as it was made.
  if (input.undoMerges)
    for (const merge of effect.merges.toReversed()) await undoMergeIn(store, tx, merge, actor)
  await audit(tx, actor, 'blocked', 'identity', `${input.kind}:${effect.value}`, {
    reason: input.reason,
    customers: effect.customers,
    undone: input.undoMerges ? effect.merges : [],
  })
  await customersChanged(store, tx, effect.customers)
  return effect
}

/** Takes a value off the list. Who was known by it before is not known by it again until it comes in anew. */
export async function unblockIdentity(
  store: Store,
  kind: IdentityKind,
  value: string,
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const removed = await row(
      tx,
      sql<object>`
        delete from blocked_identities
        where kind = ${kind} and value = ${value}
        returning 1`,
    )
    if (!removed) throw new NotFound('blocked value', value)
    await audit(tx, actor, 'unblocked', 'identity', `${kind}:${value}`)
  })
}

/** As it would be stored; what has no normal form ("n/a", info@) is taken as written, in small letters. */
async function normalForm(db: Db, kind: IdentityKind, raw: string): Promise<string> {
  const workspace = await row(db, sql<{ country: string }>`select country from workspace`)
  const identity = normaliseIdentity(kind, raw, { country: workspace?.country ?? 'DE' })
  return 'refused' in identity ? raw.normalize('NFKC').trim().toLowerCase() : identity.value
}
