import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, changeSchema, partSchema } from '../schema.ts'
import { caseKinds } from './cases.ts'

export const flowsQuery = scopeQuery.extend({
  case: z
    .enum(caseKinds)
    .default('customer')
    .describe("What one journey is: a customer's life, or what belongs to one purchase"),
  coverage: z.coerce
    .number()
    .min(0.1)
    .max(1)
    .default(0.8)
    .describe('How much of all steps the graph shows, from 0.1 to 1'),
  show: z
    .enum(['all', 'graph'])
    .default('all')
    .describe('graph: only what comes next, which is faster (default: all)'),
  start: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Touchpoint from which time is taken (default: where most journeys begin)'),
  goal: z
    .union([z.literal('sale'), z.coerce.number().int().positive()])
    .optional()
    .describe('Where it should lead: sale, or a touchpoint (default: sale, where there are sales)'),
  within: z.coerce.number().int().min(1).max(3650).default(90).describe('Days in which to get there'),
  through: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Touchpoint on the way of which the effect is told first'),
  landmark: z.coerce
    .number()
    .min(0.01)
    .max(3650)
    .optional()
    .describe(
      'Days after the start at which those still open are compared (default: when a quarter are there)',
    ),
  compare: z
    .string()
    .max(60)
    .optional()
    .describe('previous, year, everyone, segment:ID or 2025-01-01..2025-06-30'),
  ways: z.coerce.number().int().min(1).max(200).default(20).describe('How many of the commonest ways'),
})

const edgeSchema = z.object({
  from: z.number().int(),
  to: z.number().int(),
  n: z.number().int(),
  /** Journeys that went this way at least once; null where only the graph was asked for. */
  cases: z.number().int().nullable(),
  /** Of all that come next after `from`. */
  share: z.number(),
  /** About the middle wait, and the one that nine in ten stay under; within a tenth. */
  medianSeconds: z.number(),
  p90Seconds: z.number(),
})

const waysSchema = z.object({
  /** Touchpoints in order (of a long way the first), journeys that took it, and their share of all. */
  commonest: z.array(
    z.object({
      steps: z.array(z.number().int()),
      length: z.number().int(),
      n: z.number().int(),
      share: z.number(),
    }),
  ),
  /** How many different ways there are, and the journeys that took one that is not listed. */
  different: z.number().int(),
  others: z.number().int(),
  othersShare: z.number(),
  /** Ways longer than this are told apart by this many first steps and their length. Null where none is. */
  toldUpTo: z.number().int().nullable(),
})

const shareSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), atRisk: z.number() })
const conversionSchema = z.object({
  start: z.number().int(),
  goal: z.union([z.literal('sale'), z.number().int()]),
  withinDays: z.number().int(),
  /** Journeys that came to the start, and those that got to the goal in time. */
  n: z.number().int(),
  arrived: z.number().int(),
  /** How long any was followed, at most the days asked about. */
  followedDays: z.number(),
  /** By then, of all: who is still on the way counts as long as followed (Kaplan–Meier). Null: too few. */
  share: shareSchema.nullable(),
  /** When half of all have got there; null: not yet. */
  half: z.object({ days: z.number(), low: z.number().nullable(), high: z.number().nullable() }).nullable(),
  curve: z.array(shareSchema.extend({ days: z.number() })),
  /** How long those took who got there in time. */
  between: z.object({
    n: z.number().int(),
    p10Seconds: z.number().nullable(),
    medianSeconds: z.number().nullable(),
    p90Seconds: z.number().nullable(),
  }),
})

const passingSchema = z.object({
  /** The touchpoint that was asked about, if any. */
  through: z.number().int().nullable(),
  landmarkDays: z.number(),
  /** Came to the start; too recent to know; there already; still open and compared; of these got there. */
  entered: z.number().int(),
  recent: z.number().int(),
  there: z.number().int(),
  open: z.number().int(),
  got: z.number().int(),
  /** By touchpoint passed before the landmark, what can be told first. */
  steps: z.array(
    z.object({
      touchpoint: z.number().int(),
      passed: partSchema,
      not: partSchema,
      /** Passed against not passed, as they are (Newcombe). */
      difference: changeSchema.nullable(),
      /** The same among those met equally often else; p is raised for all touchpoints looked at (Holm). */
      amongEquals: changeSchema.extend({ n: z.number(), p: z.number() }).nullable(),
    }),
  ),
})

const differing = {
  here: partSchema,
  there: partSchema,
  difference: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  /** Raised for all that were looked at (Benjamini and Hochberg). */
  p: z.number(),
  tells: z.boolean(),
}
const comparedSchema = z.object({
  with: askedSchema,
  /** With everybody else: those asked about are taken out. */
  others: z.boolean(),
  cases: z.number().int(),
  /** Customers who are in both. */
  both: z.number().int(),
  /** Of the journeys that came to `from`, how many went on to `to`; what differs for certain first. */
  edges: z.array(z.object({ from: z.number().int(), to: z.number().int(), ...differing })),
  touchpoints: z.array(z.object({ id: z.number().int(), ...differing })),
  conversion: conversionSchema.omit({ between: true }).nullable(),
  conversionDifference: changeSchema.nullable(),
})

export const flowsSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    case: z.enum(caseKinds),
    cases: z.number().int(),
    transitions: z.number().int(),
    touchpoints: z.array(
      z.object({
        id: z.number().int(),
        name: z.string(),
        stageId: z.number().int(),
        stage: z.string(),
        side: z.enum(['before', 'after']),
        n: z.number().int(),
        cases: z.number().int(),
        starts: z.number().int(),
        ends: z.number().int(),
      }),
    ),
    edges: z.array(edgeSchema),
    shownShare: z.number().nullable(),
    hiddenShare: z.number().nullable(),
    hiddenEdges: z.number().int(),
    /** Null where only the graph was asked for, as are those below. */
    ways: waysSchema.nullable(),
    /** Null where journeys lead nowhere else. */
    conversion: conversionSchema.nullable(),
    passing: passingSchema.nullable(),
    compared: comparedSchema.nullable(),
  })
  .openapi('Flows')
export type FlowsAsked = z.output<typeof flowsQuery>
export type Flows = z.infer<typeof flowsSchema>
