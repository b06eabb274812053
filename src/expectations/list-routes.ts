// Expectations of all customers as a list, to read or to take along.
import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import { textStream } from '../lib/text-stream.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { csvOfExpectations, listExpectations } from './list.ts'
import { sourceKinds, states } from './schema.ts'
import { filterOf, filterQuery, listedSchema } from './wire.ts'

const listQuery = filterQuery.extend({
  state: z.enum([...states, 'overdue']).optional(),
  source: z.enum(sourceKinds).optional(),
  mended: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: 'Broken ones that are, or are not yet, made good.' }),
})
export function listRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/expectations',
        access: 'viewer',
        summary: 'Single expectations with their customers, newest first',
        request: {
          query: listQuery.extend({
            limit: z.coerce.number().int().min(1).max(200).default(50),
            cursor: z.string().optional(),
          }),
        },
        responses: { 200: json(listedSchema, 'One page') },
      }),
      async (c) => {
        const query = c.req.valid('query')
        const page = await listExpectations(store.db, {
          ...questionOf(query),
          limit: query.limit,
          cursor: query.cursor,
        })
        return c.json(page, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/expectations/export',
        access: 'member',
        summary: 'The same list as CSV',
        request: { query: listQuery },
        responses: {
          200: { description: 'The whole list', content: { 'text/csv': { schema: z.string() } } },
        },
      }),
      async (c) => {
        await audit(store.db, c.get('actor'), 'exported', 'expectations', null)
        const lines = csvOfExpectations(store.db, questionOf(c.req.valid('query')))
        return c.body(await textStream(lines), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="promises.csv"',
        })
      },
    )
}

function questionOf(query: z.infer<typeof listQuery>) {
  const { state, source, mended } = query
  return {
    ...filterOf(query),
    ...(state === 'overdue' ? { awaited: true } : state ? { states: [state] } : {}),
    ...(source ? { sourceKind: source } : {}),
    ...(mended === undefined ? {} : { mended: mended === 'true' }),
  }
}
