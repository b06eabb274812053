export { reactAgainIfDue } from './again.ts'
export { experienceOf, wordsOf } from './experience.ts'
export { forgetInteractions } from './forget.ts'
export { changeLogged, deleteLogged, logInteraction } from './log.ts'
export { minorDigits, purchaseOf } from './purchase.ts'
export {
  canonicalId,
  findByIdentity,
  type Reader,
  readMonths,
  readTimeline,
  type TimelineRow,
} from './queries.ts'
export { recordBatch, recordInteractions } from './record.ts'
export { recordMissedRenewals, registerRenewals } from './renewals.ts'
