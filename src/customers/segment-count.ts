// How many customers a rule picks while it is being written: counted outright while the customers are few
// enough for that to be instant, otherwise from a random sample of them, with its interval.
import { sql } from 'kysely'
import { wilson } from '../stats/proportions.ts'
import { type Db, row } from '../store/database.ts'
import type { SegmentRule } from './segment-rule.ts'
import { segmentSql } from './segment-sql.ts'

export interface RuleCount {
  customers: number
  /** False: worked out from a sample, and lies between `low` and `high` 95 times in 100. */
  exact: boolean
  low: number
  high: number
  /** Customers looked at. */
  of: number
}

/** Above this many customers a rule being edited is counted on a sample of `sampleSize`. */
const exactUpTo = 100_000
const sampleSize = 5_000

export async function countRule(db: Db, rule: SegmentRule, now = new Date()): Promise<RuleCount> {
  const size = await row(
    db,
    sql<{
      estimate: number
    }>`select greatest(reltuples, 0)::bigint as estimate from pg_class where oid = 'customers'::regclass`,
  )
  const estimate = size?.estimate ?? 0
  return estimate <= exactUpTo ? countAll(db, rule, now) : countSample(db, rule, now, estimate)
}

async function countAll(db: Db, rule: SegmentRule, now: Date): Promise<RuleCount> {
  const counted = await row(
    db,
    sql<{ customers: number; of: number }>`
      select
        (select count(*)
        from customers c
        left join standings s on s.customer_id = c.id
        where (c.canonical_id = c.id) is true and ${segmentSql(rule, now)}) as customers,
        (select count(*) from customers where canonical_id = id) as of`,
  )
  const { customers = 0, of = 0 } = counted ?? {}
  return { customers, exact: true, low: customers, high: customers, of }
}

async function countSample(db: Db, rule: SegmentRule, now: Date, estimate: number): Promise<RuleCount> {
  const percent = Math.min(100, (100 * sampleSize) / estimate)
  const counted = await row(
    db,
    sql<{ hits: number; of: number }>`
      with sample as materialized (
        select *
        from customers tablesample bernoulli (${percent}::real)
        where canonical_id = id
      )
      select count(*) filter (where ${segmentSql(rule, now)}) as hits, count(*) as of
      from sample c
      left join standings s on s.customer_id = c.id`,
  )
  const { hits = 0, of = 0 } = counted ?? {}
  const times = 100 / percent
  const share = wilson(hits, of)
  const everybody = of * times
  return {
    customers: Math.round(hits * times),
    exact: false,
    low: Math.round(share.low * everybody),
    high: Math.round(share.high * everybody),
    of,
  }
}
