// What tests showed at a touchpoint, and the response to spending that follows from it.

import { type Response, responseThrough } from '../../stats/budget.ts'
import { isTold } from '../../stats/cannot-tell.ts'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { sampleRatio } from '../../stats/sample-ratio.ts'
import { change } from '../map/level.ts'
import type { BudgetAnswer, Holdout } from './schema.ts'

type Test = BudgetAnswer['touchpoints'][number]['tests'][number]

/** A test with each group's difference to the holdout, and whether the groups can be compared at all. */
export function judged(test: Holdout): Test {
  const holdout = test.arms.find((arm) => arm.spendMinor === 0)
  return {
    ...test,
    arms: test.arms.map((arm) => ({
      ...arm,
      change:
        holdout && arm !== holdout
          ? change(newcombe(wilson(arm.returned, arm.customers), wilson(holdout.returned, holdout.customers)))
          : null,
    })),
    uneven: unevenness(test),
  }
}

function unevenness({ arms }: Holdout): string | null {
  const planned = arms.flatMap(({ planned: share }) => (share === undefined ? [] : [share]))
  if (planned.length < arms.length) return null
  const ratio = sampleRatio(
    arms.map((arm) => arm.customers),
    planned,
  )
  if (!isTold(ratio))
    return `Whether they were divided as planned can’t be told, because ${ratio.cannotTell}.`
  return ratio.p < 0.001
    ? 'The groups are not as large as planned, more than chance explains. Something chose who got it: find out what before believing the result.'
    : null
}

/** Sound tests of which a group is better than the holdout beyond chance; nothing shown otherwise. */
export function effectOf(tests: Test[]): 'proven' | 'nothing shown' | 'unknown' {
  const sound = tests.filter((test) => test.uneven === null)
  if (sound.length === 0) return 'unknown'
  return sound.some((test) => test.arms.some((arm) => (arm.change?.low ?? 0) > 0))
    ? 'proven'
    : 'nothing shown'
}

/** What one more returning customer cost, in the best group of the latest sound test that showed anything. */
export function costOfReturn(tests: Test[]): number | null {
  for (const test of tests) {
    if (test.uneven !== null) continue
    const costs = test.arms.flatMap((arm) =>
      arm.change && arm.change.low > 0 ? [arm.spendMinor / arm.change.value] : [],
    )
    if (costs.length > 0) return Math.min(...costs)
  }
  return null
}

/**
 * The response of all customers reached to what is spent on them all, from the two amounts that tests tried
 * (the latest of each amount). Null with one amount only: then nobody knows where more stops helping.
 */
export function responseOf(tests: Test[], reached: number): Response | null {
  const tried = new Map<number, number>()
  for (const test of tests) {
    if (test.uneven !== null) continue
    for (const arm of test.arms)
      if (arm.change && arm.change.low > 0 && !tried.has(arm.spendMinor))
        tried.set(arm.spendMinor, arm.change.value)
  }
  const [small, large] = [...tried].toSorted(([a], [b]) => a - b).slice(-2)
  if (!small || !large || reached === 0) return null
  const each = responseThrough({ spend: small[0], effect: small[1] }, { spend: large[0], effect: large[1] })
  return isTold(each) ? { most: each.most * reached, scale: each.scale * reached } : null
}
