import { z } from '@hono/zod-openapi'

/** What the score has been shown to be: a sum of what was experienced, or a foretelling of who comes back. */
export const scoreClaimSchema = z.enum(['descriptive', 'predictive'])

/** What foretells who comes back, each on its own or together. */
export const foretellers = [
  'base rate',
  'last rating',
  'mean rating',
  'purchases',
  'purchases and mean rating',
  'score',
  'purchases and score',
] as const
export type Foreteller = (typeof foretellers)[number]

const between = z.object({ value: z.number(), low: z.number(), high: z.number() })

/** A fit of the score and how it did on later time. */
export const judgementSchema = z
  .object({
    claim: scoreClaimSchema,
    cannotTell: z.string().nullable().describe('Why nothing was fitted, or nothing judged; null when it was'),
    comingBack: z.enum(['again', 'renew', 'referral']),
    asOf: z.iso.datetime().nullable().describe('When the record ends'),
    horizonDays: z.number().int().nullable().describe('Within how many days somebody came back, or did not'),
    fitted: z
      .object({
        n: z.number().int().describe('Customers at dates'),
        yes: z.number().int().describe('Who came back in time'),
        from: z.iso.datetime(),
        until: z.iso.datetime(),
        dates: z.number().int(),
        oneIn: z.number().int().describe('One in so many customers was taken'),
      })
      .nullable(),
    judged: z
      .object({
        n: z.number().int(),
        yes: z.number().int(),
        from: z.iso.datetime(),
        until: z.iso.datetime(),
        oneIn: z.number().int(),
      })
      .nullable(),
    halfLives: z
      .array(z.object({ days: z.number().nullable(), deviance: z.number() }))
      .describe('How well each time of fading fits: less is better'),
    foretellers: z.array(
      z.object({
        by: z.enum(foretellers),
        auc: between.nullable(),
        brier: z.number().nullable(),
        skill: z.number().nullable(),
        slope: between.nullable(),
      }),
    ),
    gains: z
      .array(between.extend({ over: z.enum(['purchases', 'purchases and mean rating']), p: z.number() }))
      .describe('What the score adds to the area under the curve'),
    bins: z
      .array(
        z.object({
          foretold: z.number(),
          hits: z.number().int(),
          n: z.number().int(),
          value: z.number().nullable(),
          low: z.number().nullable(),
          high: z.number().nullable(),
        }),
      )
      .describe('Who came back, by what the score foretold'),
    fittedModelUsed: z
      .boolean()
      .describe('False: the weights found foretold nothing on later time, so those of the beginning stay'),
  })
  .openapi('ScoreJudgement')
export type Judgement = z.infer<typeof judgementSchema>
