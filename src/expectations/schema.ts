import { z } from '@hono/zod-openapi'
import { placingRuleSchema } from '../journey/schema.ts'

export const states = ['open', 'kept', 'exceeded', 'broken', 'withdrawn'] as const
export type State = (typeof states)[number]

/** Where a promise was made. `order`: on the order itself; `message`: in something we sent. */
export const sourceKinds = [
  'ad',
  'page',
  'proposal',
  'person',
  'contract',
  'message',
  'order',
  'other',
] as const
export type SourceKind = (typeof sourceKinds)[number]

export const precisions = ['hour', 'day', 'week', 'month', 'part'] as const
export type Precision = (typeof precisions)[number]

export const dimensions = ['days', 'money', 'points'] as const
export type Dimension = (typeof dimensions)[number]

const units = ['hours', 'days', 'working days', 'weeks', 'months'] as const
export type Unit = (typeof units)[number]

const path = z.string().min(1).max(200)

/** Where the due time is taken from. Of several, the first that the opening event can answer counts. */
const dueTermSchema = z
  .union([
    z.object({
      property: path.describe(
        'Holds a timestamp, a day, "2026-W34", "early September", "6 weeks", or a number of `unit`.',
      ),
      unit: z.enum(units).optional().describe('What a bare number in the property counts.'),
    }),
    z.object({ after: z.number().positive().max(10_000), unit: z.enum(units) }),
  ])
  .openapi('DueTerm')
export type DueTerm = z.infer<typeof dueTermSchema>

export const expectationRuleSchema = z
  .object({
    dimension: z.enum(dimensions).default('days'),
    /** The event that makes the promise. */
    opened: placingRuleSchema,
    due: z.array(dueTermSchema).max(5).default([]),
    /** Overrides how exactly the promise is read: a timestamp judged as a day, an offset judged as a week. */
    precision: z.enum(precisions).optional(),
    /** Whose calendar counts; without it the customer's, else the workspace's. */
    timeZone: z.string().max(60).optional(),
    /** For money and points: what was named, and which way it may not be missed. */
    threshold: z
      .object({
        property: path.optional(),
        value: z.number().optional(),
        limit: z.enum(['at most', 'at least']),
      })
      .optional(),
    /** The event that keeps it; for money and points the property that holds what it came to. */
    kept: placingRuleSchema,
    keptValue: path.optional(),
    /** An event that contradicts it, whatever the time. */
    broken: placingRuleSchema.optional(),
    /** The customer needs it no longer. */
    withdrawn: placingRuleSchema.optional(),
    moved: z
      .object({
        on: placingRuleSchema,
        due: path,
        unit: z.enum(units).optional(),
        /** Holds "customer" when the customer asked for it; anything else is us. */
        by: path.optional(),
        /** When the customer was told, if not at the event itself. */
        told: path.optional(),
      })
      .optional(),
    /** The customer is told beforehand that it will not hold. */
    told: placingRuleSchema.optional(),
    /** Better than said by at least this much (days, major units of money, points) is exceeded. */
    exceededBy: z.number().positive().optional(),
    statedBy: z.enum(['us', 'customer']).default('us'),
    source: z
      .object({
        kind: z.enum(sourceKinds).default('other'),
        /** A property that names the kind, where it differs from event to event. */
        kindProperty: path.optional(),
        name: z.string().max(200).optional(),
        /** A property that names which ad, page, proposal or contract. */
        nameProperty: path.optional(),
        /** A property that names who said it; read only where a person did. */
        personProperty: path.optional(),
      })
      .default({ kind: 'other' }),
  })
  .openapi('ExpectationRuleBody')
export type Rule = z.infer<typeof expectationRuleSchema>

/** What an expectation made by hand is kept, broken, withdrawn, moved or told by, if an event does it. */
export type Watch = Pick<
  Rule,
  'kept' | 'keptValue' | 'broken' | 'withdrawn' | 'moved' | 'told' | 'exceededBy'
>
