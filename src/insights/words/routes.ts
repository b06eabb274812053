import { z } from '@hono/zod-openapi'
import { json, route, router } from '../../lib/http.ts'
import type { Store } from '../../store/store.ts'
import { label, unlabel } from './labels.ts'
import { labelSchema } from './schema.ts'

export function labelRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'post',
        path: '/api/topic-labels',
        access: 'member',
        summary: 'Say what a text is about; topics are learned from that',
        request: { body: json(labelSchema, 'The text and its topic') },
        responses: { 204: { description: 'It is labelled' } },
      }),
      async (c) => {
        await label(store, c.req.valid('json'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/topic-labels/{id}',
        access: 'member',
        summary: 'Take a label back',
        request: { params: z.object({ id: z.coerce.number().int().positive().describe('The interaction') }) },
        responses: { 204: { description: 'It is taken back' } },
      }),
      async (c) => {
        await unlabel(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
