import { z } from '@hono/zod-openapi'
import { body, json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { listCustomers, traitNames } from './list.ts'
import { countRule } from './segment-count.ts'
import { segmentRuleSchema } from './segment-rule.ts'
import { sayRule } from './segment-words.ts'
import {
  changeSegment,
  createSegment,
  deleteSegment,
  listSegments,
  readSegment,
  refreshSegment,
  ruleNames,
} from './segments.ts'
import { customerSummarySchema } from './summaries.ts'

const segment = z
  .object({
    id: z.number().int(),
    name: z.string(),
    rule: segmentRuleSchema,
    words: z.string().describe('The rule in plain words'),
    customers: z.number().int().nullable().describe('As last refreshed; null before the first time'),
    refreshedAt: z.iso.datetime().nullable(),
    createdBy: z.string().nullable(),
  })
  .openapi('Segment')

const input = z
  .object({ name: z.string().trim().min(1).max(120), rule: segmentRuleSchema })
  .openapi('SegmentInput')

const preview = z
  .object({
    words: z.string(),
    customers: z.number().int(),
    exact: z.boolean().describe('False: worked out from a sample; lies between low and high 95 times in 100'),
    low: z.number().int(),
    high: z.number().int(),
    of: z.number().int().describe('Customers looked at'),
    examples: z.array(customerSummarySchema),
  })
  .openapi('SegmentPreview')

const params = z.object({ id: z.coerce.number().int().positive() })

export function segmentRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/segments',
        access: 'viewer',
        summary: 'The saved segments',
        responses: { 200: json(z.object({ items: z.array(segment) }), 'Segments by name') },
      }),
      async (c) => c.json({ items: await listSegments(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/segments',
        access: 'manager',
        summary: 'Save a segment',
        request: { body: body(input) },
        responses: { 201: json(segment, 'The segment; it is being counted') },
      }),
      async (c) => {
        const id = await createSegment(store, c.req.valid('json'), c.get('actor'))
        return c.json(await readSegment(store.db, id), 201)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/segments/{id}',
        access: 'viewer',
        summary: 'One segment',
        request: { params },
        responses: { 200: json(segment, 'The segment') },
      }),
      async (c) => c.json(await readSegment(store.db, c.req.valid('param').id), 200),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/segments/{id}',
        access: 'manager',
        summary: 'Change a segment’s name or rule',
        request: { params, body: body(input) },
        responses: { 200: json(segment, 'The segment; it is being counted again') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await changeSegment(store, id, c.req.valid('json'), c.get('actor'))
        return c.json(await readSegment(store.db, id), 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/segments/{id}',
        access: 'manager',
        summary: 'Delete a segment; its customers stay',
        request: { params },
        responses: { 204: { description: 'Deleted' } },
      }),
      async (c) => {
        await deleteSegment(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/segments/{id}/refreshment',
        access: 'member',
        summary: 'Work out now who is in the segment',
        request: { params },
        responses: { 200: json(segment, 'The segment, as of now') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await refreshSegment(store, id)
        return c.json(await readSegment(store.db, id), 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/trait-names',
        access: 'viewer',
        summary: 'What is said of customers: names of traits, the most frequent first',
        responses: { 200: json(z.object({ items: z.array(z.string()) }), 'From a few thousand customers') },
      }),
      async (c) => c.json({ items: await traitNames(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/segment-previews',
        access: 'viewer',
        summary: 'What a rule says in words, how many it picks, and a few of them',
        request: { body: body(z.object({ rule: segmentRuleSchema })) },
        responses: { 200: json(preview, 'Counted now; nothing is saved') },
      }),
      async (c) => {
        const { rule } = c.req.valid('json')
        const [names, count, examples] = await Promise.all([
          ruleNames(store.db),
          countRule(store.db, rule),
          listCustomers(store.db, { rule, sort: 'seen', limit: 5 }),
        ])
        return c.json({ words: sayRule(rule, names), ...count, examples: examples.items }, 200)
      },
    )
}
