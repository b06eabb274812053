import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { questionRoutes } from './asking/routes.ts'
import { Runs } from './asking/runs.ts'
import { holdoutRoutes } from './budget/routes.ts'
import { findingRoutes } from './findings/findings-routes.ts'
import { improvementRoutes } from './improvements/routes.ts'
import { balance } from './map/balance.ts'
import { behind, behindItemSchema } from './map/behind.ts'
import { figureQuery } from './map/behind-question.ts'
import { care } from './map/care.ts'
import { mapCsv } from './map/csv.ts'
import { journeyMap } from './map/map.ts'
import { silence } from './map/silence.ts'
import { readCompared, readScope, scopeQuery } from './question.ts'
import { balanceSchema, careSchema, mapSchema, silenceSchema } from './schema.ts'
import { todayRoutes } from './today/today-routes.ts'
import { viewRoutes } from './views/routes.ts'
import { labelRoutes } from './words/routes.ts'

const comparedQuery = scopeQuery.extend({
  compare: z
    .string()
    .max(60)
    .optional()
    .describe('previous, year, everyone, segment:ID or 2025-01-01..2025-06-30'),
})
const behindPage = z
  .object({
    items: z.array(behindItemSchema),
    next: z.string().nullable().describe('Cursor of the next page; null on the last'),
    total: z.number().int(),
    customers: z.number().int(),
  })
  .openapi('Behind')

export function insightsRoutes(store: Store) {
  const runs = new Runs(store)
  const mapOf = async (query: z.infer<typeof comparedQuery>) => {
    const scope = await readScope(store, query)
    return journeyMap(
      store,
      scope,
      query.compare ? await readCompared(store, query, query.compare) : undefined,
    )
  }
  return router()
    .route('/', findingRoutes(store, runs))
    .route('/', todayRoutes(store))
    .route('/', questionRoutes(store, runs))
    .route('/', viewRoutes(store))
    .route('/', improvementRoutes(store))
    .route('/', holdoutRoutes(store))
    .route('/', labelRoutes(store))
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/map',
        access: 'viewer',
        summary: 'The journey map: reach, experience, promises, words and money at every touchpoint',
        request: { query: comparedQuery },
        responses: { 200: json(mapSchema, 'The map') },
      }),
      async (c) => c.json(await mapOf(c.req.valid('query')), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/map.csv',
        access: 'viewer',
        summary: 'The journey map as a table',
        request: { query: comparedQuery },
        responses: {
          200: { description: 'A line a touchpoint', content: { 'text/csv': { schema: z.string() } } },
        },
      }),
      async (c) =>
        c.body(mapCsv(await mapOf(c.req.valid('query'))), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="journey.csv"',
        }),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/balance',
        access: 'viewer',
        summary: 'After the sale against before it: touches, asking, money, experience, promises kept',
        request: { query: scopeQuery },
        responses: { 200: json(balanceSchema, 'The balance') },
      }),
      async (c) => c.json(await balance(store, await readScope(store, c.req.valid('query'))), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/silence',
        access: 'viewer',
        summary: 'Buyers without a caring touch, and the channels that was seen through',
        request: { query: scopeQuery },
        responses: { 200: json(silenceSchema, 'The silence') },
      }),
      async (c) => c.json(await silence(store, await readScope(store, c.req.valid('query'))), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/care',
        access: 'viewer',
        summary: 'Who got each of the few things that every buyer should get',
        request: { query: scopeQuery },
        responses: { 200: json(careSchema, 'The care standard') },
      }),
      async (c) => c.json(await care(store, await readScope(store, c.req.valid('query'))), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/behind',
        access: 'viewer',
        summary: 'The customers and interactions behind a figure, newest first',
        request: {
          query: scopeQuery.extend(figureQuery.shape).extend({
            cursor: z.string().optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: { 200: json(behindPage, 'A page') },
      }),
      async (c) => {
        const query = c.req.valid('query')
        const { cursor, limit, ...figure } = query
        return c.json(await behind(store, await readScope(store, query), figure, { cursor, limit }), 200)
      },
    )
}
