import { z } from '@hono/zod-openapi'
import { scoreClaimSchema } from './judgement-schema.ts'

const ledgerSchema = z.object({
  n: z.number().int().describe('Experiences'),
  good: z.number().describe('0 to 1'),
  bad: z.number().describe('0 to 1'),
})

export const scoreSchema = z
  .object({
    value: z.number().nullable().describe('0 to 100; null while there is not enough evidence'),
    start: z.number().describe('Where everybody begins'),
    sentence: z.string(),
    claim: scoreClaimSchema.describe(
      'predictive: on later time it foretold who came back better than purchases and ratings did',
    ),
    halfLifeDays: z
      .number()
      .nullable()
      .describe('Days in which an experience loses half its weight; null: never'),
    effort: ledgerSchema.describe('What was experienced before the first sale'),
    choice: ledgerSchema.describe('What was experienced since; the score is made of these'),
    contributions: z
      .array(
        z.object({
          interactionId: z.number().int(),
          at: z.iso.datetime(),
          words: z.string(),
          value: z.number().describe('How good or bad it was, −1 to +1'),
          evidence: z.enum(['said', 'inferred', 'impression']),
          points: z.number(),
          logOdds: z.number(),
        }),
      )
      .describe(
        'What each experience does to the score, in order of time; together with start they are the value',
      ),
  })
  .openapi('Score')
export type Score = z.infer<typeof scoreSchema>
