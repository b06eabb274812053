import type { customerKinds, validationStates } from './schema.ts'
import type { SegmentRule } from './segment-rule.ts'

/** The filters of the customers page. Amounts in minor units. */
export interface CustomerFilter {
  state?: (typeof validationStates)[number][] | undefined
  kind?: (typeof customerKinds)[number] | undefined
  seenWithin?: number | undefined
  notSeenWithin?: number | undefined
  valueFrom?: number | undefined
  valueTo?: number | undefined
  salesFrom?: number | undefined
  salesTo?: number | undefined
  scoreFrom?: number | undefined
  scoreTo?: number | undefined
  segment?: number | undefined
  touchpoint?: number | undefined
  company?: number | undefined
  unmended?: 'true' | undefined
  silent?: number | undefined
  boughtWithin?: number | undefined
}

/** The filters as a segment's rule, so that what was filtered can be saved. */
export function ruleOfFilter(filter: CustomerFilter): SegmentRule {
  const all: SegmentRule[] = []
  if (filter.state?.length) all.push({ about: 'standing', states: filter.state })
  if (filter.kind) all.push({ about: 'kind', is: filter.kind })
  if (filter.seenWithin) all.push({ about: 'seen', which: 'last', withinDays: filter.seenWithin })
  if (filter.notSeenWithin) all.push({ about: 'seen', which: 'last', notWithinDays: filter.notSeenWithin })
  if (filter.valueFrom !== undefined || filter.valueTo !== undefined)
    all.push({ about: 'value', from: filter.valueFrom, to: filter.valueTo })
  if (filter.salesFrom !== undefined || filter.salesTo !== undefined)
    all.push({ about: 'sales', from: filter.salesFrom, to: filter.salesTo })
  if (filter.scoreFrom !== undefined || filter.scoreTo !== undefined)
    all.push({ about: 'score', from: filter.scoreFrom, to: filter.scoreTo })
  if (filter.segment) all.push({ about: 'segment', segmentId: filter.segment })
  if (filter.touchpoint) all.push({ about: 'interaction', touchpointId: filter.touchpoint })
  if (filter.company) all.push({ about: 'company', companyId: filter.company })
  if (filter.silent)
    all.push({ about: 'silence', days: filter.silent, boughtWithinDays: filter.boughtWithin })
  if (filter.unmended) all.push({ about: 'expectation', unmended: true })
  return { all }
}
