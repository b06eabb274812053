import { z } from '@hono/zod-openapi'
import { deleteLogged } from '../../interactions/interactions.ts'
import { body, json, route, router } from '../../lib/http.ts'
import type { Store } from '../../store/store.ts'
import { readToday } from './today.ts'
import { giveBackCase, takeCase, thankCustomer } from './today-actions.ts'
import { takingSchema, thanksSchema, todaySchema } from './today-schema.ts'

const id = z.coerce.number().int().positive()
const given = z.object({ customerId: z.number().int(), interactionId: z.number().int() }).openapi('Thanked')

export function todayRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/today',
        access: 'viewer',
        tags: ['Today'],
        summary: 'What needs somebody today, with the reasons',
        responses: { 200: json(todaySchema, 'Today') },
      }),
      async (c) => c.json(await readToday(store), 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/today/takings',
        access: 'member',
        tags: ['Today'],
        summary: "Say “I'll see to it”",
        request: { body: body(takingSchema) },
        responses: { 204: { description: 'Everybody sees who sees to it' } },
      }),
      async (c) => {
        await takeCase(store, c.req.valid('json'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/today/takings/{kind}/{customerId}',
        access: 'member',
        tags: ['Today'],
        summary: 'Take it back',
        request: { params: z.object({ kind: takingSchema.shape.kind, customerId: id }) },
        responses: { 204: { description: 'It is anybody’s again' } },
      }),
      async (c) => {
        await giveBackCase(store, c.req.valid('param'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/today/thanks',
        access: 'member',
        tags: ['Today'],
        summary: 'Write down that a customer was thanked',
        request: { body: body(thanksSchema) },
        responses: { 201: json(given, 'On the timeline now') },
      }),
      async (c) => c.json(await thankCustomer(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/today/thanks/{customerId}/{interactionId}',
        access: 'member',
        tags: ['Today'],
        summary: 'Take a thank-you back that was written down by mistake',
        request: { params: z.object({ customerId: id, interactionId: id }) },
        responses: { 204: { description: 'It is off the timeline' } },
      }),
      async (c) => {
        const { customerId, interactionId } = c.req.valid('param')
        await deleteLogged(store, customerId, interactionId, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
