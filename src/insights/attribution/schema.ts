import { z } from '@hono/zod-openapi'
import { attributionMethods } from '../../stats/attribution.ts'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema } from '../schema.ts'

export const attributionQuery = scopeQuery.extend({
  by: z
    .enum(['touchpoint', 'channel'])
    .default('touchpoint')
    .describe('What first sales are credited to: touchpoints, or the channels they went through'),
  lookback: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .describe('Days before the sale in which a touch counts'),
  quiet: z.coerce
    .number()
    .int()
    .min(1)
    .max(730)
    .default(90)
    .describe('Days without a touch after which somebody who has not bought counts as not won'),
})

const methods = z.enum(attributionMethods)
const creditSchema = z.object({
  method: methods,
  /** First sales credited, their share of all credited ones, and its 95 % interval by customer. Null: can't be told. */
  sales: z.number().nullable(),
  share: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** What these sales were worth, in minor units. */
  minor: z.number().nullable(),
})

export const attributionSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    by: z.enum(['touchpoint', 'channel']),
    lookback: z.number().int(),
    quiet: z.number().int(),
    /** First sales with a touch before them, and without; customers who were touched and did not buy, and who still may. */
    won: z.number().int(),
    untouched: z.number().int(),
    lost: z.number().int(),
    open: z.number().int(),
    /** What the first sales with a touch were worth, in minor units. */
    minor: z.number(),
    currency: z.string(),
    /** The most credited first, by the middle of its methods. */
    credited: z.array(
      z.object({
        /** The touchpoint's id; null for a channel. */
        id: z.number().int().nullable(),
        name: z.string(),
        side: z.enum(['before', 'after']).nullable(),
        /** Customers who bought and had touched it, and who did not. */
        wonWith: z.number().int(),
        lostWith: z.number().int(),
        by: z.array(creditSchema),
        /** The least and the most that any method credits, as shares. */
        least: z.number(),
        most: z.number(),
      }),
    ),
  })
  .openapi('Attribution')
export type Attribution = z.infer<typeof attributionSchema>
