import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, changeSchema } from '../schema.ts'

const arm = z.object({
  spendMinor: z
    .number()
    .int()
    .min(0)
    .max(1e12)
    .describe('Spent for each customer of it, in minor units; 0: the holdout'),
  customers: z.number().int().min(1).max(1e9),
  returned: z.number().int().min(0).max(1e9).describe('How many of them came back'),
  planned: z.number().positive().max(1).optional().describe('The share of customers it was meant to get'),
})

export const holdoutInputSchema = z
  .object({
    touchpointId: z.number().int().positive(),
    name: z.string().trim().min(1).max(200),
    endedOn: z.iso.date(),
    arms: z.array(arm).min(2).max(6),
  })
  .superRefine(({ arms }, context) => {
    const wrong = (message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path })
    if (arms.filter((each) => each.spendMinor === 0).length !== 1)
      wrong('exactly one group is the holdout, with no spending', ['arms'])
    if (new Set(arms.map((each) => each.spendMinor)).size < arms.length)
      wrong('two groups have the same spending', ['arms'])
    arms.forEach((each, index) => {
      if (each.returned > each.customers) wrong('more came back than there were', ['arms', index, 'returned'])
    })
    const planned = arms.filter((each) => each.planned !== undefined)
    if (planned.length > 0 && planned.length < arms.length)
      wrong('the planned share is known of some groups only', ['arms'])
  })
  .openapi('HoldoutResultInput')
export type HoldoutInput = z.output<typeof holdoutInputSchema>

export const holdoutSchema = z
  .object({
    id: z.number().int(),
    touchpointId: z.number().int(),
    name: z.string(),
    endedOn: z.string(),
    arms: z.array(arm),
    madeBy: z.string(),
  })
  .openapi('HoldoutResult')
export type Holdout = z.output<typeof holdoutSchema>

export const budgetQuery = scopeQuery.extend({
  amount: z.coerce
    .number()
    .int()
    .positive()
    .max(1e15)
    .optional()
    .describe('What there is to divide, in minor units; without it what is spent now'),
  change: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(30)
    .describe('By how many in a hundred an amount may change at once'),
  reserve: z.coerce
    .number()
    .int()
    .min(0)
    .max(50)
    .default(10)
    .describe('How many in a hundred are kept for tests of what is unknown'),
})

const nullable = z.number().nullable()
const spentSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  side: z.enum(['before', 'after']),
  spentMinor: z.number(),
  reached: z.number().int(),
  perCustomerMinor: nullable,
})

export const budgetSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    currency: z.string(),
    spentMinor: z.number(),
    stages: z.array(spentSchema),
    touchpoints: z.array(
      spentSchema.extend({
        stageId: z.number().int(),
        effect: z.enum(['proven', 'nothing shown', 'unknown']),
        tests: z.array(
          holdoutSchema.extend({
            arms: z.array(
              arm.extend({
                change: changeSchema.nullable().describe('More who came back, against the holdout'),
              }),
            ),
            uneven: z.string().nullable().describe('Why the groups can’t be compared, when they can’t'),
          }),
        ),
        perReturnMinor: nullable.describe('What one more returning customer cost in the latest test'),
        neededPerGroup: nullable.describe('Customers a group needs to see two in a hundred more come back'),
        proposedMinor: nullable,
        held: z.enum(['nothing', 'min', 'max', 'unknown']).nullable(),
      }),
    ),
    divided: z
      .object({
        amountMinor: z.number(),
        reserveMinor: z.number(),
        unspentMinor: z.number(),
        effectNow: z.number(),
        effect: z.number(),
      })
      .nullable(),
    cannotDivide: z.string().nullable(),
  })
  .openapi('BudgetAnswer')
export type BudgetAnswer = z.output<typeof budgetSchema>
