// The rules by which customers stand, whose turn it is, and the standings that differ from what is there.
import { sql } from 'kysely'
import { type Db, row, rows, type Tx } from '../store/database.ts'
import type { Account } from './accounts.ts'
import {
  defaultRules,
  type StandingFact,
  type StandingState,
  type ValidationRules,
  validationRulesSchema,
} from './schema.ts'

export interface StandingRow extends Omit<Account, 'evidence' | 'firstSeenAt' | 'firstEverSaleAt'> {
  state: StandingState
  facts: StandingFact[]
  since: string | null
  changesAt: string | null
}

export async function readRules(db: Db): Promise<ValidationRules> {
  const found = await row(
    db,
    sql<{ rules: unknown }>`select settings -> 'validation' as rules from workspace`,
  )
  const read = validationRulesSchema.safeParse(found?.rules ?? {})
  return read.success ? read.data : defaultRules
}

export async function writeRules(tx: Tx, rules: ValidationRules): Promise<void> {
  await sql`
    update workspace
    set settings = settings || jsonb_build_object('validation', ${JSON.stringify(rules)}::jsonb)`.execute(tx)
}

/** One writer of standings at a time: what is read after this is what the last writer saw, or newer. */
export async function lockStandings(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('validation.standings'))`.execute(tx)
}

/** The canonical customers of the given ids, with the companies whose people they are. */
export async function touchedBy(db: Db, ids: number[]): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`
      with own as (
        select distinct canonical_id as id
        from customers
        where id = any(${ids}::bigint[])
      )
      select id
      from own
      union
      select company.canonical_id
      from own
      join customers person on person.canonical_id = own.id
      join memberships on memberships.customer_id = person.id
      join customers company on company.id = memberships.company_id
      order by id`,
  )
  return found.map(({ id }) => id)
}

/** Writes the standings that differ from what is there, and takes away those of customers joined to another. Gives how many changed. */
export async function writeStandings(tx: Tx, ids: number[], standings: StandingRow[]): Promise<number> {
  await sql`
    with gone as (
      select id
      from customers
      where canonical_id = any(${ids}::bigint[]) and canonical_id <> id
      union all
      select touched.id
      from unnest(${ids}::bigint[]) as touched(id)
      where not exists (select from customers c where c.id = touched.id and c.canonical_id = c.id)
    )
    delete from standings
    where customer_id in (select id from gone)`.execute(tx)
  const written = await rows(
    tx,
    sql<{ one: number }>`
      insert into standings as s (
        customer_id, state, facts, since, changes_at, interactions, sales, value_minor, currency, first_sale_at,
        last_sale_at, last_seen_at, last_cared_at, last_words, last_words_at, experience_before,
        experience_after, open_expectations, broken_unmended, referred
      )
      select
        "customerId", state, facts, since, "changesAt", interactions, sales, "valueMinor", currency, "firstSaleAt",
        "lastSaleAt", "lastSeenAt", "lastCaredAt", "lastWords", "lastWordsAt", "experienceBefore",
        "experienceAfter", "openExpectations", "brokenUnmended", referred
      from jsonb_to_recordset(${JSON.stringify(standings)}::jsonb) as n(
        "customerId" bigint, state text, facts jsonb, since timestamptz, "changesAt" timestamptz,
        interactions integer, sales integer, "valueMinor" bigint, currency text, "firstSaleAt" timestamptz,
        "lastSaleAt" timestamptz, "lastSeenAt" timestamptz, "lastCaredAt" timestamptz, "lastWords" text,
        "lastWordsAt" timestamptz, "experienceBefore" double precision, "experienceAfter" double precision,
        "openExpectations" integer, "brokenUnmended" integer, referred integer
      )
      order by "customerId"
      on conflict (customer_id) do update
      set state = excluded.state, facts = excluded.facts, since = excluded.since,
        changes_at = excluded.changes_at, interactions = excluded.interactions, sales = excluded.sales,
        value_minor = excluded.value_minor, currency = excluded.currency,
        first_sale_at = excluded.first_sale_at, last_sale_at = excluded.last_sale_at,
        last_seen_at = excluded.last_seen_at, last_cared_at = excluded.last_cared_at,
        last_words = excluded.last_words, last_words_at = excluded.last_words_at,
        experience_before = excluded.experience_before, experience_after = excluded.experience_after,
        open_expectations = excluded.open_expectations, broken_unmended = excluded.broken_unmended,
        referred = excluded.referred, judged_at = now(), tx = pg_current_xact_id()
      where (
          s.state, s.facts, s.since, s.changes_at, s.interactions, s.sales, s.value_minor, s.currency,
          s.first_sale_at, s.last_sale_at, s.last_seen_at, s.last_cared_at, s.last_words, s.last_words_at,
          s.experience_before, s.experience_after, s.open_expectations, s.broken_unmended, s.referred
        ) is distinct from (
          excluded.state, excluded.facts, excluded.since, excluded.changes_at, excluded.interactions,
          excluded.sales, excluded.value_minor, excluded.currency, excluded.first_sale_at,
          excluded.last_sale_at, excluded.last_seen_at, excluded.last_cared_at, excluded.last_words,
          excluded.last_words_at, excluded.experience_before, excluded.experience_after,
          excluded.open_expectations, excluded.broken_unmended, excluded.referred
        )
      returning 1 as one`,
  )
  return written.length
}

/** Customers whose state changes by time alone before `now`, the longest overdue first. */
export async function readDue(db: Db, now: Date, limit: number): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`
      select customer_id as id
      from standings
      where changes_at <= ${now}
      order by changes_at
      limit ${limit}`,
  )
  return found.map(({ id }) => id)
}

/** The next canonical customers after `after`, by id. */
export async function readNext(db: Db, after: number, limit: number): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`
      select id
      from customers
      where id > ${after} and canonical_id = id
      order by id
      limit ${limit}`,
  )
  return found.map(({ id }) => id)
}
