import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { listBudgets, removeBudget, saveBudget } from './budgets.ts'
import { budgetInputSchema, budgetSchema } from './schema.ts'

const idParams = z.object({ id: z.coerce.number().int().positive() })

export function budgetRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/budgets',
        access: 'viewer',
        summary: 'What is spent at touchpoints, by period',
        responses: { 200: json(z.object({ items: z.array(budgetSchema) }), 'In the order of the map') },
      }),
      async (c) => c.json({ items: await listBudgets(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/budgets',
        access: 'manager',
        summary: 'Add what is spent at a touchpoint in a period',
        request: { body: json(budgetInputSchema, 'Money in minor units') },
        responses: { 201: json(budgetSchema, 'The budget') },
      }),
      async (c) => c.json(await saveBudget(store, c.req.valid('json'), c.get('actor')), 201),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/budgets/{id}',
        access: 'manager',
        summary: 'Change a budget',
        request: { params: idParams, body: json(budgetInputSchema, 'Money in minor units') },
        responses: { 200: json(budgetSchema, 'The budget') },
      }),
      async (c) =>
        c.json(await saveBudget(store, c.req.valid('json'), c.get('actor'), c.req.valid('param').id), 200),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/budgets/{id}',
        access: 'manager',
        summary: 'Remove a budget',
        request: { params: idParams },
        responses: { 204: { description: 'Removed' } },
      }),
      async (c) => {
        await removeBudget(store, c.req.valid('param').id, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
