import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { listCareStandards, removeCareStandard, saveCareStandard } from './care-standards.ts'
import { careStandardInputSchema, careStandardSchema } from './schema.ts'

const idParams = z.object({ id: z.coerce.number().int().positive() })

export function careStandardRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/care-standards',
        access: 'viewer',
        summary: 'What every buyer should get after the sale',
        responses: { 200: json(z.object({ items: z.array(careStandardSchema) }), 'Soonest first') },
      }),
      async (c) => c.json({ items: await listCareStandards(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/care-standards',
        access: 'manager',
        summary: 'Add something that every buyer should get',
        request: { body: json(careStandardInputSchema, 'What, and within how many days of what') },
        responses: { 201: json(careStandardSchema, 'The care standard') },
      }),
      async (c) => c.json(await saveCareStandard(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/care-standards/{id}',
        access: 'manager',
        summary: 'Change a care standard',
        request: {
          params: idParams,
          body: json(careStandardInputSchema, 'What, and within how many days of what'),
        },
        responses: { 200: json(careStandardSchema, 'The care standard') },
      }),
      async (c) =>
        c.json(
          await saveCareStandard(store, c.req.valid('json'), c.get('actor'), c.req.valid('param').id),
          200,
        ),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/care-standards/{id}',
        access: 'manager',
        summary: 'Remove a care standard',
        request: { params: idParams },
        responses: { 204: { description: 'Removed' } },
      }),
      async (c) => {
        await removeCareStandard(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
