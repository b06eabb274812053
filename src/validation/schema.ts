import { z } from '@hono/zod-openapi'

export { type Judgement, judgementSchema } from './judgement-schema.ts'

/** Whether the customer's choice to buy from us is confirmed. */
const standingStates = ['courting', 'unproven', 'validated', 'doubting', 'lost', 'advocate'] as const
export const standingStateSchema = z.enum(standingStates).openapi('StandingState')
export type StandingState = z.infer<typeof standingStateSchema>

/** The rules, as thresholds. Experience runs from −100 to +100: 4 of 5 stars is 50, 2 of 5 is −50. A threshold of 0 switches its rule off. */
export const validationRulesSchema = z
  .object({
    good: z.number().int().min(1).max(100).default(50).openapi({
      description: 'An answer from here up confirms the choice (50 is 4 of 5 stars).',
    }),
    bad: z.number().int().min(-100).max(-1).default(-50).openapi({
      description: 'An answer from here down puts it in doubt (−50 is 2 of 5 stars).',
    }),
    impressions: z.boolean().default(true).openapi({
      description: 'Our own impression of a conversation counts like an answer.',
    }),
    keptPromises: z.number().int().min(0).max(50).default(2).openapi({
      description: 'So many kept promises confirm the choice without a word from the customer.',
    }),
    confirmedForDays: z.number().int().min(0).max(3650).default(730).openapi({
      description: 'A confirmation older than this no longer counts.',
    }),
    brokenPromises: z.number().int().min(0).max(50).default(1).openapi({
      description: 'So many broken promises that nobody has made good put the choice in doubt.',
    }),
    complaints: z.boolean().default(true).openapi({ description: 'A complaint puts the choice in doubt.' }),
    returns: z
      .boolean()
      .default(true)
      .openapi({ description: 'A return or a refund puts the choice in doubt.' }),
    helpContacts: z.number().int().min(0).max(50).default(3).openapi({
      description: 'So many calls for help within helpWithinDays put the choice in doubt.',
    }),
    helpWithinDays: z.number().int().min(1).max(365).default(30),
    lostAfterDays: z.number().int().min(0).max(3650).default(365).openapi({
      description: 'A doubt with nothing good after it for so long means that the customer is lost.',
    }),
    renewalGraceDays: z.number().int().min(0).max(365).default(14).openapi({
      description: 'Days after its date at which a renewal that did not come counts as missed.',
    }),
    referrals: z.number().int().min(0).max(50).default(1).openapi({
      description: 'Who brought so many others is an advocate.',
    }),
    returnSales: z.number().int().min(0).max(50).default(3).openapi({
      description: 'Who bought again so often, and whose last answer was good, is an advocate.',
    }),
  })
  .openapi('ValidationRules')
export type ValidationRules = z.infer<typeof validationRulesSchema>

export const defaultRules: ValidationRules = validationRulesSchema.parse({})

export const factKinds = [
  'sale',
  'return_sale',
  'renewal',
  'renewal_missed',
  'rating',
  'impression',
  'kept',
  'exceeded',
  'broken',
  'mended',
  'refund',
  'cancellation',
  'return',
  'complaint',
  'help',
  'referral',
  'care',
] as const
export type FactKind = (typeof factKinds)[number]

/** One thing that speaks for or against the choice, as data; `factInWords` says it. */
export const factSchema = z
  .object({
    kind: z.enum(factKinds),
    at: z.iso.datetime(),
    speaks: z.enum(['for', 'against', 'neither']),
    /** It is one of those that the state rests on. */
    decided: z.boolean(),
    /** The moment, the promise in its own words, or what was bought. */
    what: z.string().optional(),
    /** Experience −100…100 of a rating, gap of a promise, amount in minor units, how many calls. */
    value: z.number().optional(),
    unit: z.string().optional(),
    words: z.string().optional(),
  })
  .openapi('StandingFact')
export type StandingFact = z.infer<typeof factSchema>
