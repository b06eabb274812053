import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, partSchema } from '../schema.ts'

export const winningQuery = scopeQuery.extend({
  quiet: z.coerce
    .number()
    .int()
    .min(7)
    .max(730)
    .default(90)
    .describe('Days without a word after which somebody who has not bought counts as lost'),
})

/** Who is courted: brought by a customer, a customer who bought before, or neither. */
export const courted = ['referred', 'returning', 'cold'] as const

const spread = z
  .object({ n: z.number().int(), median: z.number().nullable(), p90: z.number().nullable() })
  .openapi('Spread')
const differenceSchema = z
  .object({ value: z.number(), low: z.number(), high: z.number(), tells: z.boolean() })
  .nullable()

export const winningSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    quiet: z.number().int(),
    groups: z.array(
      z.object({
        courted: z.enum(courted),
        begun: z.number().int(),
        open: z.number().int(),
        won: partSchema,
        /** In points of 1, against cold. */
        againstCold: differenceSchema,
        days: spread,
        touches: spread,
        revenueMinor: z.number(),
        revenueShare: z.number().nullable(),
      }),
    ),
    reasons: z.array(z.object({ reason: z.string(), n: z.number().int(), share: z.number() })),
    wentTo: z.array(z.object({ name: z.string(), n: z.number().int(), share: z.number() })),
    currency: z.string(),
  })
  .openapi('Winning')
export type Winning = z.infer<typeof winningSchema>
