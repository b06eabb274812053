export { customersChanged } from './changes.ts'
export { tablesOfCustomers } from './erasure.ts'
export { erasedReason, identify } from './identify.ts'
export { registerCustomers } from './jobs.ts'
export { joinCustomers } from './join.ts'
export { type KnownIdentities, knownIdentities } from './known-identities.ts'
export { mergeCustomers, undoMerge, undoMergeIn } from './merging.ts'
export { normaliseIdentity } from './normalise.ts'
export { renewalsNear } from './purchases.ts'
export type { Identified, IdentityLimits } from './subject.ts'
export {
  type CustomerSummary,
  canonicalId,
  customerSummaries,
  customerSummarySchema,
  idsOfLife,
  iso,
} from './summaries.ts'
