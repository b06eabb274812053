// Every figure can be opened: the interactions (or sales, or promises) that were counted, newest first, with
// the customers they belong to.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { customerSummaries } from '../../customers/customers.ts'
import { Invalid, NotFound, never } from '../../lib/errors.ts'
import { decodeCursor, encodeCursor } from '../../lib/http.ts'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import {
  ask,
  dayMicros,
  fromBeginning,
  inSegment,
  type Question,
  type Scope,
  scopeValues,
} from '../question.ts'
import { careRows, careValues } from './care.ts'
import { levelBand } from './level.ts'
import { careStandards } from './queries.ts'
import { silentBuyers } from './silence.ts'

export const figureNames = [
  'touchpoint',
  'stage',
  'unplaced',
  'said',
  'inferred',
  'impression',
  'good',
  'bad',
  'flow',
  'kept',
  'broken',
  'touches',
  'asking',
  'sales',
  'silent-since-sale',
  'silent-now',
  'care',
] as const

export const figureQuery = z.object({
  figure: z.enum(figureNames),
  touchpoint: z.coerce.number().int().positive().optional(),
  stage: z.coerce.number().int().positive().optional(),
  next: z.coerce.number().int().positive().optional().describe('flow: the touchpoint that came next'),
  side: z.enum(['before', 'after']).optional(),
  days: z.coerce.number().int().min(1).max(3650).optional(),
  standard: z.coerce.number().int().positive().optional(),
  outcome: z.enum(['got', 'late', 'missed', 'due']).optional(),
})
export type Figure = z.infer<typeof figureQuery>

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

/** The figure's rows as a `behind` table: customer_id, id (an interaction's or a promise's; 0 for none), happened. */
export async function behindQuestion(store: Store, scope: Scope, figure: Figure): Promise<Question> {
  const values = scopeValues(scope)
  const value = (given: number | undefined, name: keyof Figure) => {
    if (given === undefined)
      throw new Invalid(`The figure "${figure.figure}" needs ${name}.`, [
        { field: name, reason: 'is missing' },
      ])
    values.push(given)
    return `$${values.length}`
  }
  const optional = (given: number | undefined, column: string) =>
    given === undefined ? '' : `and ${column} = ${value(given, 'touchpoint')}::integer`
  const steps = (condition: string): Question => ({
    text: `
      with behind as (
        select customer_id, id, happened
        from steps
        where happened >= $1::bigint
          and happened < $2::bigint
          ${inSegment(scope, '$3')}
          ${condition}
      )`,
    values,
  })
  const place = () => `${optional(figure.touchpoint, 'touchpoint_id')} ${optional(figure.stage, 'stage_id')}`
  const ours = (asking: string) => `and not judgement
          and after_sale = ${figure.side === 'after'}
          and touchpoint_id in (select t.id from touchpoints t where t.by_us ${asking})`
  switch (figure.figure) {
    case 'touchpoint':
      return steps(`and not judgement and touchpoint_id = ${value(figure.touchpoint, 'touchpoint')}::integer`)
    case 'stage':
      return steps(`and not judgement and stage_id = ${value(figure.stage, 'stage')}::integer`)
    case 'unplaced':
      return steps('and not judgement and touchpoint_id is null')
    case 'said':
      return steps(`and evidence = 1 ${place()}`)
    case 'inferred':
      return steps(`and evidence = 2 ${place()}`)
    case 'impression':
      return steps(`and evidence = 3 ${place()}`)
    case 'good':
      return steps(`and evidence = 1 and experience > ${levelBand} ${place()}`)
    case 'bad':
      return steps(`and evidence = 1 and experience < -${levelBand} ${place()}`)
    case 'flow':
      return steps(`${fromBeginning(scope) ? '' : 'and prev_placed >= $1::bigint'}
          and prev_touchpoint = ${value(figure.touchpoint, 'touchpoint')}::integer
          and touchpoint_id = ${value(figure.next, 'next')}::integer`)
    case 'touches':
      return steps(ours(''))
    case 'asking':
      return steps(ours('and t.asking'))
    case 'kept':
    case 'broken':
      return promisesBehind(scope, figure, values, value)
    case 'sales':
      return {
        text: `
      with behind as (
        select customer_id, cast(0 as bigint) as id, happened
        from sales
        where happened >= $1::bigint
          and happened < $2::bigint
          ${inSegment(scope, '$3')}
      )`,
        values,
      }
    case 'silent-since-sale':
    case 'silent-now': {
      const asOf = value(scope.asOf, 'days')
      const span = `${value(figure.days === undefined ? undefined : figure.days * dayMicros, 'days')}::bigint`
      const silent =
        figure.figure === 'silent-now'
          ? `last_meant <= ${asOf}::bigint - ${span}`
          : `of_this_time and first_sale <= ${asOf}::bigint - ${span} and (first_care is null or first_care > first_sale + ${span})`
      return {
        text: `${silentBuyers(scope, asOf)}, behind as (
        select customer_id, cast(0 as bigint) as id, last_meant as happened
        from buyers
        where ${silent}
      )`,
        values,
      }
    }
    case 'care': {
      const standard = (await careStandards(store)).find((each) => each.id === figure.standard)
      if (!standard) throw new NotFound('care standard', figure.standard ?? '')
      const outcome = { got: 1, late: 2, missed: 3, due: 4 }[figure.outcome ?? 'missed']
      return {
        text: `${careRows(scope, standard)}, behind as (
        select customer_id, cast(0 as bigint) as id, happened
        from judged
        where outcome = ${outcome}
      )`,
        values: careValues(scope, standard),
      }
    }
    default:
      return never(figure.figure)
  }
}

function promisesBehind(
  scope: Scope,
  figure: Figure,
  values: number[],
  value: (given: number | undefined, name: keyof Figure) => string,
): Question {
  const asOf = value(scope.asOf, 'days')
  const at =
    figure.touchpoint === undefined
      ? ''
      : `and coalesce(e.touchpoint_id, r.touchpoint_id) = ${value(figure.touchpoint, 'touchpoint')}::integer`
  const side = figure.side === undefined ? '' : `and e.after_sale = ${figure.side === 'after'}`
  const state =
    figure.figure === 'kept'
      ? 'e.state in (2, 3)'
      : `(e.state = 4 or (e.state = 1 and e.due_at < ${asOf}::bigint))`
  return {
    text: `
      with decided as (
        select rule_id, touchpoint_id, count(*) as n
        from expectations
        where touchpoint_id is not null
          and rule_id is not null
        group by rule_id, touchpoint_id
      ), ranked as (
        select rule_id, touchpoint_id, row_number() over (partition by rule_id order by n desc, touchpoint_id) as place
        from decided
      ), behind as (
        select e.customer_id, e.id, coalesce(e.decided_at, e.due_at, e.opened_at) as happened
        from expectations e
        left join ranked r on r.rule_id = e.rule_id and r.place = 1
        where ${state}
          and coalesce(e.decided_at, e.due_at, e.opened_at) >= $1::bigint
          and coalesce(e.decided_at, e.due_at, e.opened_at) < $2::bigint
          and ${asOf}::bigint is not null
          ${inSegment(scope, '$3', 'e.customer_id')}
          ${at}
          ${side}
      )`,
    values,
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
