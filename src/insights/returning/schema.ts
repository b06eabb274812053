import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema } from '../schema.ts'

export const returnQuery = scopeQuery.extend({
  compare: z.string().max(60).optional().describe('segment:ID or everyone: whose curve stands beside'),
  span: z.coerce
    .number()
    .int()
    .min(7)
    .max(1_825)
    .default(365)
    .describe('Days ahead for which sales are foretold'),
})

const nullable = z.number().nullable()
const estimate = z.object({ value: nullable, low: nullable, high: nullable, n: z.number().int() })

const curveSchema = z.object({
  id: z.string(),
  name: z.string(),
  n: z.number().int(),
  happened: z.number().int(),
  curve: z.array(
    z.object({
      time: z.number().describe('Days'),
      share: z.number().describe('Had come back, of those followed so long'),
      low: nullable,
      high: nullable,
      atRisk: z.number().int(),
    }),
  ),
  median: estimate.describe('Days until half had come back'),
  withinYear: estimate,
})
export type ReturnCurve = z.output<typeof curveSchema>

const differenceSchema = z
  .object({ chiSquare: z.number(), degrees: z.number().int(), p: z.number() })
  .nullable()

const customerSchema = z.object({
  customerId: z.number().int(),
  name: z.string().nullable(),
  sales: z.number().int(),
  lastDay: z.string(),
  alive: z.number().describe('The chance that this is still a customer'),
  expected: z.number().describe('Sales to expect in the span'),
  expectedMinor: nullable,
  brought: z.number().int(),
})
export type ReturningCustomer = z.output<typeof customerSchema>

export const returnSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    span: z.number().int(),
    customers: z.number().int(),
    first: z
      .array(curveSchema)
      .describe('From the first sale to the second, by when they first bought, or by segment'),
    later: z.array(curveSchema).describe('From the second sale to the third, and so on'),
    difference: differenceSchema.describe('Whether the groups of `first` differ: log-rank'),
    cohorts: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        n: z.number().int(),
        cells: z.array(estimate.extend({ open: z.boolean() }).nullable()),
      }),
    ),
    cohortColumns: z.array(z.string()),
    model: z
      .object({
        name: z.string(),
        parameters: z.record(z.string(), z.number()),
        unit: z.literal('weeks'),
        customers: z.number().int(),
        logLikelihood: z.number(),
        dropout: z.enum(['seen', 'none detectable']),
        stillCustomers: z.number(),
        expected: z.object({ value: z.number(), low: nullable, high: nullable }),
        meanValueMinor: nullable,
        expectedMinor: nullable,
      })
      .nullable(),
    cannotForetell: z.string().nullable(),
    check: z
      .object({
        until: z.string().describe('The model knew everything before this day'),
        days: z.number().int(),
        foretold: z.object({ value: z.number(), low: nullable, high: nullable }),
        happened: z.number().int(),
        within: z.boolean().nullable(),
        groups: z
          .array(
            z.object({
              n: z.number().int(),
              foretold: z.number(),
              happened: z.number(),
              low: nullable.describe('Of happened, as a mean'),
              high: nullable,
            }),
          )
          .describe('Tenths of the customers, by what was foretold for them: sales for each, on average'),
      })
      .nullable(),
    best: z.array(customerSchema),
    bringers: z.array(customerSchema).describe('Not expected to return, but they brought others'),
    currency: z.string(),
  })
  .openapi('Return')
export type ReturnAnswer = z.output<typeof returnSchema>
