import { z } from '@hono/zod-openapi'
import { statementSchema } from '../asking/statement.ts'
import { scopeQuery } from '../question.ts'
import { askedSchema, levelSchema, partSchema } from '../schema.ts'
import { outcomePattern } from './outcome.ts'

const days = (about: string) => z.coerce.number().int().min(1).max(3_650).optional().describe(about)

export const touchpointsQuery = scopeQuery.extend({
  outcome: z
    .string()
    .regex(outcomePattern, 'one of return, referral, renewal, rating, segment:ID')
    .default('return')
    .describe('What is looked for afterwards: return, referral, renewal, rating, or segment:ID'),
  landmark: days(
    'Days after the first sale up to which what a customer met counts; without it, from the data',
  ),
  horizon: days('Days after that in which the outcome is looked for; without it, from the data'),
  lookback: days(
    'Days before the first sale from which what a customer met counts; without it, from the data',
  ),
  model: z
    .enum(['linear', 'logistic'])
    .default('linear')
    .describe(
      'How a yes or no is weighed: linear (touchpoints add to the share who come back) or logistic (they multiply its odds)',
    ),
  criteria: z
    .enum(['no', 'yes'])
    .default('no')
    .describe(
      'yes: also compare what goes along with choosing (the first purchase) with what goes along with the outcome after it',
    ),
})

/** A difference between equals, or between all: in shares of 1, or in experience (−1 to 1). */
const differenceSchema = z
  .object({ value: z.number(), low: z.number(), high: z.number(), tells: z.boolean() })
  .openapi('TouchpointDifference')
export type Difference = z.infer<typeof differenceSchema>

const comparedSchema = z
  .object({
    /** As counted. */
    plain: differenceSchema.nullable(),
    /** Between equals. */
    equals: differenceSchema.nullable(),
    /** Between equals but for how busy they are. */
    withoutActivity: z.number().nullable(),
    /** p of `equals`, adjusted for all that were compared (Holm). */
    p: z.number().nullable(),
  })
  .openapi('TouchpointCompared')
export type Compared = z.infer<typeof comparedSchema>

const quadrants = ['mend', 'keep', 'minor', 'fine'] as const
export type Quadrant = (typeof quadrants)[number]

const touchpointSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    stage: z.string(),
    side: z.enum(['before', 'after']),
    by: z.enum(['us', 'customer']),
    /** Of the buyers that were counted. */
    met: partSchema,
    said: levelSchema,
    inferred: levelSchema,
    /** Which of the two the picture shows. */
    shown: z.enum(['said', 'inferred']),
    good: partSchema,
    bad: partSchema,
    importance: z
      .object({
        /** Of the differences in the outcome between customers. */
        share: z.number(),
        low: z.number(),
        high: z.number(),
        /** What as many columns of pure chance would get. */
        chance: z.number(),
        /** Of what goes along with all touchpoints. */
        ofTouchpoints: z.number().nullable(),
        rank: z.number().int(),
        bestRank: z.number().int(),
        worstRank: z.number().int(),
      })
      .nullable(),
    /** Having met it against not. */
    meeting: comparedSchema,
    /** Having felt well there against badly. */
    feeling: comparedSchema,
    asymmetry: z
      .object({
        value: z.number(),
        low: z.number(),
        high: z.number(),
        kind: z.enum(['basic', 'exciting', 'linear']).nullable(),
      })
      .nullable(),
    /** Where it surely lies: in at least 90 of 100 draws of customers. */
    quadrant: z.enum(quadrants).nullable(),
    /** Counted, it makes a difference; between equals, none that could be told. */
    decoy: z.enum(['busy', 'otherwise']).nullable(),
    /** Names of touchpoints that nearly the same customers met. */
    twins: z.array(z.string()),
    cannotTell: z.object({ words: z.string(), needed: z.number().int().nullable() }).nullable(),
  })
  .openapi('TouchpointRelation')
export type TouchpointRelation = z.infer<typeof touchpointSchema>

/** Of all that touchpoints before the sale go along with, beyond chance. */
const weightSchema = z.object({ value: z.number(), low: z.number(), high: z.number() })

const criterionSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    met: z.object({ choosing: z.number().int(), validated: z.number().int() }),
    choosing: weightSchema.nullable(),
    validated: weightSchema.nullable(),
    /** Choosing less validated; p adjusted for all touchpoints (Holm). */
    difference: weightSchema.extend({ p: z.number(), tells: z.boolean() }).nullable(),
  })
  .openapi('SelectionCriterion')
export type Criterion = z.infer<typeof criterionSchema>

const criteriaSideSchema = z
  .object({
    n: z.number().int(),
    tooRecent: z.number().int(),
    /** Had bought by the landmark. */
    already: z.number().int(),
    /** With the outcome; null for ratings, and with too few. */
    share: partSchema.nullable(),
    /** Of the differences between customers, what all touchpoints before the sale go along with, beyond chance. */
    explained: z.number().nullable(),
  })
  .openapi('CriteriaSide')

const criteriaSchema = z
  .object({
    /** Of choosing: days from the first touch to the landmark, and on from there. */
    spans: z.object({ landmark: z.number().int(), horizon: z.number().int() }),
    choosing: criteriaSideSchema,
    validated: criteriaSideSchema,
    touchpoints: z.array(criterionSchema),
    cannotTell: z
      .object({
        words: z.enum(['choosing', 'validated', 'both']),
        why: z.string(),
        needed: z.number().int().nullable(),
      })
      .nullable(),
  })
  .openapi('Criteria')
export type Criteria = z.infer<typeof criteriaSchema>

export const touchpointsSchema = z
  .object({
    statements: z.array(statementSchema),
    asked: askedSchema,
    outcome: z.object({
      kind: z.enum(['return', 'referral', 'renewal', 'rating', 'segment']),
      segment: z.object({ id: z.number().int(), name: z.string() }).nullable(),
      /** "coming back" */
      noun: z.string(),
      /** Share with the outcome, or its mean. */
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
    spans: z.object({
      lookback: z.number().int(),
      landmark: z.number().int(),
      horizon: z.number().int(),
      /** Days between a sale and the same customer's next, for half of them. */
      usualGap: z.number().nullable(),
      gaps: z.number().int(),
    }),
    /** From all buyers to those that were counted, and why the others were left out. */
    funnel: z.array(z.object({ name: z.string(), words: z.string(), n: z.number().int() })),
    n: z.number().int(),
    early: z.number().int(),
    model: z.object({ kind: z.enum(['linear', 'logistic']), words: z.string() }),
    /** What equals are equal in. */
    controls: z.array(z.string()),
    activity: z.object({ touchpoints: z.array(z.string()), reliability: z.number() }),
    /** Shares of the differences between customers that go along with touchpoints, and with what equals are equal in. */
    explained: z.object({ touchpoints: z.number(), controls: z.number() }).nullable(),
    /** From this share on a touchpoint matters more than touchpoints do on average. */
    matters: z.number().nullable(),
    touchpoints: z.array(touchpointSchema),
    /** What choosing hangs on against what being validated hangs on, where that was asked. */
    criteria: criteriaSchema.nullable(),
  })
  .openapi('Touchpoints')
export type Touchpoints = z.infer<typeof touchpointsSchema>
