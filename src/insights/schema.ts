import { z } from '@hono/zod-openapi'

const nullable = z.number().nullable()
export const levelSchema = z
  .object({
    n: z.number().int(),
    value: nullable,
    low: nullable,
    high: nullable,
    good: z.number().int(),
    bad: z.number().int(),
  })
  .openapi('Level')
export const partSchema = z
  .object({ hits: z.number().int(), n: z.number().int(), value: nullable, low: nullable, high: nullable })
  .openapi('Part')
export const changeSchema = z
  .object({ value: z.number(), low: z.number(), high: z.number(), tells: z.boolean() })
  .openapi('Change')

/** A sentence in pieces, so that a mark can be drawn in it, and how it is known. */
export const sentenceSchema = z
  .object({
    parts: z.array(
      z.object({ text: z.string(), tone: z.enum(['good', 'bad', 'strong']).optional() }).strict(),
    ),
    claim: z.enum(['counted', 'goes along with', 'proven by a test']),
  })
  .openapi('InsightSentence')
export type Sentence = z.infer<typeof sentenceSchema>

export const askedSchema = z
  .object({
    from: z.string().nullable(),
    to: z.string().nullable(),
    segment: z.object({ id: z.number().int(), name: z.string() }).nullable(),
  })
  .openapi('AskedFor')

const wordsSchema = z.object({
  text: z.string(),
  experience: nullable,
  at: z.string(),
  customerId: z.number().int(),
  interactionId: z.number().int(),
})
export type Words = z.infer<typeof wordsSchema>

const figures = {
  customers: z.number().int(),
  volume: z.number().int(),
  said: levelSchema,
  inferred: levelSchema,
  impression: levelSchema,
  goodShare: partSchema,
  badShare: partSchema,
  kept: partSchema,
}

export const mapTouchpointSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    stageId: z.number().int(),
    side: z.enum(['before', 'after']),
    by: z.enum(['us', 'customer']),
    purpose: z.string(),
    ...figures,
    words: z.array(wordsSchema),
    cost: z
      .object({ minor: z.number(), currency: z.string(), perCustomerMinor: z.number().nullable() })
      .nullable(),
    compared: z
      .object({
        customers: z.number().int(),
        volume: z.number().int(),
        said: levelSchema,
        inferred: levelSchema,
        kept: partSchema,
        saidChange: changeSchema.nullable(),
        inferredChange: changeSchema.nullable(),
        keptChange: changeSchema.nullable(),
      })
      .nullable(),
  })
  .openapi('MapTouchpoint')
export type MapTouchpoint = z.infer<typeof mapTouchpointSchema>

export const mapSchema = z
  .object({
    asked: askedSchema,
    comparedWith: askedSchema.nullable(),
    sentence: sentenceSchema,
    customers: z.number().int(),
    interactions: z.number().int(),
    buyers: z.number().int(),
    sales: z.number().int(),
    unplaced: z.object({ n: z.number().int(), share: nullable }),
    stages: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        side: z.enum(['before', 'after']),
        ...figures,
      }),
    ),
    touchpoints: z.array(mapTouchpointSchema),
    firstExperience: levelSchema,
    lastExperience: levelSchema,
    currency: z.string(),
  })
  .openapi('JourneyMapFigures')
export type MapAnswer = z.infer<typeof mapSchema>

const weighed = z.object({ before: z.number(), after: z.number(), words: z.string() })
export const balanceSchema = z
  .object({
    asked: askedSchema,
    buyers: z.number().int(),
    touches: weighed,
    asking: weighed.extend({ askedAfter: z.number().int() }),
    money: weighed.extend({ currency: z.string() }).nullable(),
    experience: z.object({
      before: levelSchema,
      after: levelSchema,
      change: changeSchema.nullable(),
      words: z.string(),
    }),
    inferred: z.object({ before: levelSchema, after: levelSchema }),
    kept: z.object({
      before: partSchema,
      after: partSchema,
      change: changeSchema.nullable(),
      words: z.string(),
    }),
    firstExperience: levelSchema,
    lastExperience: levelSchema,
    levelWords: z.string(),
    channels: z.array(z.object({ name: z.string(), touches: z.number().int() })),
  })
  .openapi('Balance')
export type BalanceAnswer = z.infer<typeof balanceSchema>

export const silenceSchema = z
  .object({
    asked: askedSchema,
    asOf: z.string(),
    /** False when nothing that ends a silence was ever recorded: then there are no figures. */
    visible: z.boolean(),
    words: z.string(),
    buyers: z.number().int(),
    channels: z.array(z.object({ name: z.string(), touches: z.number().int() })),
    spans: z.array(
      z.object({
        days: z.number().int(),
        /** of the buyers of this time whose sale lies that far back: no caring touch within those days */
        sinceSale: partSchema,
        /** of all who ever bought: nothing caring for that long, up to the day of the answer */
        now: partSchema,
      }),
    ),
  })
  .openapi('Silence')
export type SilenceAnswer = z.infer<typeof silenceSchema>

export const careSchema = z
  .object({
    asked: askedSchema,
    asOf: z.string(),
    sales: z.number().int(),
    standards: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        touchpoint: z.object({ id: z.number().int(), name: z.string() }),
        withinDays: z.number().int(),
        /** the touchpoint that the days are counted from; null: the sale */
        countsFrom: z.string().nullable(),
        got: z.number().int(),
        late: z.number().int(),
        missed: z.number().int(),
        notDueYet: z.number().int(),
        /** got it in time, of those where the time is over */
        share: partSchema,
      }),
    ),
  })
  .openapi('Care')
export type CareAnswer = z.infer<typeof careSchema>
