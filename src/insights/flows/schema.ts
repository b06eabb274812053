import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema } from '../schema.ts'
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
    ways: waysSchema.nullable(),
  })
  .openapi('Flows')
export type Flows = z.infer<typeof flowsSchema>
