import { z } from '@hono/zod-openapi'
import { judgementSchema, standingStateSchema } from '../../validation/schema.ts'
import { statementSchema } from '../asking/statement.ts'

/** Where customers stand; `silent`: bought, not confirmed, and left alone. */
export const scoreGroups = ['doubting', 'silent', 'unproven', 'validated', 'advocate', 'lost'] as const

export const scoreQuery = z.object({
  silent: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(60)
    .describe('Days without a caring word after which a buyer counts as left alone'),
})

export const scoreAnswerSchema = z
  .object({
    statements: z.array(statementSchema),
    silent: z.number().int(),
    /** Null: never fitted so far. */
    fittedAt: z.iso.datetime().nullable(),
    judgement: judgementSchema.nullable(),
    weights: z.object({
      halfLifeDays: z.number().nullable(),
      start: z.number(),
      good: z.number(),
      bad: z.number(),
      peak: z.number(),
      last: z.number(),
      first: z.number(),
    }),
    groups: z.array(
      z.object({
        group: z.enum(scoreGroups),
        state: standingStateSchema,
        customers: z.number().int(),
        scored: z.number().int(),
        low: z.number().nullable().describe('A quarter score less'),
        median: z.number().nullable(),
        high: z.number().nullable().describe('A quarter score more'),
      }),
    ),
  })
  .openapi('ScoreAnswer')
export type ScoreAnswer = z.infer<typeof scoreAnswerSchema>
