export {
  defaultLimits,
  type Identified,
  type IdentityLimits,
  IdentityRace,
  identify,
  identityKey,
  type Subject,
  tombstoneHash,
} from './identify.ts'
export { joinCustomers } from './join.ts'
export { looksLikeNothing, normaliseIdentity } from './normalise.ts'
