export { customersChanged } from './changes.ts'
export { peopleIds, peopleOf } from './companies.ts'
export { tablesOfCustomers } from './erasure.ts'
export { csvField } from './export.ts'
export {
  defaultLimits,
  erasedReason,
  type Identified,
  type IdentityLimits,
  IdentityRace,
  identify,
  identityKey,
  type Subject,
  tombstoneHash,
} from './identify.ts'
export { registerCustomers } from './jobs.ts'
export { joinCustomers } from './join.ts'
export { countCustomers, listCustomers, searchCustomers } from './list.ts'
export { type Trait, traitsOfLife } from './merge-preview.ts'
export { mergeCustomers, undoMerge, undoMergeIn } from './merging.ts'
export { looksLikeNothing, normaliseIdentity } from './normalise.ts'
export { purchasesOf, renewalsNear } from './purchases.ts'
export { countRule } from './segment-count.ts'
export { type SegmentRule, segmentRuleSchema } from './segment-rule.ts'
export { segmentSql } from './segment-sql.ts'
export { sayRule } from './segment-words.ts'
export {
  listSegments,
  readSegment,
  refreshSegment,
  refreshSegments,
  ruleNames,
} from './segments.ts'
export {
  type CustomerSummary,
  canonicalId,
  customerSummaries,
  customerSummary,
  customerSummarySchema,
  idsOfLife,
  iso,
  summariesOf,
} from './summaries.ts'
