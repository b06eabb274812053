// What goes over the wire: the shapes that the pages, the command line and others read.
import { z } from '@hono/zod-openapi'
import { customerSummarySchema } from '../customers/customers.ts'
import { dimensions, expectationRuleSchema, precisions, sourceKinds, states } from './schema.ts'

const count = z.number().int()
const nullableNumber = z.number().nullable()

const shareSchema = z
  .object({
    hits: count,
    n: count,
    value: nullableNumber.openapi({ description: 'From 0 to 1; null when nothing was counted.' }),
    low: z.number(),
    high: z.number(),
  })
  .openapi('Share')

const countsShape = {
  kept: count,
  exceeded: count,
  broken: count,
  overdue: count,
  open: count,
  withdrawn: count,
  unmended: count,
  byLastWord: shareSchema,
  byFirstWord: shareSchema,
}
const countsSchema = z.object(countsShape).openapi('ExpectationCounts')
const sourceCountsSchema = z
  .object({ kind: z.enum(sourceKinds), name: z.string().nullable(), ...countsShape })
  .openapi('ExpectationSourceCounts')
export const summarySchema = z
  .object({
    all: countsSchema,
    rules: z.array(z.object({ ruleId: count.nullable(), name: z.string(), ...countsShape })),
    sources: z.array(sourceCountsSchema),
  })
  .openapi('ExpectationSummary')

export const gapsSchema = z
  .object({
    dimension: z.enum(dimensions),
    currency: z.string().nullable(),
    n: count,
    median: nullableNumber,
    low: nullableNumber,
    high: nullableNumber,
    awaited: count,
    bins: z.array(z.object({ from: z.number(), to: z.number(), n: count })),
  })
  .openapi('ExpectationGaps')

const keepableSchema = z
  .object({
    value: nullableNumber,
    low: nullableNumber,
    high: nullableNumber,
    n: count,
    say: z.string().nullable(),
  })
  .openapi('KeepablePromise')
const storedRuleShape = {
  id: count,
  name: z.string(),
  version: count,
  statement: z.string(),
  rule: expectationRuleSchema,
  active: z.boolean(),
  createdAt: z.iso.datetime(),
  retiredAt: z.iso.datetime().nullable(),
}
export const storedRuleSchema = z.object(storedRuleShape).openapi('ExpectationRule')
export const namedRuleSchema = z
  .object({
    id: count,
    name: z.string(),
    retiredAt: z.iso.datetime().nullable().openapi({ description: 'null while it is made.' }),
  })
  .openapi('PromiseName')
export const promiseSchema = z
  .object({
    rule: storedRuleSchema,
    counts: countsSchema,
    sources: z.array(sourceCountsSchema),
    keepable: keepableSchema,
    saidWaits: z.array(z.object({ weeks: count, byFirstWord: shareSchema, keepable: keepableSchema })),
  })
  .openapi('Promise')

export const ruleDraftSchema = z
  .object({
    name: z.string().trim().min(1).max(120),
    statement: z.string().trim().max(500).default(''),
    rule: expectationRuleSchema,
  })
  .openapi('ExpectationRuleDraft')
export const versionSchema = z
  .object({
    version: count,
    statement: z.string(),
    rule: expectationRuleSchema,
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('ExpectationRuleVersion')
export const runSchema = z
  .object({
    id: count,
    ruleId: count,
    state: z.enum(['waiting', 'running', 'done', 'cancelled']),
    done: count,
    total: count,
    opened: count,
    changed: count,
    startedBy: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .openapi('ExpectationRun')
export const previewSchema = z
  .object({
    openings: count,
    customers: count,
    expectations: count,
    unreadable: count,
    states: z.object({ open: count, kept: count, exceeded: count, broken: count, withdrawn: count }),
    overdue: count,
    kept: shareSchema,
    events: z.array(z.object({ role: z.string(), event: z.string(), seen: count })),
    examples: z.array(
      z.object({
        customerId: count,
        customer: z.string(),
        openedAt: z.iso.datetime(),
        due: z.iso.datetime().nullable(),
        state: z.enum(states),
        awaited: z.boolean(),
        gap: nullableNumber,
      }),
    ),
  })
  .openapi('ExpectationPreview')

const text = z.string().nullable()
export const expectationSchema = z
  .object({
    id: count,
    customerId: count,
    purchaseId: count.nullable(),
    purchase: text,
    ruleId: count.nullable(),
    statement: z.string(),
    statedBy: z.enum(['us', 'customer']),
    sourceKind: z.enum(sourceKinds),
    sourceName: text,
    dimension: z.enum(dimensions),
    precision: z.enum(precisions).nullable(),
    firstDue: text,
    due: text.openapi({
      description: 'The last day of the last word (an instant where the precision is an hour).',
    }),
    dueFrom: text,
    dueText: text,
    threshold: nullableNumber,
    thresholdLimit: z.enum(['at most', 'at least']).nullable(),
    currency: text,
    state: z.enum(states),
    awaited: z.boolean(),
    gap: nullableNumber,
    firstGap: nullableNumber,
    actual: nullableNumber,
    movedBy: z.enum(['us', 'customer']).nullable(),
    toldAt: text,
    toldBefore: z.boolean().nullable(),
    openedAt: z.iso.datetime(),
    cameAt: text,
    decidedAt: text,
    settledBy: text,
    note: text,
    mendingBy: text,
    mendingAt: text,
    mendedBy: text,
    mendedAt: text,
    mendedNote: text,
    moves: z.array(
      z.object({
        at: z.string(),
        dueAt: z.string(),
        dueText: text,
        movedBy: z.enum(['us', 'customer']),
        toldAt: text,
        counted: z.boolean(),
      }),
    ),
  })
  .openapi('Expectation')
export const listedSchema = z.object({
  items: z.array(z.object({ expectation: expectationSchema, customer: customerSummarySchema.nullable() })),
  next: z.string().nullable(),
})

export const misfitsSchema = z
  .object({
    share: shareSchema,
    reasons: z.array(
      z.object({
        reason: z.string().nullable(),
        customers: count,
        examples: z.array(z.object({ customerId: count, customer: z.string(), at: z.iso.datetime() })),
      }),
    ),
  })
  .openapi('Misfits')

/** Query parameters that pick expectations. A day without a time is the start of that day in UTC. */
export const filterQuery = z.object({
  from: z.iso.date().optional(),
  to: z.iso.date().optional().openapi({ description: 'The day after the last one.' }),
  segment: z.coerce.number().int().positive().optional(),
  rule: z.coerce.number().int().positive().optional(),
})

export function filterOf(query: z.infer<typeof filterQuery>) {
  return {
    ...(query.from ? { from: new Date(query.from) } : {}),
    ...(query.to ? { to: new Date(query.to) } : {}),
    ...(query.segment === undefined ? {} : { segmentId: query.segment }),
    ...(query.rule === undefined ? {} : { ruleId: query.rule }),
  }
}
