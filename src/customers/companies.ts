// Companies: customers made of people. What happens to any of them shows on the company.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { customersChanged } from './changes.ts'
import { canonicalId, customerSummaries, customerSummary, customerSummarySchema, iso } from './summaries.ts'

export const companyPersonSchema = z
  .object({ customer: customerSummarySchema, role: z.string().nullable(), since: z.iso.datetime() })
  .openapi('CompanyPerson')
export type CompanyPerson = z.infer<typeof companyPersonSchema>

export const companyRollUpSchema = z
  .object({
    people: z.number().int(),
    states: z.array(z.object({ state: z.string(), people: z.number().int() })),
    purchases: z.number().int().describe('Of the company and of its people'),
    valueMinor: z.number().int(),
    currency: z.string().nullable(),
    openExpectations: z.number().int(),
    brokenUnmended: z.number().int(),
    lastCaredAt: z.iso.datetime().nullable(),
    last: z
      .array(
        z.object({
          id: z.number().int(),
          at: z.iso.datetime(),
          name: z.string(),
          customerId: z.number().int(),
          customer: z.string(),
          words: z.string().nullable(),
          experience: z.number().int().nullable(),
        }),
      )
      .describe('What happened last, to any of them'),
  })
  .openapi('CompanyRollUp')
export type CompanyRollUp = z.infer<typeof companyRollUpSchema>

/** Canonical ids of a company's people, as they are joined now. */
export async function peopleIds(db: Db, company: number): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`
      select distinct person.canonical_id as id
      from customers company
      join memberships m on m.company_id = company.id
      join customers person on person.id = m.customer_id
      where company.canonical_id = ${company}::bigint and person.canonical_id <> ${company}::bigint
      order by 1`,
  )
  return found.map(({ id }) => id)
}

export async function peopleOf(db: Db, company: number): Promise<CompanyPerson[]> {
  const found = await rows(
    db,
    sql<{ id: number; role: string | null; since: string }>`
      select person.canonical_id as id, max(m.role) as role, ${iso(sql`min(m.since)`)} as since
      from customers company
      join memberships m on m.company_id = company.id
      join customers person on person.id = m.customer_id
      where company.canonical_id = ${company}::bigint and person.canonical_id <> ${company}::bigint
      group by person.canonical_id
      order by min(m.since), person.canonical_id
      limit 1000`,
  )
  const summaries = await customerSummaries(
    db,
    found.map(({ id }) => id),
  )
  const byId = new Map(summaries.map((summary) => [summary.id, summary]))
  return found.flatMap(({ id, role, since }) => {
    const customer = byId.get(id)
    return customer ? [{ customer, role, since }] : []
  })
}

/** @param mayRead whether words that are restricted to a role may be shown */
export async function companyRollUp(
  db: Db,
  company: number,
  mayRead: (restrictedTo: string | null) => boolean,
): Promise<CompanyRollUp> {
  const ids = [company, ...(await peopleIds(db, company))]
  const lives = sql`select id, canonical_id from customers where canonical_id = any(${ids}::bigint[])`
  const states = await rows(
    db,
    sql<{ state: string; people: number }>`
      select coalesce(s.state, 'courting') as state, count(*) as people
      from unnest(${ids.slice(1)}::bigint[]) as person(id)
      left join standings s on s.customer_id = person.id
      group by 1
      order by 2 desc, 1`,
  )
  const sums = await row(
    db,
    sql<
      Pick<
        CompanyRollUp,
        'purchases' | 'valueMinor' | 'currency' | 'openExpectations' | 'brokenUnmended' | 'lastCaredAt'
      >
    >`
      with lives as materialized (${lives})
      select bought.*, told.*, cared.*
      from (
        select count(*) as purchases, coalesce(sum(p.value_minor), 0)::bigint as "valueMinor", min(p.currency) as currency
        from purchases p
        where p.customer_id in (select id from lives) and p.state not in ('proposed', 'cancelled')
      ) as bought
      cross join (
        select
          count(*) filter (where e.state = 'open') as "openExpectations",
          count(*) filter (where e.state = 'broken' and e.mended_at is null) as "brokenUnmended"
        from expectations e
        where e.customer_id in (select id from lives)
      ) as told
      cross join (
        select ${iso(sql`max(s.last_cared_at)`)} as "lastCaredAt"
        from standings s
        where s.customer_id = any(${ids}::bigint[])
      ) as cared`,
  )
  const last = await rows(
    db,
    sql<CompanyRollUp['last'][number] & { restrictedTo: string | null }>`
      with lives as materialized (${lives})
      select i.id, ${iso(sql`i.at`)} as at, coalesce(t.name, i.name) as name, lives.canonical_id as "customerId",
        coalesce(c.name, '') as customer, i.words, i.experience, i.restricted_to as "restrictedTo"
      from lives
      cross join lateral (
        select *
        from interactions
        where customer_id = lives.id and not judgement
        order by at desc, id desc
        limit 10
      ) as i
      join customers c on c.id = lives.canonical_id
      left join touchpoints t on t.id = i.touchpoint_id
      order by i.at desc, i.id desc
      limit 10`,
  )
  const labels = new Map(
    (await customerSummaries(db, [...new Set(last.map(({ customerId }) => customerId))])).map((each) => [
      each.id,
      each.label,
    ]),
  )
  return {
    people: ids.length - 1,
    states,
    purchases: 0,
    valueMinor: 0,
    currency: null,
    openExpectations: 0,
    brokenUnmended: 0,
    lastCaredAt: null,
    ...sums,
    last: last.map(({ restrictedTo, words, ...each }) => ({
      ...each,
      customer: labels.get(each.customerId) ?? each.customer,
      words: mayRead(restrictedTo) ? words : null,
    })),
  }
}

/** @throws NotFound, Invalid when it is not a company, Conflict when the person belongs to it already */
export async function addPerson(
  store: Store,
  companyId: number,
  input: { customerId: number; role: string | null },
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const company = await customerSummary(tx, companyId)
    if (company.kind !== 'company')
      throw new Invalid(`${company.label} is a person. Only companies are made of people.`)
    const person = await canonicalId(tx, input.customerId)
    if (person === company.id) throw new Invalid('A company can’t belong to itself.')
    if ((await peopleIds(tx, company.id)).includes(person))
      throw new Conflict('This person belongs to the company already.')
    await sql`
      insert into memberships (company_id, customer_id, role, since)
      values (${company.id}, ${person}, ${input.role}, now())`.execute(tx)
    await audit(tx, actor, 'added', 'membership', company.id, { company: company.id, person })
    await customersChanged(store, tx, [company.id, person])
  })
}

/** @throws NotFound */
export async function removePerson(
  store: Store,
  companyId: number,
  personId: number,
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const [company, person] = [await canonicalId(tx, companyId), await canonicalId(tx, personId)]
    const removed = await row(
      tx,
      sql<object>`
        delete from memberships
        where company_id in (select id from customers where canonical_id = ${company}::bigint)
          and customer_id in (select id from customers where canonical_id = ${person}::bigint)
        returning 1`,
    )
    if (!removed) throw new NotFound('person of this company', personId)
    await audit(tx, actor, 'removed', 'membership', company, { company, person })
    await customersChanged(store, tx, [company, person])
  })
}

/** Says whether a customer is a person or a company. */
export async function changeKind(
  store: Store,
  id: number,
  kind: 'person' | 'company',
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const canonical = await canonicalId(tx, id)
    if (kind === 'person' && (await peopleIds(tx, canonical)).length > 0)
      throw new Conflict('People belong to this company. Take them out first.')
    await sql`
      update customers
      set kind = ${kind}, tx = pg_current_xact_id()
      where canonical_id = ${canonical}::bigint`.execute(tx)
    await audit(tx, actor, 'changed', 'customer', canonical, { kind })
    await customersChanged(store, tx, [canonical])
  })
}
