import { loadMap } from '../../journey/journey.ts'
import { allocate, type Spending } from '../../stats/budget.ts'
import { isTold } from '../../stats/cannot-tell.ts'
import { needed } from '../../stats/power.ts'
import type { Asking } from '../asking/asking.ts'
import { defineQuestion } from '../asking/kind.ts'
import { buyers, type ReachRow, reach } from '../map/map-questions.ts'
import { moneySpent } from '../map/queries.ts'
import { type Question, readScope, type Scope } from '../question.ts'
import { listHoldouts } from './holdouts.ts'
import { type BudgetAnswer, budgetQuery, budgetSchema } from './schema.ts'
import { budgetSheets } from './sheets.ts'
import { costOfReturn, effectOf, judged, responseOf } from './shown.ts'
import { budgetWords } from './words.ts'

/** Two in a hundred: what a test should at least be able to see. */
const worthSeeing = 0.02

/** Where the money goes, what tests showed it does, and how it would be divided by that. */
export const budget = defineQuestion({
  name: 'budget',
  title: 'Balance and budget',
  summary:
    'Spend against measured effect by stage and touchpoint; divided only by effects that a holdout showed',
  asked: budgetQuery,
  answer: budgetSchema,
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    const { touchpoints, stages, currency } = await spentWhere(asking, scope)
    const spentMinor = stages.reduce((sum, stage) => sum + stage.spentMinor, 0)
    const amount = asked.amount ?? spentMinor
    const divided = divide(touchpoints, amount, asked.change / 100, asked.reserve / 100)
    const answer = {
      asked: scope.asked,
      currency,
      spentMinor,
      stages,
      ...divided,
    }
    return { ...answer, statements: budgetWords(answer) }
  },
  sheets: budgetSheets,
})

type Touchpoints = BudgetAnswer['touchpoints']

async function spentWhere(asking: Asking, scope: Scope) {
  const map = await loadMap(asking.store.db)
  const { currency, spent } = await moneySpent(asking.store, scope)
  const reached = await asking.rows<ReachRow>('Who was reached where', reach(scope))
  const returning = await returnRate(asking, scope)
  const tests = (await listHoldouts(asking.store.db)).map(judged)
  const side = new Map(map.stages.map((stage) => [stage.id, stage.side]))
  const touchpoints = map.touchpoints.map((touchpoint): Touchpoints[number] => {
    const mine = tests.filter((test) => test.touchpointId === touchpoint.id)
    const spentMinor = spent.find((each) => each.touchpointId === touchpoint.id)?.minor ?? 0
    const customers = reached.find((row) => row.touchpoint_id === touchpoint.id)?.customers ?? 0
    return {
      id: touchpoint.id,
      stageId: touchpoint.stageId,
      name: touchpoint.name,
      side: side.get(touchpoint.stageId) ?? 'before',
      spentMinor,
      reached: customers,
      perCustomerMinor: customers > 0 && spentMinor > 0 ? spentMinor / customers : null,
      effect: effectOf(mine),
      tests: mine,
      perReturnMinor: costOfReturn(mine),
      neededPerGroup: returning === null ? null : needed(returning, Math.min(1, returning + worthSeeing)),
      proposedMinor: null,
      held: null,
    }
  })
  const stages = map.stages.map((stage) => {
    const own = touchpoints.filter((touchpoint) => touchpoint.stageId === stage.id)
    const spentMinor = own.reduce((sum, each) => sum + each.spentMinor, 0)
    const inStage = new Set(own.map(({ id }) => id))
    const customers = reached.reduce(
      (sum, row) =>
        sum + (row.touchpoint_id !== null && inStage.has(row.touchpoint_id) ? row.stage_customers : 0),
      0,
    )
    return {
      id: stage.id,
      name: stage.name,
      side: stage.side,
      spentMinor,
      reached: customers,
      perCustomerMinor: customers > 0 && spentMinor > 0 ? spentMinor / customers : null,
    }
  })
  return {
    touchpoints: touchpoints.filter(({ spentMinor, tests: own }) => spentMinor > 0 || own.length > 0),
    stages,
    currency,
  }
}

/** The share of all buyers who have bought again; null without buyers. */
async function returnRate(asking: Asking, scope: Scope): Promise<number | null> {
  const [sold] = await asking.rows<{ buyers: number }>('Who bought', buyers(scope))
  const [back] = await asking.rows<{ n: number }>('Who bought again', boughtAgain(scope))
  const rate = sold && back && sold.buyers > 0 ? back.n / sold.buyers : 0
  return rate > 0 && rate < 1 ? rate : null
}

export function boughtAgain(scope: Scope): Question {
  const { text, values } = buyers(scope)
  const from = text.slice(text.indexOf('from sales'))
  return {
    text: `
      select cast(count(*) as integer) as n
      from (
        select customer_id
        ${from}
        group by customer_id
        having count(*) > 1
      ) again`,
    values,
  }
}

/** Divides the amount by what tests showed; where they showed nothing, what is spent stays. */
function divide(touchpoints: Touchpoints, amount: number, step: number, reserve: number) {
  const spendings = touchpoints.map(
    (each): Spending => ({
      name: String(each.id),
      now: each.spentMinor,
      response: responseOf(each.tests, each.reached),
    }),
  )
  const known = spendings.filter((each) => each.response !== null).length
  const not = (cannotDivide: string) => ({ touchpoints, divided: null, cannotDivide })
  if (touchpoints.length === 0)
    return not('No money is entered: enter what is spent where in the journey’s editor.')
  if (known < 2)
    return not(
      `How to divide the money can’t be told: that takes tests that tried two different amounts at two moments or more; there is ${known === 0 ? 'none' : 'one'} yet.`,
    )
  const found = allocate(spendings, amount, { change: step, reserve })
  if (!isTold(found)) {
    const withoutReserve = reserve > 0 && isTold(allocate(spendings, amount, { change: step, reserve: 0 }))
    return not(
      withoutReserve
        ? `With ${Math.round(100 * reserve)} in 100 kept for tests the money doesn’t cover what stays where nothing is known: keep less for tests.`
        : `It can’t be divided, because ${found.cannotTell}.`,
    )
  }
  return {
    touchpoints: touchpoints.map((each) => {
      const own = found.parts.find((part) => part.name === String(each.id))
      return { ...each, proposedMinor: own ? Math.round(own.spend) : null, held: own?.held ?? null }
    }),
    divided: {
      amountMinor: amount,
      reserveMinor: Math.round(found.reserve),
      unspentMinor: Math.round(found.unspent),
      effectNow: found.effectNow,
      effect: found.effect,
    },
    cannotDivide: null,
  }
}
