// What was bought, each purchase with a life of its own. Most come with events; here they are read, made and
// mended by hand.
import { z } from '@hono/zod-openapi'
import { type RawBuilder, sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { customersChanged } from './changes.ts'
import { purchaseKinds, purchaseStates } from './schema.ts'
import { canonicalId, iso } from './summaries.ts'

const instant = z.iso.datetime({ offset: true })

export const purchaseSchema = z
  .object({
    id: z.number().int(),
    customerId: z.number().int().describe('Of the customer as it is now joined'),
    kind: z.enum(purchaseKinds),
    key: z.string(),
    name: z.string().nullable(),
    state: z.enum(purchaseStates),
    valueMinor: z.number().int().nullable(),
    currency: z.string().nullable(),
    soldAt: z.iso.datetime().nullable(),
    deliveredAt: z.iso.datetime().nullable(),
    renewsAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    renewals: z.number().int(),
    interactions: z.number().int().describe('That belong to it'),
    expectations: z.number().int(),
    openExpectations: z.number().int(),
    brokenExpectations: z.number().int(),
  })
  .openapi('Purchase')
export type Purchase = z.infer<typeof purchaseSchema>

export const purchaseInputSchema = z
  .object({
    kind: z.enum(purchaseKinds),
    key: z.string().trim().min(1).max(200).describe('The id it goes by: order id, project number'),
    name: z.string().trim().max(200).nullable().default(null),
    state: z.enum(purchaseStates),
    valueMinor: z.number().int().nullable().default(null),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters (EUR)')
      .nullable()
      .default(null),
    soldAt: instant.nullable().default(null),
    deliveredAt: instant.nullable().default(null),
    renewsAt: instant.nullable().default(null),
    endedAt: instant.nullable().default(null),
  })
  .openapi('PurchaseInput')
export type PurchaseInput = z.infer<typeof purchaseInputSchema>

/** A customer's purchases, newest first. */
export async function purchasesOf(db: Db, canonical: number): Promise<Purchase[]> {
  return rows(
    db,
    purchaseRows(
      sql`c.canonical_id = ${canonical}::bigint`,
      sql`coalesce(p.sold_at, p.renews_at) desc nulls last, p.id desc`,
    ),
  )
}

/** Contracts and subscriptions whose date comes within so many days, or went by and nothing came, nearest first. */
export async function renewalsNear(
  db: Db,
  options: { days: number; limit: number },
  now = new Date(),
): Promise<Purchase[]> {
  const until = new Date(now.getTime() + options.days * 86_400_000)
  return rows(
    db,
    sql<Purchase>`
      select *
      from (${purchaseRows(
        sql`
          p.renews_at <= ${until}
          and p.state in ('sold', 'delivered', 'renewed')
          and p.renews_at >= ${new Date(now.getTime() - 90 * 86_400_000)}`,
        sql`p.renews_at, p.id`,
      )}) as near
      limit ${options.limit}`,
  )
}

/** @throws NotFound */
export async function readPurchase(db: Db, canonical: number, id: number): Promise<Purchase> {
  const found = await row(
    db,
    purchaseRows(sql`c.canonical_id = ${canonical}::bigint and p.id = ${id}::bigint`, sql`p.id`),
  )
  if (!found) throw new NotFound('purchase', id)
  return found
}

function purchaseRows(condition: RawBuilder<unknown>, order: RawBuilder<unknown>): RawBuilder<Purchase> {
  return sql<Purchase>`
    select p.id, c.canonical_id as "customerId", p.kind, p.key, p.name, p.state, p.value_minor as "valueMinor",
      p.currency, ${iso(sql`p.sold_at`)} as "soldAt", ${iso(sql`p.delivered_at`)} as "deliveredAt",
      ${iso(sql`p.renews_at`)} as "renewsAt", ${iso(sql`p.ended_at`)} as "endedAt", p.renewals,
      happened.interactions, told.*
    from purchases p
    join customers c on c.id = p.customer_id
    cross join lateral (
      select count(*) as interactions
      from customers m
      join interactions i on i.customer_id = m.id
      where m.canonical_id = c.canonical_id and i.purchase_id = p.id
    ) as happened
    cross join lateral (
      select
        count(*) as expectations,
        count(*) filter (where e.state = 'open') as "openExpectations",
        count(*) filter (where e.state = 'broken') as "brokenExpectations"
      from customers m
      join expectations e on e.customer_id = m.id
      where m.canonical_id = c.canonical_id and e.purchase_id = p.id
    ) as told
    where ${condition}
    order by ${order}`
}

/** Writes down a purchase that no event told of. Gives its id. @throws NotFound, Conflict, Invalid */
export async function createPurchase(
  store: Store,
  customerId: number,
  input: PurchaseInput,
  actor: Actor,
): Promise<number> {
  return transaction(store.db, async (tx) => {
    const canonical = await canonicalId(tx, customerId)
    assertSensible(input)
    await assertKeyFree(tx, input, null)
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into purchases (customer_id, kind, key, name, state, value_minor, currency, sold_at, delivered_at,
          renews_at, ended_at)
        select ${canonical}::bigint, ${input.kind}, ${input.key}, ${input.name}, ${input.state}, ${input.valueMinor}::bigint,
          coalesce(${input.currency}, currency), ${input.soldAt}::timestamptz, ${input.deliveredAt}::timestamptz,
          ${input.renewsAt}::timestamptz, ${input.endedAt}::timestamptz
        from workspace
        returning id`,
    )
    const id = made?.id ?? 0
    await audit(tx, actor, 'made', 'purchase', id, { customer: canonical, kind: input.kind, key: input.key })
    await customersChanged(store, tx, [canonical])
    return id
  })
}

/** @throws NotFound, Conflict when another purchase goes by that key, Invalid */
export async function changePurchase(
  store: Store,
  customerId: number,
  id: number,
  input: PurchaseInput,
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const canonical = await canonicalId(tx, customerId)
    assertSensible(input)
    const before = await row(
      tx,
      sql<Record<string, unknown>>`
        select p.kind, p.key, p.name, p.state, p.value_minor, p.currency, p.sold_at, p.delivered_at, p.renews_at,
          p.ended_at
        from purchases p
        join customers c on c.id = p.customer_id
        where c.canonical_id = ${canonical}::bigint and p.id = ${id}::bigint
        for update of p`,
    )
    if (!before) throw new NotFound('purchase', id)
    await assertKeyFree(tx, input, id)
    await sql`
      update purchases
      set kind = ${input.kind}, key = ${input.key}, name = ${input.name}, state = ${input.state},
        value_minor = ${input.valueMinor}::bigint, currency = coalesce(${input.currency}, currency),
        sold_at = ${input.soldAt}::timestamptz, delivered_at = ${input.deliveredAt}::timestamptz,
        renews_at = ${input.renewsAt}::timestamptz, ended_at = ${input.endedAt}::timestamptz,
        tx = pg_current_xact_id()
      where id = ${id}::bigint and customer_id in (select id from customers where canonical_id = ${canonical}::bigint)`.execute(
      tx,
    )
    await audit(tx, actor, 'changed', 'purchase', id, { customer: canonical, before, after: input })
    await customersChanged(store, tx, [canonical])
  })
}

function assertSensible(input: PurchaseInput): void {
  const sold = input.soldAt ? new Date(input.soldAt).getTime() : undefined
  for (const [field, said] of [
    ['deliveredAt', 'delivered'],
    ['endedAt', 'ended'],
    ['renewsAt', 'renewed'],
  ] as const) {
    const at = input[field]
    if (at && sold !== undefined && new Date(at).getTime() < sold)
      throw new Invalid(`It can’t be ${said} before it was sold. Look at the dates.`, [
        { field, reason: 'before soldAt' },
      ])
  }
  if (input.state !== 'proposed' && input.state !== 'cancelled' && !input.soldAt)
    throw new Invalid('Say when it was sold.', [{ field: 'soldAt', reason: 'is missing' }])
}

async function assertKeyFree(tx: Tx, input: PurchaseInput, id: number | null): Promise<void> {
  const other = await row(
    tx,
    sql<{ id: number }>`
      select id
      from purchases
      where kind = ${input.kind} and key = ${input.key} and id is distinct from ${id}::bigint`,
  )
  if (other)
    throw new Conflict(`There is ${input.kind === 'order' ? 'an' : 'a'} ${input.kind} ${input.key} already.`)
}
