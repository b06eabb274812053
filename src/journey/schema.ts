import { z } from '@hono/zod-openapi'

/** Who acts at a touchpoint. */
export const actedBy = ['us', 'customer'] as const
/**
 * What a touchpoint is for. `care`, `help` and `ask` by us end a silence; `bill`, `sell` and `mass` don't.
 * `sale`: the interaction that validates our effort. `use`: the customer gets or uses what was bought.
 * `say`: the customer says how it was. `refer`: the customer sends another.
 */
export const purposes = [
  'sell',
  'sale',
  'care',
  'help',
  'ask',
  'bill',
  'mass',
  'use',
  'say',
  'refer',
] as const
export type Purpose = (typeof purposes)[number]

/** One condition on a property, by dotted path ("utm.source", "products.0.sku"). */
export const conditionSchema = z
  .object({
    property: z.string().min(1).max(200),
    is: z.enum(['equals', 'not', 'contains', 'starts', 'above', 'below', 'present', 'absent']),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  })
  .openapi('Condition')
export type Condition = z.infer<typeof conditionSchema>

/** Matches an incoming event when every field that is given does. `*` at the end of event or path matches any rest. Case is ignored. */
export const placingRuleSchema = z
  .object({
    event: z.string().max(200).optional(),
    channel: z.string().max(80).optional(),
    path: z.string().max(500).optional(),
    where: z.array(conditionSchema).max(20).optional(),
  })
  .openapi('PlacingRule')
export type PlacingRule = z.infer<typeof placingRuleSchema>

export interface Touchpoint {
  id: number
  stageId: number
  name: string
  position: number
  by: 'us' | 'customer'
  purpose: Purpose
  channel: string | null
  rules: PlacingRule[]
}

export interface Stage {
  id: number
  name: string
  side: 'before' | 'after'
  position: number
}
