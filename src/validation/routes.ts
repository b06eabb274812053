import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { oneCustomer } from './customer.ts'
import { customerSchema } from './customer-schema.ts'
import { standingStateSchema, validationRulesSchema } from './schema.ts'
import { changeRules, readRules, readRun, rulesInWords } from './validation.ts'

const runSchema = z
  .object({
    id: z.number().int(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    done: z.number().int(),
    changed: z.number().int().describe('Customers whose standing became another'),
    total: z.number().int(),
  })
  .openapi('ValidationRun')

const rulesSchema = z
  .object({
    rules: validationRulesSchema,
    sentences: z.array(z.object({ state: standingStateSchema, sentence: z.string() })),
    run: runSchema.nullable().describe('The latest working out of every standing anew'),
  })
  .openapi('ValidationRulesInWords')

export function validationRoutes(store: Store) {
  const current = async () => {
    const rules = await readRules(store.db)
    return { rules, sentences: rulesInWords(rules), run: await readRun(store) }
  }
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/validation/rules',
        access: 'viewer',
        summary: 'The rules by which a choice counts as confirmed or in doubt',
        responses: { 200: json(rulesSchema, 'The rules, as thresholds and in words') },
      }),
      async (c) => c.json(await current(), 200),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/validation/rules',
        access: 'manager',
        summary: 'Change the rules; every standing is worked out anew',
        request: { body: { ...json(validationRulesSchema, 'The rules'), required: true } },
        responses: { 200: json(rulesSchema, 'The rules as they are now, with the run that applies them') },
      }),
      async (c) => {
        await changeRules(store, c.req.valid('json'), c.get('actor'))
        return c.json(await current(), 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/validation/sentences',
        access: 'viewer',
        summary: 'What rules would say in words, without saving them',
        request: { body: { ...json(validationRulesSchema, 'The rules'), required: true } },
        responses: {
          200: json(
            z.object({ sentences: z.array(z.object({ state: standingStateSchema, sentence: z.string() })) }),
            'The rules in words',
          ),
        },
      }),
      (c) => c.json({ sentences: rulesInWords(c.req.valid('json')) }, 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}',
        access: 'viewer',
        summary: 'One customer: who they are, where they stand and why',
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 200: json(customerSchema, 'The customer that the id belongs to now') },
      }),
      async (c) => c.json(await oneCustomer(store, c.req.valid('param').id), 200),
    )
}
