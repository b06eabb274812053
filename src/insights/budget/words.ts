import { money } from '../../lib/phrases.ts'
import { cannotTell, counted, type Statement } from '../asking/statement.ts'
import { tenth, whole } from '../findings/finding.ts'
import type { BudgetAnswer } from './schema.ts'

export function budgetWords(answer: Omit<BudgetAnswer, 'statements'>): Statement[] {
  const { currency, spentMinor } = answer
  if (spentMinor === 0 && answer.touchpoints.length === 0)
    return [counted('No money is entered for this time, so there is nothing to weigh.', 0)]
  const side = (which: 'before' | 'after') =>
    answer.stages.filter((stage) => stage.side === which).reduce((sum, stage) => sum + stage.spentMinor, 0)
  const after = side('after')
  return [
    counted(
      `Of ${money(Math.round(spentMinor), currency)}, ${whole(spentMinor > 0 ? (100 * after) / spentMinor : 0)} in 100 are spent after the sale and the rest before it.`,
    ),
    ...answer.touchpoints.flatMap((each) => shown(each, currency)),
    ...unknown(answer),
    ...divided(answer),
  ]
}

function shown(touchpoint: BudgetAnswer['touchpoints'][number], currency: string): Statement[] {
  return touchpoint.tests.flatMap((test): Statement[] => {
    const n = test.arms.reduce((sum, arm) => sum + arm.customers, 0)
    if (test.uneven) return [cannotTell(`${touchpoint.name}, “${test.name}”: ${test.uneven}`, n)]
    return test.arms.flatMap((arm): Statement[] => {
      if (!arm.change) return []
      const { value, low, high, tells } = arm.change
      const span = `${points(low)} to ${points(high)}`
      const at = `${touchpoint.name} at ${money(arm.spendMinor, currency)} a customer`
      return tells
        ? [
            {
              text: `${at} brought ${points(value)} in 100 ${value > 0 ? 'more' : 'fewer'} back (${span}).`,
              claim: 'proven by a test',
              n,
            },
          ]
        : [cannotTell(`${at}: the test showed nothing beyond chance (${span} in 100).`, n)]
    })
  })
}

function unknown({ touchpoints, currency }: Omit<BudgetAnswer, 'statements'>): Statement[] {
  const untested = touchpoints.filter((each) => each.effect === 'unknown' && each.spentMinor > 0)
  if (untested.length === 0) return []
  const spent = untested.reduce((sum, each) => sum + each.spentMinor, 0)
  const needed = untested[0]?.neededPerGroup
  return [
    cannotTell(
      `What ${money(Math.round(spent), currency)} at ${whole(untested.length)} ${untested.length === 1 ? 'moment does' : 'moments do'} is unknown: run a test.${needed ? ` To see two in 100 more come back, leave out about ${whole(needed)} customers at random and compare them with as many who were not.` : ''}`,
    ),
  ]
}

function divided({ divided: plan, cannotDivide, currency }: Omit<BudgetAnswer, 'statements'>): Statement[] {
  if (!plan) return cannotDivide ? [cannotTell(cannotDivide)] : []
  return [
    {
      text: `Divided by what the tests showed, ${money(plan.amountMinor, currency)} would bring about ${tenth(plan.effect)} customers back instead of ${tenth(plan.effectNow)}${plan.reserveMinor > 0 ? `, with ${money(plan.reserveMinor, currency)} kept for tests` : ''}.`,
      claim: 'proven by a test',
    },
  ]
}

function points(value: number): string {
  return `${value < 0 ? '−' : ''}${tenth(Math.abs(100 * value))}`
}
