export { experienceOf, wordsOf } from './experience.ts'
export { minorDigits } from './purchase.ts'
export { recordBatch, recordInteractions } from './record.ts'
