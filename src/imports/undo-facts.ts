// The steps of an undo on what an import said happened: interactions, purchases, promises and voices.
import { sql } from 'kysely'
import type { Tx } from '../store/database.ts'
import { batchSize, removed, takeReplaced } from './undo-steps.ts'

export async function putBackInteractions(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'interaction')
  if (taken.length === 0) return undefined
  const before = sql`unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)`
  await sql`
    update interactions i
    set at = (b.value ->> 'at')::timestamptz, name = b.value ->> 'name', channel = b.value ->> 'channel',
      touchpoint_id = (select id from touchpoints where id = (b.value ->> 'touchpoint_id')::integer),
      experience = (b.value ->> 'experience')::smallint, evidence = (b.value ->> 'evidence')::smallint,
      words = b.value ->> 'words', properties = b.value -> 'properties',
      restricted_to = b.value ->> 'restricted_to', tx = pg_current_xact_id()
    from ${before}
    where i.customer_id = (b.value ->> 'customer_id')::bigint and i.id = (b.value ->> 'id')::bigint`.execute(
    tx,
  )
  await sql`
    update receipts r
    set content = (b.value ->> 'content')::bigint
    from ${before}
    where r.key = (b.value ->> 'key')::uuid`.execute(tx)
  return taken.map((each) => each.customerId)
}

export async function removeInteractions(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      delete from interactions
      where (customer_id, id) in (
        select customer_id, id from interactions where import_id = ${id} limit ${batchSize}
      )
      returning customer_id as id`,
  )
}

export async function forgetReceipts(tx: Tx, id: number): Promise<number[] | undefined> {
  const gone = await removed(
    tx,
    sql`
      delete from receipts
      where key in (select key from receipts where import_id = ${id} limit ${batchSize * 5})
      returning customer_id as id`,
  )
  return gone && []
}

export async function putBackPurchases(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'purchase')
  if (taken.length === 0) return undefined
  await sql`
    update purchases p
    set name = b.value ->> 'name', state = b.value ->> 'state',
      value_minor = (b.value ->> 'value_minor')::bigint, currency = b.value ->> 'currency',
      sold_at = (b.value ->> 'sold_at')::timestamptz, delivered_at = (b.value ->> 'delivered_at')::timestamptz,
      renews_at = (b.value ->> 'renews_at')::timestamptz, ended_at = (b.value ->> 'ended_at')::timestamptz,
      renewals = (b.value ->> 'renewals')::integer, properties = b.value -> 'properties',
      tx = pg_current_xact_id()
    from unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)
    where p.customer_id = (b.value ->> 'customer_id')::bigint and p.id = (b.value ->> 'id')::bigint`.execute(
    tx,
  )
  return taken.map((each) => each.customerId)
}

/**
 * What was promised as it was said before; whether it held is judged anew from that. What a person has since
 * said of its outcome stays.
 */
export async function putBackExpectations(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'expectation')
  if (taken.length === 0) return undefined
  await sql`
    update expectations e
    set statement = b.value ->> 'statement', stated_by = b.value ->> 'stated_by',
      source_kind = b.value ->> 'source_kind', source_name = b.value ->> 'source_name',
      purchase_id = (b.value ->> 'purchase_id')::bigint, precision = b.value ->> 'precision',
      first_due_from = (b.value ->> 'first_due_from')::timestamptz,
      first_due_at = (b.value ->> 'first_due_at')::timestamptz, due_text = b.value ->> 'due_text',
      threshold = (b.value ->> 'threshold')::double precision, opened_at = (b.value ->> 'opened_at')::timestamptz,
      watch = nullif(b.value -> 'watch', 'null'),
      settled = case
        when e.settled is null or e.settled ->> 'by' like 'import:%' then nullif(b.value -> 'settled', 'null')
        else e.settled
      end,
      tx = pg_current_xact_id()
    from unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)
    where e.customer_id = (b.value ->> 'customer_id')::bigint and e.id = (b.value ->> 'id')::bigint`.execute(
    tx,
  )
  return taken.map((each) => each.customerId)
}

/** Those the file brought; what rules opened is judged anew from what is left. */
export async function removeExpectations(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      with gone as (
        delete from expectations
        where (customer_id, id) in (
          select customer_id, id from expectations where import_id = ${id} limit ${batchSize}
        )
        returning customer_id, id
      ),
      moves as (
        delete from expectation_moves m
        using gone
        where m.customer_id = gone.customer_id and m.expectation_id = gone.id
      )
      select customer_id as id
      from gone`,
  )
}

/** A purchase that other interactions have since come to stays, as theirs. */
export async function removePurchases(tx: Tx, id: number): Promise<number[] | undefined> {
  return removed(
    tx,
    sql`
      with these as (
        select p.customer_id, p.id,
          exists (
            select from interactions i
            where i.customer_id in (
                select c.id from customers c
                where c.canonical_id = (select canonical_id from customers where id = p.customer_id)
              )
              and i.purchase_id = p.id and not i.judgement
          ) as used
        from purchases p
        where p.import_id = ${id}
        limit ${batchSize}
      ),
      gone as (
        delete from purchases p
        using these t
        where p.customer_id = t.customer_id and p.id = t.id and not t.used
      ),
      kept as (
        update purchases p
        set import_id = null, tx = pg_current_xact_id()
        from these t
        where p.customer_id = t.customer_id and p.id = t.id and t.used
      )
      select customer_id as id
      from these`,
  )
}

/** What was said as it read before; a voice that somebody has matched since stays as it was matched. */
export async function putBackVoices(tx: Tx, id: number): Promise<number[] | undefined> {
  const taken = await takeReplaced(tx, id, 'voice')
  if (taken.length === 0) return undefined
  await sql`
    update voices v
    set at = (b.value ->> 'at')::timestamptz, author = b.value ->> 'author', source = b.value ->> 'source',
      words = b.value ->> 'words', properties = b.value -> 'properties',
      experience = (b.value ->> 'experience')::smallint,
      touchpoint_id = (select id from touchpoints where id = (b.value ->> 'touchpoint_id')::integer)
    from unnest(${taken.map((each) => JSON.stringify(each.before))}::jsonb[]) as b(value)
    where v.id = (b.value ->> 'id')::bigint and v.matched_customer_id is null`.execute(tx)
  return []
}

/** Voices that were matched to a customer stay with that customer. */
export async function removeVoices(tx: Tx, id: number): Promise<number[] | undefined> {
  await sql`
    update voices
    set import_id = null
    where import_id = ${id} and matched_customer_id is not null`.execute(tx)
  const gone = await removed(
    tx,
    sql`
      delete from voices
      where id in (select id from voices where import_id = ${id} limit ${batchSize})
      returning id`,
  )
  return gone && []
}
