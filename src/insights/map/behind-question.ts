// Which rows stand behind a figure, asked as a question of the projection.
import { z } from '@hono/zod-openapi'
import { Invalid, NotFound, never } from '../../lib/errors.ts'
import type { Store } from '../../store/store.ts'
import { arrivedBehind } from '../flows/arrived.ts'
import { caseKinds } from '../flows/cases.ts'
import {
  dayMicros,
  fromBeginning,
  growing,
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
  'arrived',
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
  goal: z
    .union([z.literal('sale'), z.coerce.number().int().positive()])
    .optional()
    .describe('arrived: to which touchpoint, or to a sale'),
  within: z.coerce.number().positive().max(3650).optional().describe('arrived: within how many days'),
  case: z.enum(caseKinds).optional().describe('arrived: what one journey is'),
  side: z.enum(['before', 'after']).optional(),
  days: z.coerce.number().int().min(1).max(3650).optional(),
  standard: z.coerce.number().int().positive().optional(),
  outcome: z.enum(['got', 'late', 'missed', 'due']).optional(),
})
export type Figure = z.infer<typeof figureQuery>

/** The figure's rows as a `behind` table: customer_id, id (an interaction's or a promise's; 0 for none), happened. */
export async function behindQuestion(store: Store, scope: Scope, figure: Figure): Promise<Question> {
  const { values, place: add } = growing(scopeValues(scope))
  const needed = <Given>(given: Given | undefined, name: keyof Figure): Given => {
    if (given === undefined)
      throw new Invalid(`The figure "${figure.figure}" needs ${name}.`, [
        { field: name, reason: 'is missing' },
      ])
    return given
  }
  const value = (given: number | undefined, name: keyof Figure) => add(needed(given, name))
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
    case 'arrived':
      return arrivedBehind(
        store,
        { scope, of: figure.case ?? 'customer' },
        { start: needed(figure.touchpoint, 'touchpoint'), goal: needed(figure.goal, 'goal') },
        needed(figure.within, 'within'),
      )
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
