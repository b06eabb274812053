import { z } from '@hono/zod-openapi'
import { json, route, router } from '../../lib/http.ts'
import type { Store } from '../../store/store.ts'
import { listHoldouts, recordHoldout, removeHoldout } from './holdouts.ts'
import { holdoutInputSchema, holdoutSchema } from './schema.ts'

export function holdoutRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/holdout-results',
        access: 'viewer',
        summary: 'What randomised tests showed',
        responses: { 200: json(z.object({ items: z.array(holdoutSchema) }), 'The latest first') },
      }),
      async (c) => c.json({ items: await listHoldouts(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/holdout-results',
        access: 'manager',
        summary: 'Record what a randomised test showed',
        request: { body: json(holdoutInputSchema, 'One group has no spending: the holdout') },
        responses: { 201: json(holdoutSchema, 'The result') },
      }),
      async (c) => c.json(await recordHoldout(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/holdout-results/{id}',
        access: 'manager',
        summary: 'Remove a result',
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 204: { description: 'Removed' } },
      }),
      async (c) => {
        await removeHoldout(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
