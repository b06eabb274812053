// Everything kept about one person, as one JSON document: what they may ask for, in full.
import { type RawBuilder, sql } from 'kysely'
import { type Db, row, rows } from '../store/database.ts'
import { canonicalId, customerSummary, idsOfLife } from './summaries.ts'

/**
 * @param mayRead whether words and properties restricted to a role may be handed out
 * @throws NotFound
 */
export async function personalData(
  db: Db,
  id: number,
  mayRead: (restrictedTo: string | null) => boolean,
): Promise<Record<string, unknown>> {
  const canonical = await canonicalId(db, id)
  const ids = await idsOfLife(db, canonical)
  const theirs = sql`customer_id = any(${ids}::bigint[])`
  const all = (query: RawBuilder<Record<string, unknown>>) => rows(db, query)
  const interactions = await all(sql`
    select i.id, i.customer_id, i.at, i.received_at, i.name, i.channel, t.name as touchpoint, i.purchase_id, i.experience,
      (array['said', 'inferred', 'our impression'])[i.evidence] as evidence, i.words, i.properties, i.source,
      i.member_id, i.restricted_to, i.judgement, i.import_id
    from interactions i
    left join touchpoints t on t.id = i.touchpoint_id
    where i.customer_id = any(${ids}::bigint[])
    order by i.at, i.id`)
  return {
    format: 'troth-personal-data/1',
    exportedAt: new Date().toISOString(),
    customer: await customerSummary(db, canonical),
    rows: await all(sql`
      select id, kind, name, traits, trait_times, time_zone, first_seen_at, last_seen_at, import_id, created_at
      from customers
      where canonical_id = ${canonical}
      order by id`),
    identities: await all(sql`
      select customer_id, kind, source, value, first_seen_at, import_id
      from identities
      where ${theirs}
      order by first_seen_at, kind, value`),
    companies: await all(sql`
      select m.company_id, company.name, m.role, m.since
      from memberships m
      join customers joined on joined.id = m.company_id
      join customers company on company.id = joined.canonical_id
      where m.customer_id = any(${ids}::bigint[])
      order by m.since`),
    people: await all(sql`
      select m.customer_id, person.name, m.role, m.since
      from memberships m
      join customers person on person.id = m.customer_id
      where m.company_id = any(${ids}::bigint[])
      order by m.since`),
    interactions: interactions.map((each) =>
      mayRead((each['restricted_to'] as string | null) ?? null)
        ? each
        : { ...each, words: null, properties: null, withheld: 'Kept to a role that you don’t have.' },
    ),
    purchases: await all(sql`
      select id, customer_id, kind, key, name, state, value_minor, currency, sold_at, delivered_at, renews_at,
        ended_at, renewals, properties
      from purchases
      where ${theirs}
      order by sold_at nulls last, id`),
    expectations: await all(sql`
      select e.*, (
        select coalesce(jsonb_agg(to_jsonb(m) order by m.at), '[]')
        from expectation_moves m
        where m.customer_id = e.customer_id and m.expectation_id = e.id
      ) as moves_made
      from (select ${sql.raw(expectationColumns)} from expectations where ${theirs}) as e
      order by e.opened_at, e.id`),
    standing:
      (await row(
        db,
        sql`select to_jsonb(s) - 'tx' as standing from standings s where customer_id = ${canonical}`,
      )) ?? null,
    score:
      (await row(
        db,
        sql`select score, pieces as experiences from scores where customer_id = ${canonical}`,
      )) ?? null,
    voices: await all(sql`
      select id, at, author, source, words, experience, properties, matched_by, matched_at
      from voices
      where matched_customer_id = any(${ids}::bigint[])
      order by at`),
    segments: await all(sql`
      select s.name, s.refreshed_at
      from segment_members m
      join segments s on s.id = m.segment_id
      where m.customer_id = ${canonical}
      order by s.name`),
    merges: await all(sql`
      select id, survivor_id, absorbed_id, rule, evidence, actor, at, undone_at, undone_by
      from merges
      where survivor_id = any(${ids}::bigint[]) or absorbed_id = any(${ids}::bigint[])
      order by id`),
    conflicts: await all(sql`
      select id, at, evidence, reason, settled_at, settlement
      from identity_conflicts
      where customers && ${ids}::bigint[]
      order by id`),
    imports: await all(sql`
      select distinct imports.id, imports.name, imports.created_at
      from imports
      join (
        select import_id from interactions where ${theirs}
        union select import_id from customers where id = any(${ids}::bigint[])
        union select import_id from purchases where ${theirs}
      ) as told on told.import_id = imports.id
      order by imports.id`),
    changes: await all(sql`
      select at, actor, action, subject, details
      from audit
      where subject = 'customer' and subject_id = any(${ids.map(String)}::text[])
      order by at`),
  }
}

/** A constant: every column of an expectation but the database's own. */
const expectationColumns = `
  id, customer_id, purchase_id, rule_id, rule_version, statement, stated_by, source_kind, source_name, dimension,
  precision, first_due_from, first_due_at, due_from, due_at, due_text, threshold, currency, state, awaited, gap,
  first_gap, actual, moves, moved_by, told_at, told_before, opened_at, decided_at, judged_at, mended_at, mended_by,
  mended_note`
