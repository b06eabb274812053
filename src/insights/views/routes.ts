import { z } from '@hono/zod-openapi'
import { json, route, router } from '../../lib/http.ts'
import type { Store } from '../../store/store.ts'
import { viewChangeSchema, viewInputSchema, viewSchema } from './schema.ts'
import { changeView, listViews, putHome, removeView, saveView } from './views.ts'

const idParams = z.object({ id: z.coerce.number().int().positive() })

export function viewRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/views',
        access: 'viewer',
        summary: 'Saved views: your own and those that are shared',
        responses: { 200: json(z.object({ items: z.array(viewSchema) }), 'By name') },
      }),
      async (c) => c.json({ items: await listViews(store.db, c.get('actor')) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/views',
        access: 'viewer',
        summary: 'Save a question as it is asked',
        request: { body: json(viewInputSchema, 'Sharing needs the role member') },
        responses: { 201: json(viewSchema, 'The view') },
      }),
      async (c) => c.json(await saveView(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'patch',
        path: '/api/views/{id}',
        access: 'viewer',
        summary: 'Rename a view, share it, or stop sharing it',
        request: { params: idParams, body: json(viewChangeSchema, 'What changes') },
        responses: { 200: json(viewSchema, 'The view') },
      }),
      async (c) =>
        c.json(await changeView(store, c.req.valid('param').id, c.req.valid('json'), c.get('actor')), 200),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/views/{id}',
        access: 'viewer',
        summary: 'Remove a view',
        request: { params: idParams },
        responses: { 204: { description: 'Removed' } },
      }),
      async (c) => {
        await removeView(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/views/{id}/home',
        access: 'viewer',
        summary: 'Put a view on your home page',
        request: { params: idParams },
        responses: { 200: json(viewSchema, 'The view') },
      }),
      async (c) => c.json(await putHome(store, c.req.valid('param').id, true, c.get('actor')), 200),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/views/{id}/home',
        access: 'viewer',
        summary: 'Take a view off your home page',
        request: { params: idParams },
        responses: { 200: json(viewSchema, 'The view') },
      }),
      async (c) => c.json(await putHome(store, c.req.valid('param').id, false, c.get('actor')), 200),
    )
}
