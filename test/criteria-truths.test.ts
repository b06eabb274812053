import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EstimatedCriterion } from '#src/insights/touchpoints/criteria.ts'
import { estimateFor } from '#src/insights/touchpoints/touchpoints.ts'
import { companyInMemory } from './sample-in-memory.ts'
import { map } from './sample-map.ts'

const lengths = { lookback: 120, landmark: 120, horizon: 270 }

// In the sample company a meeting or the showroom is on the way to nearly every sale, and nothing that happens before
// the sale brings anybody back (newsletters and the website go to the active, who come back anyway).
test('the sample company is chosen for its meetings, and nothing before the sale is said to weigh more in coming back', async () => {
  let named = 0
  for (let seed = 3_001; seed <= 3_003; seed++) {
    const found = await criteriaOf(seed)
    const choosing = (name: string) => found(name)?.choosing?.value ?? 0
    assert.ok(choosing('Design meeting') > 0.2, `${seed}: ${choosing('Design meeting')}`)
    for (const name of ['Newsletter sign-up', 'Website guide'])
      assert.ok(choosing(name) < 0.1, `${seed}: ${name}`)
    if (map.touchpoints.some(({ name }) => weighsMoreInComingBack(found(name)))) named++
  }
  assert.ok(named <= 1, `${named} of 3 companies`)
})

function weighsMoreInComingBack(found: EstimatedCriterion | undefined): boolean {
  const { difference } = found ?? {}
  return difference !== null && difference !== undefined && difference.p < 0.05 && difference.value < 0
}

async function criteriaOf(seed: number): Promise<(name: string) => EstimatedCriterion | undefined> {
  const company = await companyInMemory(seed, 2_500)
  try {
    const named = company.touchpoints.map(({ id, name, by, byUs, purposeCode, stageId }) => {
      const stage = map.stages.find((each) => each.id === stageId)
      return {
        id,
        name,
        by,
        byUs,
        purpose: purposeCode,
        stage: stage?.name ?? '',
        side: stage?.side ?? 'after',
      }
    })
    const wanted = named.filter(({ purpose }) => purpose !== 2)
    const { estimated } = await estimateFor(
      company.asking,
      company.scope,
      { kind: 'return' },
      lengths,
      wanted,
      {
        model: 'linear',
        courted: named,
      },
    )
    return (name) => {
      const id = named.find((each) => each.name === name)?.id
      return estimated.criteria?.touchpoints.find((each) => each.id === id)
    }
  } finally {
    company.close()
  }
}
