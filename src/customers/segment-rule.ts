// The rule that picks the customers of a segment, as it is written on the wire and stored. The filters of
// the customers page are the same rule, so that what was filtered can be saved.
import { z } from '@hono/zod-openapi'
import { customerKinds, identityKinds, purchaseKinds, purchaseStates, validationStates } from './schema.ts'

const word = z.string().min(1).max(200)
const days = z.number().int().min(1).max(36_500)
const count = z.number().int().min(0).max(1_000_000)
const instant = z.iso.datetime({ offset: true })

/** When: the last so many days, or between two instants (the second excluded). Without either: ever. */
const period = {
  withinDays: days.optional(),
  from: instant.optional(),
  to: instant.optional(),
}
/** How often: at least once unless said otherwise. `atMost: 0` means never. */
const times = { atLeast: count.optional(), atMost: count.optional() }

const trait = z
  .object({
    about: z.literal('trait'),
    /** Dotted path ("address.city"). */
    trait: word,
    is: z.enum(['equals', 'not', 'contains', 'starts', 'above', 'below', 'present', 'absent']),
    value: z.union([z.string().max(500), z.number(), z.boolean()]).optional(),
  })
  .refine((rule) => ['present', 'absent'].includes(rule.is) || rule.value !== undefined, {
    message: 'say which value',
    path: ['value'],
  })
const kind = z.object({ about: z.literal('kind'), is: z.enum(customerKinds) })
const identity = z.object({
  about: z.literal('identity'),
  kind: z.enum(identityKinds),
  known: z.boolean(),
})
const seen = z
  .object({
    about: z.literal('seen'),
    which: z.enum(['first', 'last']),
    withinDays: days.optional(),
    notWithinDays: days.optional(),
    from: instant.optional(),
    to: instant.optional(),
  })
  .refine((rule) => rule.withinDays ?? rule.notWithinDays ?? rule.from ?? rule.to, {
    message: 'say when: withinDays, notWithinDays, from or to',
  })
const interaction = z.object({
  about: z.literal('interaction'),
  event: word.optional(),
  touchpointId: z.number().int().optional(),
  channel: word.optional(),
  /** How it was for the customer, whoever says so. */
  experience: z.enum(['good', 'bad']).optional(),
  ...times,
  ...period,
})
const expectation = z.object({
  about: z.literal('expectation'),
  states: z
    .array(z.enum(['open', 'kept', 'exceeded', 'broken', 'withdrawn']))
    .max(5)
    .optional(),
  ruleId: z.number().int().optional(),
  /** Broken and not yet made good. */
  unmended: z.boolean().optional(),
  ...times,
  ...period,
})
const standing = z.object({
  about: z.literal('standing'),
  states: z.array(z.enum(validationStates)).min(1).max(6),
})
const purchase = z.object({
  about: z.literal('purchase'),
  kinds: z.array(z.enum(purchaseKinds)).max(4).optional(),
  states: z.array(z.enum(purchaseStates)).max(6).optional(),
  renewsWithinDays: days.optional(),
  ...times,
  ...period,
})
/** Between `from` and `to`, both included. Value in minor units of the currency; a score from 0 to 100, and who has none is in no range. */
const amount = z
  .object({
    about: z.enum(['value', 'sales', 'referred', 'score']),
    from: z.number().int().optional(),
    to: z.number().int().optional(),
  })
  .refine((rule) => rule.from !== undefined || rule.to !== undefined, { message: 'say from, to, or both' })
/** Bought, and has had no caring word from us (nor bought again) for so many days. */
const silence = z.object({ about: z.literal('silence'), days, boughtWithinDays: days.optional() })
const company = z.object({ about: z.literal('company'), companyId: z.number().int() })
/** In another saved segment, as it was last refreshed. */
const segment = z.object({ about: z.literal('segment'), segmentId: z.number().int() })

export const segmentConditionSchema = z.discriminatedUnion('about', [
  trait,
  kind,
  identity,
  seen,
  interaction,
  expectation,
  standing,
  purchase,
  amount,
  silence,
  company,
  segment,
])
export type SegmentCondition = z.infer<typeof segmentConditionSchema>

export type SegmentRule =
  | { all: SegmentRule[] }
  | { any: SegmentRule[] }
  | { not: SegmentRule }
  | SegmentCondition

// Nested only as deep as a person can read; the limit also keeps the schema finite in the API's description.
const level = <Inner extends z.ZodType>(inner: Inner) =>
  z.union([
    z.strictObject({ all: z.array(inner).max(30) }),
    z.strictObject({ any: z.array(inner).max(30) }),
    z.strictObject({ not: inner }),
    segmentConditionSchema,
  ])

/** All of, any of, not, or one condition; nested up to four deep. `{ all: [] }` is everybody. */
export const segmentRuleSchema: z.ZodType<SegmentRule, SegmentRule> = level(
  level(level(level(segmentConditionSchema))),
).openapi('SegmentRule') as z.ZodType<SegmentRule, SegmentRule>
