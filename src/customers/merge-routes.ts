import { z } from '@hono/zod-openapi'
import { body, json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { blockIdentity, checkBlock, listBlocked, unblockIdentity } from './blocking.ts'
import { openConflicts, settleConflict } from './conflicts.ts'
import { mergePreviewSchema, previewMerge } from './merge-preview.ts'
import { mergeCustomers, mergesOf, readMerge, recentMerges, undoMerge } from './merging.ts'
import { identityKinds } from './schema.ts'
import { canonicalId, customerSummarySchema } from './summaries.ts'

const id = z.coerce.number().int().positive()
const params = z.object({ id })
const before = z.object({
  cursor: id.optional().describe('The last id of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const merge = z
  .object({
    id: z.number().int(),
    survivorId: z.number().int(),
    survivor: z.string(),
    absorbedId: z.number().int(),
    absorbed: z.string(),
    rule: z.string(),
    evidence: z.unknown(),
    actor: z.string(),
    at: z.iso.datetime(),
    undoneAt: z.iso.datetime().nullable(),
    undoneBy: z.string().nullable(),
  })
  .openapi('Merge')
const merges = z.object({ items: z.array(merge), next: z.string().nullable() })

const mergeInput = z
  .object({
    absorb: z.number().int().positive().describe('The customer that becomes part of this one'),
    reason: z.string().max(1_000).optional(),
    beyondLimits: z.boolean().optional().describe('Join although the preview says that limits are exceeded'),
  })
  .openapi('MergeInput')

const identity = z.object({ kind: z.enum(identityKinds), source: z.string(), value: z.string() })
const conflict = z
  .object({
    id: z.number().int(),
    at: z.iso.datetime(),
    reason: z.string(),
    customers: z.array(customerSummarySchema),
    identities: z.array(identity),
  })
  .openapi('IdentityConflict')
const settlement = z
  .discriminatedUnion('as', [
    z.object({
      as: z.literal('one'),
      survivor: z.number().int(),
      absorbed: z.number().int(),
      beyondLimits: z.boolean().optional(),
    }),
    z.object({ as: z.literal('apart') }),
    z.object({ as: z.literal('added') }),
    z.object({ as: z.literal('blocked'), kind: z.enum(identityKinds), value: z.string().min(1).max(320) }),
  ])
  .openapi('ConflictSettlement')

const blocked = z
  .object({
    kind: z.enum(identityKinds),
    value: z.string(),
    reason: z.string(),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('BlockedIdentity')
const blockEffect = z
  .object({
    value: z.string().describe('In its normal form'),
    customers: z.array(z.number().int()).describe('Known by it until now'),
    merges: z.array(z.number().int()).describe('Merges that stand and that it was evidence for'),
  })
  .openapi('BlockEffect')
const blockInput = z
  .object({
    kind: z.enum(identityKinds),
    value: z.string().trim().min(1).max(320),
    reason: z.string().trim().min(1).max(500),
    undoMerges: z.boolean().default(false),
  })
  .openapi('BlockInput')

export function mergeRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/merge-previews/{other}',
        access: 'member',
        summary: 'What joining the other customer into this one would give',
        request: { params: z.object({ id, other: id }) },
        responses: { 200: json(mergePreviewSchema, 'Both sides and the result; nothing is changed') },
      }),
      async (c) => {
        const { id: survivor, other } = c.req.valid('param')
        return c.json(await previewMerge(store.db, survivor, other), 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/customers/{id}/merges',
        access: 'manager',
        summary: 'Join another customer into this one',
        request: { params, body: body(mergeInput) },
        responses: { 201: json(merge, 'The merge; it can be undone') },
      }),
      async (c) => {
        const { absorb, ...rest } = c.req.valid('json')
        const survivor = c.req.valid('param').id
        const made = await mergeCustomers(store, { survivor, absorbed: absorb, ...rest }, c.get('actor'))
        return c.json(await readMerge(store.db, made), 201)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/merges',
        access: 'viewer',
        summary: 'What was joined into this customer, and what of it was undone',
        request: { params },
        responses: { 200: json(z.object({ items: z.array(merge) }), 'Newest first') },
      }),
      async (c) => {
        const canonical = await canonicalId(store.db, c.req.valid('param').id)
        return c.json({ items: await mergesOf(store.db, canonical) }, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/merges',
        access: 'viewer',
        summary: 'Joins of customers, by rule and by hand',
        request: { query: before },
        responses: { 200: json(merges, 'Newest first') },
      }),
      async (c) => {
        const { cursor, limit } = c.req.valid('query')
        const items = await recentMerges(store.db, { before: cursor, limit })
        return c.json({ items, next: items.length === limit ? String(items.at(-1)?.id) : null }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/merges/{id}/undoing',
        access: 'manager',
        summary: 'Take a join back',
        request: { params },
        responses: {
          200: json(z.object({ customers: z.array(z.number().int()) }), 'The customers that there are now'),
        },
      }),
      async (c) =>
        c.json({ customers: await undoMerge(store, c.req.valid('param').id, c.get('actor')) }, 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/conflicts',
        access: 'viewer',
        summary: 'Joins that the rules refused and nobody has settled',
        request: { query: before },
        responses: {
          200: json(z.object({ items: z.array(conflict), next: z.string().nullable() }), 'Newest first'),
        },
      }),
      async (c) => {
        const { cursor, limit } = c.req.valid('query')
        const items = await openConflicts(store.db, { before: cursor, limit })
        return c.json({ items, next: items.length === limit ? String(items.at(-1)?.id) : null }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/conflicts/{id}/settlement',
        access: 'manager',
        summary: 'Settle a refused join',
        request: { params, body: body(settlement) },
        responses: { 204: { description: 'Settled' } },
      }),
      async (c) => {
        await settleConflict(store, c.req.valid('param').id, c.req.valid('json'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/blocked-identities',
        access: 'viewer',
        summary: 'Addresses, numbers and ids that never say whose an event is',
        responses: { 200: json(z.object({ items: z.array(blocked) }), 'Newest first') },
      }),
      async (c) => c.json({ items: await listBlocked(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/blocked-identities/{kind}/{value}/effect',
        access: 'manager',
        summary: 'Whom blocking a value would touch',
        request: { params: z.object({ kind: z.enum(identityKinds), value: z.string().min(1).max(320) }) },
        responses: { 200: json(blockEffect, 'Nothing is changed') },
      }),
      async (c) => {
        const { kind, value } = c.req.valid('param')
        return c.json(await checkBlock(store.db, kind, value), 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/blocked-identities',
        access: 'manager',
        summary: 'Put a value on the block list',
        request: { body: body(blockInput) },
        responses: { 201: json(blockEffect, 'Who was known by it, and the merges that it was evidence for') },
      }),
      async (c) => c.json(await blockIdentity(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/blocked-identities/{kind}/{value}',
        access: 'manager',
        summary: 'Take a value off the block list',
        request: { params: z.object({ kind: z.enum(identityKinds), value: z.string().min(1).max(320) }) },
        responses: { 204: { description: 'It says again whose an event is, from now on' } },
      }),
      async (c) => {
        const { kind, value } = c.req.valid('param')
        await unblockIdentity(store, kind, value, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
