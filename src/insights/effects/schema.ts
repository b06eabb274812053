import { z } from '@hono/zod-openapi'
import { dimensions, sourceKinds } from '../../expectations/schema.ts'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, partSchema } from '../schema.ts'
import { endings, moments } from './questions.ts'

export const effectsQuery = scopeQuery.extend({
  rule: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Which promise (its number); without it the one that was decided most often'),
  horizon: z.coerce
    .number()
    .int()
    .min(7)
    .max(3650)
    .optional()
    .describe('Days within which coming back counts; without it taken from how customers come back'),
  touchpoint: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Only ratings given at this touchpoint (its number)'),
  word: z
    .enum(['first', 'last'])
    .default('last')
    .describe(
      'What it is held against when it was moved: the first word, or the last one (a day that the customer asked for counts as the first word)',
    ),
  people: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      'true: also tell apart the persons who made promises. Managers and owners see all who made 30 or more, everybody else only themselves',
    ),
})

const nullable = z.number().nullable()
const count = z.number().int()

/** A mean (stars from 1 to 5) or a share (of 1), with its interval; null with too few. */
const estimateSchema = z
  .object({ n: count, value: nullable, low: nullable, high: nullable })
  .openapi('Estimate')
export type Estimate = z.infer<typeof estimateSchema>

const differenceSchema = z
  .object({ value: z.number(), low: z.number(), high: z.number(), tells: z.boolean() })
  .openapi('EffectDifference')
export type Difference = z.infer<typeof differenceSchema>

export const outcomes = ['rating', 'cameBack', 'unhappy'] as const
export type Outcome = (typeof outcomes)[number]

/** Two groups in one outcome: as they are, and compared with equals. */
const comparisonSchema = z
  .object({
    outcome: z
      .enum(outcomes)
      .describe('Stars from 1 to 5; share who bought again; share who complained or worse'),
    of: estimateSchema,
    against: estimateSchema,
    raw: differenceSchema.nullable().describe('of − against'),
    adjusted: differenceSchema.nullable().describe('The same among equals'),
    because: z.string().nullable().describe('Why nothing can be told among equals'),
    needed: count
      .nullable()
      .describe('How many there would have to be of the smaller group to see a difference worth seeing'),
    adjustedFor: z.array(z.string()).describe('What equals are the same in'),
  })
  .openapi('EffectComparison')
export type Comparison = z.infer<typeof comparisonSchema>

/** The step at the promise, and what each day (or unit) beyond adds until `cap`. */
const stepSchema = z
  .object({
    outcome: z.enum(outcomes),
    n: count,
    step: differenceSchema.nullable(),
    slope: differenceSchema.nullable(),
    cap: nullable,
    because: z.string().nullable(),
  })
  .openapi('EffectStep')
export type Step = z.infer<typeof stepSchema>

const sourceSchema = z
  .object({
    kind: z.enum(sourceKinds),
    name: z.string().nullable(),
    held: partSchema.describe('Held by the first word, of those that are decided by it'),
    adjusted: differenceSchema
      .nullable()
      .describe('Share that holds against all other sources, among equals; tells: after Holm’s correction'),
    promised: nullable.describe('Days that were said, the middle one'),
    took: nullable.describe('Days it took, the middle one of those that came'),
  })
  .openapi('EffectSource')
export type Source = z.infer<typeof sourceSchema>

/** What the arithmetic gives; effects.ts adds the words. */
export const figuresSchema = z.object({
  counts: z.object({
    all: count,
    kept: count.describe('In time, the better than said among them'),
    exceeded: count,
    late: count,
    neverCame: count,
    awaited: count.describe('Overdue, and may still come'),
    open: count,
    withdrawn: count,
    tooRecent: count.describe('Settled too recently to know who comes back'),
  }),
  comparisons: z.array(comparisonSchema).describe('Came late against came in time'),
  steps: z.array(stepSchema),
  doses: z.array(
    z.object({ from: nullable, to: nullable, rating: estimateSchema, cameBack: estimateSchema }),
  ),
  exceeded: z.array(comparisonSchema).describe('Better than said against just in time'),
  told: z
    .array(comparisonSchema)
    .describe('Of those whose first word did not hold and came: told beforehand against not told'),
  endings: z.array(
    z.object({ ending: z.enum(endings), n: count, rating: estimateSchema, cameBack: estimateSchema }),
  ),
  moments: z.array(
    z.object({
      moment: z.enum(moments),
      rating: estimateSchema,
      endings: z.array(z.object({ ending: z.enum(endings), rating: estimateSchema })),
    }),
  ),
  sources: z.array(sourceSchema),
  people: z.array(sourceSchema).describe('By name; empty unless asked for'),
  fewPeople: count.describe('Persons who are not shown because they made too few'),
})
export type Figures = z.infer<typeof figuresSchema>

export const effectsSchema = figuresSchema
  .extend({
    statements: z.array(statementSchema),
    asked: askedSchema,
    promise: z
      .object({
        id: count,
        name: z.string(),
        dimension: z.enum(dimensions),
        currency: z.string().nullable(),
        exceededBy: nullable,
      })
      .nullable(),
    promises: z.array(z.object({ id: count, name: z.string(), kept: partSchema })),
    horizon: count,
    word: z.enum(['first', 'last']),
    touchpoint: z.object({ id: count, name: z.string() }).nullable(),
    touchpoints: z.array(z.object({ id: count, name: z.string() })).describe('Where this promise was rated'),
    peopleShown: z.enum(['nobody', 'yourself', 'everybody']),
  })
  .openapi('Effects')
export type Effects = z.infer<typeof effectsSchema>
