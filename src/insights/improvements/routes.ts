import { z } from '@hono/zod-openapi'
import { json, route, router } from '../../lib/http.ts'
import type { Store } from '../../store/store.ts'
import { listImprovements, logImprovement, removeImprovement } from './logged.ts'
import { improvementInputSchema, improvementSchema } from './schema.ts'

const idParams = z.object({ id: z.coerce.number().int().positive() })

export function improvementRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/improvements',
        access: 'viewer',
        summary: 'What was changed, and when',
        responses: { 200: json(z.object({ items: z.array(improvementSchema) }), 'The newest first') },
      }),
      async (c) => c.json({ items: await listImprovements(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/improvements',
        access: 'member',
        summary: 'Log a change at a touchpoint or in a promise',
        request: { body: json(improvementInputSchema, 'One of touchpointId and promiseId') },
        responses: { 201: json(improvementSchema, 'The change') },
      }),
      async (c) => c.json(await logImprovement(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/improvements/{id}',
        access: 'member',
        summary: 'Correct what was logged',
        request: { params: idParams, body: json(improvementInputSchema, 'All of it') },
        responses: { 200: json(improvementSchema, 'The change') },
      }),
      async (c) =>
        c.json(
          await logImprovement(store, c.req.valid('json'), c.get('actor'), c.req.valid('param').id),
          200,
        ),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/improvements/{id}',
        access: 'member',
        summary: 'Remove what was logged',
        request: { params: idParams },
        responses: { 204: { description: 'Removed' } },
      }),
      async (c) => {
        await removeImprovement(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
