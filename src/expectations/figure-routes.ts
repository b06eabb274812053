import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { gaps, summary } from './figures.ts'
import { misfits } from './misfits.ts'
import { filterOf, filterQuery, gapsSchema, misfitsSchema, summarySchema } from './wire.ts'

const ofRule = filterQuery.required({ rule: true })

export function figureRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/expectations/summary',
        access: 'viewer',
        summary: 'How the promises stand: kept, exceeded, broken, overdue, open',
        request: { query: filterQuery },
        responses: { 200: json(summarySchema, 'Counts with intervals, by promise and by where it was made') },
      }),
      async (c) => c.json(await summary(store.db, filterOf(c.req.valid('query'))), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/expectations/gaps',
        access: 'viewer',
        summary: 'How far off what came was, for one promise',
        request: { query: ofRule.extend({ word: z.enum(['first', 'last']).default('last') }) },
        responses: { 200: json(gapsSchema, 'The distribution') },
      }),
      async (c) => {
        const query = c.req.valid('query')
        return c.json(await gaps(store.db, { ...filterOf(query), ruleId: query.rule }, query.word), 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/expectations/misfits',
        access: 'viewer',
        summary: 'Enquiries that never fitted, by reason',
        request: { query: filterQuery.omit({ rule: true }) },
        responses: { 200: json(misfitsSchema, 'Customers by reason') },
      }),
      async (c) => c.json(await misfits(store.db, filterOf(c.req.valid('query'))), 200),
    )
}
