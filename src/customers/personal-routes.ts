import { z } from '@hono/zod-openapi'
import { hasRole, json, type Role, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { eraseCustomer, listErasures, readErasure } from './erasure.ts'
import { personalData } from './personal-data.ts'

const id = z.coerce.number().int().positive()
const params = z.object({ id })

const erasureSchema = z
  .object({
    id: z.number().int(),
    at: z.iso.datetime(),
    actor: z.string(),
    counts: z.record(z.string(), z.number().int()).describe('Rows deleted, by table'),
    report: z.object({
      blackedOut: z.record(z.string(), z.number().int()).optional(),
      leftovers: z.record(z.string(), z.number().int()).optional(),
      files: z.number().int().optional(),
      sameName: z
        .array(z.object({ customerId: z.number().int(), interactionId: z.number().int() }))
        .optional()
        .describe(
          'Others’ interactions that hold the same full name: perhaps somebody else’s, so look yourself',
        ),
      rewritten: z.array(z.string()).optional(),
      logCleared: z.boolean().optional(),
      projectionRebuilt: z.boolean().optional(),
      backups: z
        .array(z.object({ file: z.string(), expiresAt: z.string().nullable() }))
        .optional()
        .describe('Backups made before, which still hold them, and until when'),
    }),
    finishedAt: z.iso.datetime().nullable(),
  })
  .openapi('Erasure')

export function personalRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/personal-data',
        access: 'manager',
        summary: 'Everything kept about one person, to hand out',
        request: { params },
        responses: { 200: json(z.record(z.string(), z.unknown()), 'One JSON document') },
      }),
      async (c) => {
        const { id: customer } = c.req.valid('param')
        const actor = c.get('actor')
        const data = await personalData(
          store.db,
          customer,
          (restrictedTo) => restrictedTo === null || hasRole(actor, restrictedTo as Role),
        )
        c.header('content-disposition', `attachment; filename="customer-${customer}.json"`)
        return c.json(data as Record<string, never>, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/customers/{id}/erasure',
        access: 'owner',
        summary: 'Erase a person from everything Troth keeps',
        request: {
          params,
          body: {
            content: {
              'application/json': {
                schema: z.object({
                  confirm: z.string().max(400).describe('The customer’s name, as shown, typed'),
                }),
              },
            },
            required: true,
          },
        },
        responses: { 202: json(erasureSchema, 'Gone from every page; the bytes follow in a job') },
      }),
      async (c) => {
        const { id: customer } = c.req.valid('param')
        const erasure = await eraseCustomer(store, customer, c.req.valid('json').confirm, c.get('actor'))
        return c.json(await readErasure(store.db, erasure), 202)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/erasures',
        access: 'manager',
        summary: 'Erasures, and what was done for each',
        responses: { 200: json(z.object({ items: z.array(erasureSchema) }), 'Newest first') },
      }),
      async (c) => c.json({ items: await listErasures(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/erasures/{id}',
        access: 'manager',
        summary: 'How far an erasure is',
        request: { params },
        responses: { 200: json(erasureSchema, 'The erasure') },
      }),
      async (c) => c.json(await readErasure(store.db, c.req.valid('param').id), 200),
    )
}
