// What process-mining tools are given: every step of the journeys asked about, read from Postgres in one
// snapshot, some customers at a time and of these some thousand steps at a time, so that no size of company
// and no length of life takes more memory. Restricted notes are left out, and counted.
import type { PoolClient } from 'pg'
import { latestInstant, type Scope } from '../question.ts'
import type { Journeys } from './cases.ts'

export interface LogStep {
  case_id: number
  customer_id: number
  company: boolean
  id: number
  at: Date
  touchpoint_id: number
  name: string
  channel: string
  experience: number | null
  evidence: number | null
  purchase_id: number | null
  purchase: string | null
}

export interface LogPlace {
  id: number
  name: string
  stage: string
  side: 'before' | 'after'
}

const customersAtATime = 2_000
const rowsAtATime = 5_000

/** Steps in the order of their journeys. */
export async function* logSteps(client: PoolClient, journeys: Journeys): AsyncGenerator<LogStep[]> {
  for await (const lives of livesOf(client, journeys.scope))
    yield* pieces<LogStep>(client, stepsText(journeys), [lives, ...span(journeys.scope)])
}

/** Ids of customers, some at a time, in order. */
export async function* livesOf(client: PoolClient, scope: Scope): AsyncGenerator<number[]> {
  for (let last = -1; ; ) {
    const found = await client.query<{ id: number }>(
      `select id
       from customers
       where canonical_id = id
         and id > $1
         ${scope.segment === null ? 'and $3::bigint is null' : 'and id in (select customer_id from projection.segment_members where segment_id = $3)'}
       order by id
       limit $2`,
      [last, customersAtATime, scope.segment],
    )
    const ids = found.rows.map((row) => row.id)
    if (ids.length === 0) return
    last = ids.at(-1) ?? last
    yield ids
  }
}

/** The rows of a query, some at a time. */
export async function* pieces<Row>(
  client: PoolClient,
  text: string,
  values: unknown[],
): AsyncGenerator<Row[]> {
  await client.query(`declare piece no scroll cursor for ${text}`, values)
  for (;;) {
    const { rows } = await client.query(`fetch ${rowsAtATime} from piece`)
    if (rows.length > 0) yield rows as Row[]
    if (rows.length < rowsAtATime) break
  }
  await client.query('close piece')
}

/** $2 and $3 of the texts below. */
export function span({ from, to }: Scope): [number, number] {
  return [Math.max(from, -62_135_596_800_000_000) / 1_000_000, Math.min(to, latestInstant) / 1_000_000]
}

const told = `i.touchpoint_id in (select id from touchpoints)
         and not i.judgement
         and i.at >= to_timestamp($2)
         and i.at < to_timestamp($3)`

function stepsText({ of }: Journeys): string {
  const purchase = of === 'purchase'
  return `
       select ${purchase ? 'i.purchase_id' : 'c.canonical_id'} as case_id, c.canonical_id as customer_id,
         k.kind = 'company' as company, i.id, i.at, i.touchpoint_id, i.name, i.channel, i.experience, i.evidence,
         i.purchase_id, p.key as purchase
       from customers c
       join customers k on k.id = c.canonical_id
       join interactions i on i.customer_id = c.id
       left join purchases p on p.customer_id = i.customer_id and p.id = i.purchase_id
       where c.canonical_id = any($1::bigint[])
         and ${told}
         and i.restricted_to is null
         ${purchase ? 'and i.purchase_id is not null' : ''}
       order by c.canonical_id, ${purchase ? 'i.purchase_id, ' : ''}i.at, i.id`
}

export interface LogPurchase {
  id: number
  customer_id: number
  kind: string
  key: string
  state: string
  value_minor: number | null
  currency: string | null
  sold_at: Date | null
}

/** Purchases of these customers that a step in this time belongs to. */
export function purchasesOf(
  client: PoolClient,
  scope: Scope,
  lives: number[],
): AsyncGenerator<LogPurchase[]> {
  return pieces<LogPurchase>(
    client,
    `
       select p.id, c.canonical_id as customer_id, p.kind, p.key, p.state, p.value_minor, p.currency, p.sold_at
       from customers c
       join purchases p on p.customer_id = c.id
       where c.canonical_id = any($1::bigint[])
         and exists (
           select
           from interactions i
           where i.customer_id = p.customer_id
             and i.purchase_id = p.id
             and i.restricted_to is null
             and ${told}
         )
       order by c.canonical_id, p.id`,
    [lives, ...span(scope)],
  )
}

export interface LogCustomer {
  id: number
  kind: string
}

/** Those of these customers who took a step in this time. */
export function customersOf(
  client: PoolClient,
  scope: Scope,
  lives: number[],
): AsyncGenerator<LogCustomer[]> {
  return pieces<LogCustomer>(
    client,
    `
       select k.id, k.kind
       from customers k
       where k.id = any($1::bigint[])
         and exists (
           select
           from customers c
           join interactions i on i.customer_id = c.id
           where c.canonical_id = k.id
             and i.restricted_to is null
             and ${told}
         )
       order by k.id`,
    [lives, ...span(scope)],
  )
}

/** Touchpoints in the order of the map. Two of one name are told apart by their stage. */
export async function logPlaces(client: PoolClient): Promise<Map<number, LogPlace>> {
  const found = await client.query<LogPlace>(
    `select t.id, t.name, s.name as stage, s.side
     from touchpoints t
     join stages s on s.id = t.stage_id
     order by case s.side when 'before' then 1 else 2 end, s.position, s.id, t.position, t.id`,
  )
  const times = new Map<string, number>()
  for (const { name } of found.rows) times.set(name, (times.get(name) ?? 0) + 1)
  return new Map(
    found.rows.map((place) => [
      place.id,
      (times.get(place.name) ?? 0) > 1
        ? { ...place, name: `${place.name} (${place.stage}, ${place.id})` }
        : place,
    ]),
  )
}

/** Restricted notes that the log leaves out. */
export async function leftOut(client: PoolClient, { scope, of }: Journeys): Promise<number> {
  const found = await client.query<{ n: number }>(
    `select count(*) as n
     from interactions i
     join customers c on c.id = i.customer_id
     where i.restricted_to is not null
       and i.touchpoint_id is not null
       and not i.judgement
       and i.at >= to_timestamp($1)
       and i.at < to_timestamp($2)
       ${of === 'purchase' ? 'and i.purchase_id is not null' : ''}
       ${scope.segment === null ? 'and $3::bigint is null' : 'and c.canonical_id in (select customer_id from projection.segment_members where segment_id = $3)'}`,
    [...span(scope), scope.segment],
  )
  return found.rows[0]?.n ?? 0
}
