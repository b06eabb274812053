import type { Difference } from './proportions.ts'

/** What customers got while handle time moved: after less before. */
export interface GuardedOutcome {
  name: string
  difference: Difference | null
  worse: 'up' | 'down'
}

export interface Guard {
  /** "no evidence" is not "safe": nothing was found, perhaps because there was too little to find it in. */
  state: 'alarm' | 'no evidence'
  /** Outcomes that got worse beyond chance. */
  worsened: string[]
}

/**
 * Whether faster handling was paid for by customers: an alarm only where handle time fell and an outcome (calls
 * that come back within seven days, satisfaction) got worse, both beyond chance. Compare equals: by team and
 * with the same mix of topics. `handleTime` is the difference of its logarithm, after less before.
 */
export function metricGuard(handleTime: Difference | null, outcomes: readonly GuardedOutcome[]): Guard {
  const fell = handleTime !== null && handleTime.high < 0
  const worsened = outcomes.filter(({ difference, worse }) => {
    if (difference === null) return false
    return worse === 'up' ? difference.low > 0 : difference.high < 0
  })
  return {
    state: fell && worsened.length > 0 ? 'alarm' : 'no evidence',
    worsened: worsened.map(({ name }) => name),
  }
}
