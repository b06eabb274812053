// The facts behind standings, gathered for many customers in one statement. A company's life is its own rows
// and those of its people.
import { sql } from 'kysely'
import { type Db, rows } from '../store/database.ts'
import type { Evidence } from './stand.ts'

/** Everything about one customer that a standing is made of. Times as RFC 3339 with microseconds, except in `evidence`. */
export interface Account {
  customerId: number
  interactions: number
  sales: number
  valueMinor: number
  currency: string | null
  firstSeenAt: string | null
  firstSaleAt: string | null
  /** Of any sale, a cancelled one too: what parts before from after. */
  firstEverSaleAt: string | null
  lastSaleAt: string | null
  lastSeenAt: string | null
  lastCaredAt: string | null
  lastWords: string | null
  lastWordsAt: string | null
  experienceBefore: number | null
  experienceAfter: number | null
  openExpectations: number
  brokenUnmended: number
  referred: number
  evidence: Evidence[]
}

/** @param ids canonical ids; those that are not there, or not canonical any more, have no account. */
export async function readAccounts(db: Db, ids: number[], renewalGraceDays: number): Promise<Account[]> {
  return rows(
    db,
    sql<Account>`
      with touched as (
        select id
        from customers
        where id = any(${ids}::bigint[]) and canonical_id = id
      ),
      life as (
        select touched.id as customer, own.id as row_id
        from touched
        join customers own on own.canonical_id = touched.id
        union
        select touched.id, person.id
        from touched
        join customers company on company.canonical_id = touched.id
        join memberships on memberships.company_id = company.id
        join customers member on member.id = memberships.customer_id
        join customers person on person.canonical_id = member.canonical_id
      ),
      happened as materialized (
        select
          life.customer, i.at, lower(i.name) as name, i.experience, i.evidence, i.purchase_id,
          case when i.restricted_to is null then i.words end as words,
          case when i.evidence = 1 or lower(i.name) in ('order refunded', 'referral made')
            then i.properties end as properties,
          coalesce(t.name, i.name) as moment, t.purpose, t.by, i.source = 'member' as ours
        from life
        join interactions i on i.customer_id = life.row_id
        left join touchpoints t on t.id = i.touchpoint_id
        where not i.judgement
      ),
      bought as (
        select
          life.customer, p.kind || ' ' || p.key as key, p.name, p.kind, p.state, p.value_minor, p.currency,
          coalesce(p.sold_at, p.delivered_at) as at, p.ended_at, p.renews_at, p.renewals, p.id
        from life
        join purchases p on p.customer_id = life.row_id
        where p.state <> 'proposed' and coalesce(p.sold_at, p.delivered_at) is not null
        union all
        select
          customer, null, null, 'order', 'sold', null, null, at, null, null, 0, null
        from happened
        where purchase_id is null and (purpose = 'sale' or (purpose is null and name = 'order completed'))
      ),
      told as (
        select
          life.customer, e.statement, e.state, e.gap, e.dimension, e.currency,
          coalesce(e.decided_at, e.due_at, e.opened_at) as at, e.mended_at,
          coalesce(e.rule_id::text, '') || ' ' || e.opening as key
        from life
        join expectations e on e.customer_id = life.row_id
      ),
      cared as (
        select distinct on (customer) customer, at, moment
        from happened
        where ${caring}
        order by customer, at desc, moment
      ),
      fact as (
        select
          customer, 'sale' as kind, at, name as what, value_minor::double precision as value,
          currency as unit, null as words, key
        from bought
        union all
        select customer, 'cancellation', greatest(ended_at, at), name, null, null, null, key
        from bought
        where state = 'cancelled'
        union all
        select
          customer, 'renewal_missed', renews_at + ${renewalGraceDays}::integer * interval '1 day', name, null, null,
          null, key
        from bought
        where renews_at is not null and state in ('sold', 'delivered', 'renewed')
        union all
        select
          customer,
          case state when 'broken' then 'broken' when 'exceeded' then 'exceeded' else 'kept' end,
          at, statement, gap, case dimension when 'money' then currency else dimension end, null, key
        from told
        where state in ('kept', 'exceeded', 'broken')
        union all
        select customer, 'mended', greatest(mended_at, at), statement, null, null, null, key
        from told
        where state = 'broken' and mended_at is not null
        union all
        select
          customer, case evidence when 1 then 'rating' else 'impression' end, at, moment, experience, null,
          left(words, 500), null
        from happened
        where experience is not null and evidence in (1, 3)
        union all
        select
          happened.customer, 'refund', happened.at, bought.name,
          case when jsonb_typeof(properties -> 'total') = 'number'
            then (properties ->> 'total')::double precision end,
          bought.currency, bought.value_minor::text, bought.key
        from happened
        left join bought on bought.customer = happened.customer and bought.id = happened.purchase_id
        where happened.name = 'order refunded'
        union all
        select
          customer,
          case
            when name in ('complaint received') then 'complaint'
            when name = 'return requested' then 'return'
            when name in ('contract renewed', 'subscription renewed') then 'renewal'
            when name = 'renewal missed' then 'renewal_missed'
            else 'cancellation'
          end,
          at, null, null, null, left(words, 500), null
        from happened
        where name in (
            'complaint received', 'return requested', 'contract renewed', 'subscription renewed', 'renewal missed'
          )
          or (
            purchase_id is null
            and name in ('order cancelled', 'contract cancelled', 'project cancelled', 'subscription cancelled')
          )
        union all
        select
          customer, 'referral', at,
          case when jsonb_typeof(properties -> 'referred_name') = 'string'
            then left(properties ->> 'referred_name', 200) end,
          null, null, null, null
        from happened
        where purpose = 'refer' or name = 'referral made'
        union all
        select customer, 'help', at, moment, null, null, left(words, 500), null
        from happened
        where (purpose = 'help' and by = 'customer' and name <> 'complaint received')
          or (purpose is null and name = 'support contacted')
        union all
        select customer, 'care', at, moment, null, null, null, null
        from cared
      ),
      facts as (
        select
          customer,
          jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'kind', kind, 'at', floor(extract(epoch from at) * 1000), 'what', what, 'value', value,
            'unit', unit, 'words', words, 'key', key
          ))) as evidence
        from fact
        group by customer
      ),
      sold as (
        select
          customer, count(*) filter (where state <> 'cancelled') as sales,
          min(at) filter (where state <> 'cancelled') as first_sale_at,
          max(at) filter (where state <> 'cancelled') as last_sale_at,
          min(at) as first_ever_at,
          coalesce(
            max(currency) filter (where currency = (select currency from workspace)),
            mode() within group (order by currency)
          ) as currency
        from bought
        group by customer
      ),
      worth as (
        select bought.customer, sum(bought.value_minor) as value_minor
        from bought
        join sold on sold.customer = bought.customer and sold.currency = bought.currency
        where bought.state <> 'cancelled'
        group by bought.customer
      ),
      seen as (
        select
          happened.customer, count(*) as interactions, min(at) as first_seen_at, max(at) as last_seen_at,
          max(at) filter (where ${caring}) as last_cared_at,
          count(*) filter (where purpose = 'refer' or name = 'referral made') as referred,
          avg(experience) filter (
            where evidence = 1 and (sold.first_ever_at is null or at < sold.first_ever_at)
          ) / 100 as experience_before,
          avg(experience) filter (where evidence = 1 and at >= sold.first_ever_at) / 100 as experience_after
        from happened
        left join sold on sold.customer = happened.customer
        group by happened.customer
      ),
      spoken as (
        select distinct on (customer) customer, left(words, 500) as words, at
        from happened
        -- what one of us wrote down is not what the customer said
        where words is not null and evidence is distinct from 3 and not ours
        order by customer, at desc, words
      ),
      promised as (
        select
          customer, count(*) filter (where state = 'open') as open,
          count(*) filter (where state = 'broken' and mended_at is null) as broken
        from told
        group by customer
      )
      select
        touched.id as "customerId",
        coalesce(seen.interactions, 0) as interactions,
        coalesce(sold.sales, 0) as sales,
        coalesce(worth.value_minor, 0)::bigint as "valueMinor",
        sold.currency,
        ${utc('seen.first_seen_at')} as "firstSeenAt",
        ${utc('sold.first_sale_at')} as "firstSaleAt",
        ${utc('sold.first_ever_at')} as "firstEverSaleAt",
        ${utc('sold.last_sale_at')} as "lastSaleAt",
        ${utc('seen.last_seen_at')} as "lastSeenAt",
        ${utc('seen.last_cared_at')} as "lastCaredAt",
        spoken.words as "lastWords",
        ${utc('spoken.at')} as "lastWordsAt",
        seen.experience_before::double precision as "experienceBefore",
        seen.experience_after::double precision as "experienceAfter",
        coalesce(promised.open, 0) as "openExpectations",
        coalesce(promised.broken, 0) as "brokenUnmended",
        coalesce(seen.referred, 0) as referred,
        coalesce(facts.evidence, '[]') as evidence
      from touched
      left join seen on seen.customer = touched.id
      left join sold on sold.customer = touched.id
      left join worth on worth.customer = touched.id
      left join spoken on spoken.customer = touched.id
      left join promised on promised.customer = touched.id
      left join facts on facts.customer = touched.id`,
  )
}

/** An instant with all its microseconds, as JavaScript and Postgres read it. */
function utc(column: string) {
  return sql`to_char(${sql.ref(column)}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

// What ends a silence: care, help and questions from us; and conversations that we logged by hand.
const caring = sql`
  ((by = 'us' and purpose in ('care', 'help', 'ask'))
    or (purpose is null and name in ('care call made', 'thank you sent', 'call logged', 'visit logged', 'mail logged')))`
