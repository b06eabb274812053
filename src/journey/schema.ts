import { z } from '@hono/zod-openapi'

/** Who acts at a touchpoint. */
export const actedBy = ['us', 'customer'] as const
/**
 * What a touchpoint is for. `care`, `help` and `ask` by us end a silence; `bill`, `sell` and `mass` don't.
 * `sale`: the interaction that validates our effort. `use`: the customer gets or uses what was bought.
 * `say`: the customer says how it was. `refer`: the customer sends another.
 */
export const purposes = [
  'sell',
  'sale',
  'care',
  'help',
  'ask',
  'bill',
  'mass',
  'use',
  'say',
  'refer',
] as const
export type Purpose = (typeof purposes)[number]

/** One condition on a property, by dotted path ("utm.source", "products.0.sku"). */
export const conditionSchema = z
  .object({
    property: z.string().min(1).max(200),
    is: z.enum(['equals', 'not', 'contains', 'starts', 'above', 'below', 'present', 'absent']),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  })
  .openapi('Condition')
export type Condition = z.infer<typeof conditionSchema>

/** Matches an incoming event when every field that is given does. `*` at the end of event or path matches any rest. Case is ignored. */
export const placingRuleSchema = z
  .object({
    event: z.string().max(200).optional(),
    channel: z.string().max(80).optional(),
    path: z.string().max(500).optional(),
    where: z.array(conditionSchema).max(20).optional(),
  })
  .openapi('PlacingRule')
export type PlacingRule = z.infer<typeof placingRuleSchema>

/** A touchpoint as placing needs it; all of a map in its order. */
export interface Touchpoint {
  id: number
  stageId: number
  name: string
  position: number
  by: 'us' | 'customer'
  purpose: Purpose
  channel: string | null
  rules: PlacingRule[]
}

export interface Stage {
  id: number
  name: string
  side: 'before' | 'after'
  position: number
}

/** Names shown on a map: something, on one line, that a column can hold. */
const nameSchema = z
  .string()
  .trim()
  .min(1, 'give it a name')
  .max(80, 'at most 80 characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is kept out
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'one line of plain text')

/** Ids are positive once stored. In a draft, new stages and touchpoints have any negative number, unique in it. */
const draftIdSchema = z
  .number()
  .int()
  .refine((id) => id !== 0, 'a new one has a negative number')

export const mapTouchpointSchema = z
  .object({
    id: draftIdSchema,
    name: nameSchema,
    by: z.enum(actedBy),
    purpose: z.enum(purposes),
    channel: z.string().trim().max(80).nullable(),
    rules: z.array(placingRuleSchema).max(50),
  })
  .openapi('JourneyTouchpoint')
export type MapTouchpoint = z.infer<typeof mapTouchpointSchema>

export const mapStageSchema = z
  .object({
    id: draftIdSchema,
    name: nameSchema,
    side: z.enum(['before', 'after']),
    touchpoints: z.array(mapTouchpointSchema).max(100),
  })
  .openapi('JourneyStage')
export type MapStage = z.infer<typeof mapStageSchema>

/** Where the interactions of a touchpoint that is removed go: to another (which takes its rules over), or wherever the remaining rules place them. */
export const goneSchema = z
  .object({ id: z.number().int().positive(), to: draftIdSchema.nullable() })
  .openapi('RemovedTouchpoint')
export type Gone = z.infer<typeof goneSchema>

export const draftSchema = z
  .object({
    stages: z.array(mapStageSchema).max(40),
    gone: z.array(goneSchema).max(400).default([]),
  })
  .openapi('JourneyDraft')
export type Draft = z.infer<typeof draftSchema>

/** The map as it is edited: touchpoints within their stages, both in order. */
export const journeySchema = z
  .object({
    version: z
      .number()
      .int()
      .openapi({ description: 'Send it back with a change: someone else may have been faster.' }),
    stages: z.array(mapStageSchema),
  })
  .openapi('Journey')
export type Journey = z.infer<typeof journeySchema>

export const templateNames = ['commerce', 'services'] as const
export type TemplateName = (typeof templateNames)[number]

export const replacingSchema = z
  .object({
    id: z.number().int(),
    state: z.enum(['waiting', 'running', 'done', 'cancelled', 'superseded']),
    lookedAt: z.number().int(),
    about: z.number().int().openapi({ description: 'How many interactions there are to look at, roughly.' }),
    changed: z.number().int(),
    createdBy: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('Replacing')
export type Replacing = z.infer<typeof replacingSchema>

/** Published once per step of a re-placing that moved something, beside recordedEvent: customers whose interactions stand elsewhere now. */
export const replacedEvent = 'journey.replaced'
export interface Replaced {
  /** Ids as the rows have them, not canonical ones. */
  customers: number[]
}

/** Something stored that a rule matches. */
export const previewExampleSchema = z
  .object({
    id: z.number().int(),
    customerId: z.number().int(),
    customerName: z.string().nullable(),
    at: z.string(),
    name: z.string(),
    channel: z.string(),
    path: z.string().nullable(),
  })
  .openapi('PlacedExample')
export type PreviewExample = z.infer<typeof previewExampleSchema>

export const previewSchema = z
  .object({
    sample: z.boolean().openapi({ description: 'True when counts are scaled up from a sample.' }),
    lookedAt: z.number().int(),
    of: z
      .number()
      .int()
      .openapi({ description: 'How many could be concerned; roughly, when it is a sample.' }),
    moves: z
      .array(
        z.object({
          from: z
            .number()
            .int()
            .nullable()
            .openapi({ description: 'The touchpoint it stands at now; null: unplaced.' }),
          to: z.number().int().nullable(),
          count: z.number().int(),
          examples: z.array(previewExampleSchema),
        }),
      )
      .openapi({
        description: 'Asked about one touchpoint, what stays there is among them (from equals to).',
      }),
    taken: z
      .array(z.object({ touchpointId: z.number().int(), count: z.number().int() }))
      .openapi({ description: 'What its rules match too, but rules of these touchpoints get first.' }),
  })
  .openapi('JourneyPreview')
export type Preview = z.infer<typeof previewSchema>

export const suggestionSchema = z
  .object({
    /** Null: no touchpoint on the map is for this; `add` says which to make. */
    touchpointId: z.number().int().nullable(),
    touchpoint: z.string(),
    stage: z.string(),
    add: z
      .object({ stageId: z.number().int(), by: z.enum(actedBy), purpose: z.enum(purposes) })
      .nullable()
      .openapi({ description: 'The touchpoint that would have to be made, and in which stage.' }),
    /** Why, in a few words. */
    why: z.string(),
  })
  .openapi('PlacingSuggestion')
export type Suggestion = z.infer<typeof suggestionSchema>

export const unplacedSchema = z
  .object({
    event: z.string().openapi({ description: 'The name, or the beginning that many names share, with *.' }),
    names: z.number().int().openapi({ description: 'How many names that is.' }),
    count: z.number().int(),
    more: z.boolean().openapi({ description: 'True when there are more than `count`: it stops counting.' }),
    channels: z.array(z.string()),
    examples: z.array(previewExampleSchema),
    suggestions: z.array(suggestionSchema),
  })
  .openapi('UnplacedEvents')
export type Unplaced = z.infer<typeof unplacedSchema>

export const budgetInputSchema = z
  .object({
    touchpointId: z.number().int().positive(),
    startsOn: z.iso.date(),
    endsOn: z.iso.date(),
    amountMinor: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'three capital letters, as in EUR')
      .optional(),
  })
  .openapi('BudgetInput')
export type BudgetInput = z.infer<typeof budgetInputSchema>
export const budgetSchema = budgetInputSchema
  .required({ currency: true })
  .extend({ id: z.number().int() })
  .openapi('Budget')
export type Budget = z.infer<typeof budgetSchema>

export const careStandardInputSchema = z
  .object({
    name: nameSchema,
    touchpointId: z.number().int().positive(),
    withinDays: z.number().int().min(1).max(3650),
    countsFrom: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(null)
      .openapi({ description: 'The touchpoint that the days are counted from; null: the sale.' }),
  })
  .openapi('CareStandardInput')
export type CareStandardInput = z.infer<typeof careStandardInputSchema>
export const careStandardSchema = careStandardInputSchema
  .extend({ id: z.number().int() })
  .openapi('CareStandard')
export type CareStandard = z.infer<typeof careStandardSchema>
