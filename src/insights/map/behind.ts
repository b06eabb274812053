// Every figure can be opened: the interactions (or sales, or promises) that were counted, newest first, with
// the customers they belong to.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { customerSummaries } from '../../customers/customers.ts'
import { Invalid } from '../../lib/errors.ts'
import { decodeCursor, encodeCursor } from '../../lib/http.ts'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { ask, type Question, type Scope } from '../question.ts'
import { behindQuestion, type Figure } from './behind-question.ts'

export const behindItemSchema = z
  .object({
    at: z.string(),
    customer: z.object({ id: z.number().int(), label: z.string() }),
    interaction: z
      .object({
        id: z.number().int(),
        name: z.string(),
        channel: z.string(),
        words: z.string().nullable(),
        experience: z.number().nullable(),
        evidence: z.enum(['said', 'inferred', 'impression']).nullable(),
      })
      .nullable(),
    promise: z.object({ id: z.number().int(), statement: z.string(), state: z.string() }).nullable(),
  })
  .openapi('BehindItem')
type Item = z.infer<typeof behindItemSchema>

interface Behind {
  items: Item[]
  next: string | null
  total: number
  customers: number
}

interface Row {
  customer_id: number
  id: number
  happened: number
}

/** A page of what stands behind a figure. @throws Invalid when the figure needs another word */
export async function behind(
  store: Store,
  scope: Scope,
  figure: Figure,
  page: { cursor?: string | undefined; limit: number },
): Promise<Behind> {
  const question = await behindQuestion(store, scope, figure)
  const counted = await ask<{ total: number; customers: number }>(store, {
    text: `${question.text}
      select cast(count(*) as integer) as total, cast(count(distinct customer_id) as integer) as customers from behind`,
    values: question.values,
  })
  const found = await ask<Row>(store, paged(question, page))
  const shown = found.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    items: await named(store, shown, figure.figure === 'kept' || figure.figure === 'broken'),
    next: found.length > page.limit && last ? encodeCursor([last.happened, last.customer_id, last.id]) : null,
    total: counted[0]?.total ?? 0,
    customers: counted[0]?.customers ?? 0,
  }
}

function paged(question: Question, page: { cursor?: string | undefined; limit: number }): Question {
  const after = decodeCursor(page.cursor)?.map(Number)
  if (after && (after.length !== 3 || after.some((value) => !Number.isSafeInteger(value))))
    throw new Invalid('The cursor is not one that this server gave out. Start from the first page.')
  const n = question.values.length
  return {
    text: `${question.text}
      select customer_id, id, happened
      from behind
      ${after ? `where (happened, customer_id, id) < ($${n + 2}::bigint, $${n + 3}::bigint, $${n + 4}::bigint)` : ''}
      order by happened desc, customer_id desc, id desc
      limit $${n + 1}::integer`,
    values: [...question.values, page.limit + 1, ...(after ?? [])],
  }
}

/** The words for a page of rows: who, and what happened. */
async function named(store: Store, found: Row[], promises: boolean): Promise<Item[]> {
  const people = await customerSummaries(store.db, [...new Set(found.map((row) => row.customer_id))])
  const labels = new Map(people.map((person) => [person.id, person.label]))
  const ids = found.map((row) => row.id)
  const lives = found.map((row) => row.customer_id)
  const interactions = promises
    ? []
    : await rows(
        store.db,
        sql<NonNullable<Item['interaction']>>`
          select i.id, i.name, i.channel,
            case when i.restricted_to is null then i.words end as words,
            i.experience::double precision / 100 as experience,
            case i.evidence when 1 then 'said' when 2 then 'inferred' when 3 then 'impression' end as evidence
          from unnest(${lives}::bigint[], ${ids}::bigint[]) as wanted(life, id)
          join customers c on c.canonical_id = wanted.life
          join interactions i on i.customer_id = c.id and i.id = wanted.id`,
      )
  const judged = promises
    ? await rows(
        store.db,
        sql<NonNullable<Item['promise']>>`
          select e.id, e.statement, e.state
          from unnest(${lives}::bigint[], ${ids}::bigint[]) as wanted(life, id)
          join customers c on c.canonical_id = wanted.life
          join expectations e on e.customer_id = c.id and e.id = wanted.id`,
      )
    : []
  const byId = new Map(interactions.map((each) => [each.id, each]))
  const promiseById = new Map(judged.map((each) => [each.id, each]))
  return found.map((row) => ({
    at: new Date(Math.floor(row.happened / 1000)).toISOString(),
    customer: { id: row.customer_id, label: labels.get(row.customer_id) ?? `Customer ${row.customer_id}` },
    interaction: byId.get(row.id) ?? null,
    promise: promiseById.get(row.id) ?? null,
  }))
}
