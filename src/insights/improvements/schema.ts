import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, changeSchema, levelSchema, partSchema } from '../schema.ts'

const dayPattern = /^\d{4}-\d{2}-\d{2}$/
export const improvementInputSchema = z
  .object({
    what: z.string().trim().min(1).max(300).describe('What was changed, in your words'),
    note: z.string().trim().max(5_000).optional(),
    madeOn: z.string().regex(dayPattern, 'a day like 2026-01-31').describe('The first day of the new way'),
    touchpointId: z.number().int().positive().optional().describe('Where it was changed …'),
    promiseId: z.number().int().positive().optional().describe('… or the promise that was changed'),
  })
  .refine((given) => (given.touchpointId === undefined) !== (given.promiseId === undefined), {
    message: 'name a touchpoint or a promise, one of them',
    path: ['touchpointId'],
  })
  .openapi('ImprovementInput')
export type ImprovementInput = z.output<typeof improvementInputSchema>

export const improvementSchema = z
  .object({
    id: z.number().int(),
    what: z.string(),
    note: z.string().nullable(),
    madeOn: z.string(),
    madeBy: z.string(),
    kind: z.enum(['touchpoint', 'promise']),
    aboutId: z.number().int(),
    about: z.string().nullable().describe('The name of the touchpoint or promise; null when it is gone'),
  })
  .openapi('Improvement')
export type Improvement = z.output<typeof improvementSchema>

export const improvementsQuery = scopeQuery.extend({
  days: z.coerce
    .number()
    .int()
    .min(7)
    .max(730)
    .default(90)
    .describe('Days before and after a change that are compared'),
})

const lined = z
  .object({
    level: changeSchema.describe('The step at the change'),
    byNow: changeSchema.describe('Against where the line from before had led'),
    weeksBefore: z.number().int(),
    weeksAfter: z.number().int(),
    caution: z.string(),
  })
  .nullable()

const weekSchema = z.object({
  at: z.string().describe('The Monday it begins on'),
  n: z.number().int(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  signal: z.enum(['good', 'bad']).nullable(),
})
export type Week = z.output<typeof weekSchema>

const stretchSchema = z.object({
  from: z.string(),
  to: z.string(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().int(),
})

export const watchedSchema = z.object({
  kind: z.enum(['touchpoint', 'promise']),
  aboutId: z.number().int(),
  about: z.string(),
  /** What is watched: how good it was (−1 to 1), or the share kept. */
  figure: z.enum(['experience', 'kept']),
  weeks: z.array(weekSchema),
  stretches: z.array(stretchSchema).describe('Levels between turns; one when nothing has turned'),
  turns: z.array(
    z.object({
      since: z.string(),
      sure: z.string(),
      good: z.boolean(),
      before: z.number(),
      after: z.number(),
    }),
  ),
  cannotTell: z.string().nullable(),
})
export type Watched = z.output<typeof watchedSchema>

export const improvementsSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    days: z.number().int(),
    improvements: z.array(
      improvementSchema.extend({
        evidence: z.enum(['said', 'inferred']).nullable().describe('Whose word the experience is'),
        experience: z
          .object({ before: levelSchema, after: levelSchema, change: changeSchema.nullable() })
          .nullable(),
        kept: z.object({ before: partSchema, after: partSchema, change: changeSchema.nullable() }).nullable(),
        lined,
        cannotTell: z.string().nullable(),
      }),
    ),
    watched: z.array(watchedSchema),
    falseAlarmsAYear: z.number(),
  })
  .openapi('Improvements')
export type Improvements = z.output<typeof improvementsSchema>
