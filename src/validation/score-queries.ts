// What scores are made of, and where they are kept.
import { type RawBuilder, sql } from 'kysely'
import { type Db, row, rows, type Tx } from '../store/database.ts'
import type { Judgement } from './judgement-schema.ts'
import type { Pieces, ScoreModel } from './score.ts'
import type { Score } from './score-schema.ts'

/** The experiences of one life, in order of time, those before the first sale first. */
export interface LifePieces extends Pieces {
  customerId: number
  /** How many of them were before the sale: the first ledger. The others are the second. */
  before: number
}

/**
 * The experiences of these customers until `now`; a company's are its own and its people's.
 * @param ids canonical ids; who has none is left out
 */
export async function readPieces(db: Db, ids: number[], now: Date): Promise<LifePieces[]> {
  const found = await rows(
    db,
    sql<{ customerId: number; at: number[]; value: number[]; before: number }>`
      with life as (${lives(ids)})
      , felt as (
        select life.customer, i.at, i.experience, i.at >= bought.at is true as after
        from life
        join interactions i on i.customer_id = life.row_id
        left join (${firstSales}) as bought on bought.customer = life.customer
        where i.experience is not null and i.at <= ${now}
      )
      select
        customer as "customerId",
        array_agg(${milliseconds(sql`at`)} order by at, experience) as at,
        array_agg(experience order by at, experience) as value,
        count(*) filter (where not after) as before
      from felt
      group by customer
      order by customer`,
  )
  return found.map(({ customerId, at, value, before }) => ({
    customerId,
    at: Float64Array.from(at),
    value: Float64Array.from(value, (each) => each / 100),
    before,
  }))
}

/** One experience with what is needed to say it in words. */
export interface ToldPiece {
  interactionId: number
  at: number
  value: number
  evidence: 'said' | 'inferred' | 'impression'
  after: boolean
  /** The event's name in small letters. */
  name: string
  /** The touchpoint's name, or the event's. */
  moment: string
  /** What was promised, where it is a judgement about a promise. */
  statement: string | null
  gap: number | null
  dimension: 'days' | 'money' | 'points' | null
  currency: string | null
  awaited: boolean
  /** What kept or broke the promise is the delivery of what was bought. */
  isDelivery: boolean
}

/** The same experiences one by one, in the same order. @param id canonical */
export async function readToldPieces(db: Db, id: number, now: Date): Promise<ToldPiece[]> {
  return rows(
    db,
    sql<ToldPiece>`
      with life as (${lives([id])})
      select
        i.id as "interactionId", ${milliseconds(sql`i.at`)} as at, i.experience / 100.0::double precision as value,
        (array['said', 'inferred', 'impression'])[coalesce(i.evidence, 2)] as evidence,
        i.at >= bought.at is true as after,
        lower(i.name) as name, coalesce(t.name, i.name) as moment, e.statement, e.gap, e.dimension, e.currency,
        coalesce(e.awaited, false) as awaited, coalesce(e.came_at = p.delivered_at, false) as "isDelivery"
      from life
      join interactions i on i.customer_id = life.row_id
      left join (${firstSales}) as bought on bought.customer = life.customer
      left join touchpoints t on t.id = i.touchpoint_id
      left join expectations e on i.judgement and e.customer_id = i.customer_id
        and e.id::text = i.properties ->> 'expectation'
      left join purchases p on p.customer_id = e.customer_id and p.id = e.purchase_id
      where i.experience is not null and i.at <= ${now}
      order by i.at, i.experience, i.id`,
  )
}

/** Each of the customers with every row that is part of their life. */
const lives = (ids: number[]) => sql`
  select touched.id as customer, own.id as row_id
  from customers touched
  join customers own on own.canonical_id = touched.id
  where touched.id = any(${ids}::bigint[]) and touched.canonical_id = touched.id
  union
  select touched.id, person.id
  from customers touched
  join customers company on company.canonical_id = touched.id
  join memberships on memberships.company_id = company.id
  join customers member on member.id = memberships.customer_id
  join customers person on person.canonical_id = member.canonical_id
  where touched.id = any(${ids}::bigint[]) and touched.canonical_id = touched.id`

// What parts before from after, a sale that was cancelled later too: as in the projection's text below.
const firstSales = sql`
  select customer, min(at) as at
  from (
    select life.customer, coalesce(p.sold_at, p.delivered_at) as at
    from life
    join purchases p on p.customer_id = life.row_id
    where p.state <> 'proposed' or p.sold_at is not null
    union all
    select life.customer, i.at
    from life
    join interactions i on i.customer_id = life.row_id
    join touchpoints t on t.id = i.touchpoint_id
    left join purchases p on p.customer_id = i.customer_id and p.id = i.purchase_id
    where t.purpose = 'sale' and not i.judgement and (p.id is null or (p.sold_at is null and p.state <> 'cancelled'))
  ) as sold
  group by customer`

// From microseconds, so that it is the very number that the projection gives.
const milliseconds = (at: RawBuilder<unknown>) =>
  sql`(extract(epoch from ${at}) * 1000000)::bigint / 1000.0::double precision`

export interface ScoreRow {
  customerId: number
  score: number
  pieces: number
}

/** Writes the scores that differ, and takes away those of the customers among `ids` who have none (any more). */
export async function writeScores(tx: Tx, ids: number[], scores: ScoreRow[]): Promise<void> {
  const customers = scores.map((each) => each.customerId)
  await sql`
    delete from scores
    where customer_id = any(${ids}::bigint[]) and customer_id <> all(${customers}::bigint[])`.execute(tx)
  await sql`
    insert into scores as s (customer_id, score, pieces)
    select *
    from unnest(${customers}::bigint[], ${scores.map((each) => each.score)}::smallint[], ${scores.map((each) => each.pieces)}::integer[])
    on conflict (customer_id) do update
    set score = excluded.score, pieces = excluded.pieces
    where (s.score, s.pieces) is distinct from (excluded.score, excluded.pieces)`.execute(tx)
}

/** The weights that scores are made with, and what they have been shown to be. */
export interface ModelInUse {
  model: ScoreModel
  claim: Score['claim']
  /** Null while nothing was ever fitted. */
  judgement: Judgement | null
  madeAt: string | null
}

/** The latest fit; undefined while there has been none. */
export async function readModel(db: Db): Promise<ModelInUse | undefined> {
  return row(
    db,
    sql<ModelInUse>`
      select model, judgement ->> 'claim' as claim, judgement,
        to_char(made_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "madeAt"
      from score_models
      order by id desc
      limit 1`,
  )
}
