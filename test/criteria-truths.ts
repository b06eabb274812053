// What is chosen for against what is validated, in small companies of the sample company's kind, through the product's own
// placing, judging and SQL.
import type { EstimatedCriterion } from '#src/insights/touchpoints/criteria.ts'
import { estimateFor } from '#src/insights/touchpoints/touchpoints.ts'
import { companyInMemory } from './sample-in-memory.ts'
import { map } from './sample-map.ts'

const lengths = { lookback: 120, landmark: 120, horizon: 270 }

export function weighsMoreInComingBack(found: EstimatedCriterion | undefined): boolean {
  const { difference } = found ?? {}
  return difference !== null && difference !== undefined && difference.p < 0.05 && difference.value < 0
}

export async function criteriaOf(seed: number): Promise<(name: string) => EstimatedCriterion | undefined> {
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
