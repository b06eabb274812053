import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { catalogue } from './catalogue.ts'
import { previewRule } from './preview.ts'
import {
  changeRule,
  createRule,
  listVersions,
  nameRules,
  readRule,
  retireRule,
  type StoredRule,
} from './rules.ts'
import { cancelRun, findRun, readRun, startRun } from './runs.ts'
import { expectationRuleSchema } from './schema.ts'
import {
  filterOf,
  filterQuery,
  namedRuleSchema,
  previewSchema,
  promiseSchema,
  ruleDraftSchema,
  runSchema,
  storedRuleSchema,
  versionSchema,
} from './wire.ts'

const params = z.object({ id: z.coerce.number().int().positive() })

export function ruleRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/promises',
        access: 'viewer',
        summary: 'The catalogue: the promises the company makes, with how they are kept',
        request: { query: filterQuery },
        responses: { 200: json(z.object({ items: z.array(promiseSchema) }), 'Every promise') },
      }),
      async (c) => {
        const found = await catalogue(store.db, filterOf(c.req.valid('query')))
        return c.json({ items: found.map((each) => ({ ...each, rule: onWire(each.rule) })) }, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/promises/names',
        access: 'viewer',
        summary: 'What the promises are called, to choose one; without figures',
        responses: { 200: json(z.object({ items: z.array(namedRuleSchema) }), 'Every promise') },
      }),
      async (c) => {
        const found = await nameRules(store.db)
        const items = found.map((each) => ({ ...each, retiredAt: each.retiredAt?.toISOString() ?? null }))
        return c.json({ items }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/promises',
        access: 'manager',
        summary: 'Make a promise',
        request: { body: json(ruleDraftSchema, 'The promise as a rule') },
        responses: { 201: json(storedRuleSchema, 'The promise') },
      }),
      async (c) => c.json(onWire(await createRule(store, c.req.valid('json'), c.get('actor'))), 201),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/promises/preview',
        access: 'manager',
        summary: 'What a rule would say about the past; nothing is written',
        request: { body: json(z.object({ rule: expectationRuleSchema }), 'The rule') },
        responses: { 200: json(previewSchema, 'Counts and examples') },
      }),
      async (c) => c.json(await previewRule(store.db, c.req.valid('json').rule), 200),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/promises/{id}',
        access: 'manager',
        summary: 'Change a promise: the change is its next version',
        request: {
          params,
          body: json(
            ruleDraftSchema.extend({
              version: z.number().int().openapi({ description: 'The version that was changed.' }),
              holds: z.enum(['now', 'always']).openapi({
                description:
                  'now: earlier promises are still judged as they were given. always: a correction, the past is judged by it too.',
              }),
            }),
            'The promise as it should be',
          ),
        },
        responses: { 200: json(storedRuleSchema, 'The promise') },
      }),
      async (c) => {
        const { version, holds, ...draft } = c.req.valid('json')
        const changed = await changeRule(
          store,
          c.req.valid('param').id,
          version,
          draft,
          holds,
          c.get('actor'),
        )
        return c.json(onWire(changed), 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/promises/{id}/versions',
        access: 'viewer',
        summary: 'The wordings of a promise, newest first',
        request: { params },
        responses: { 200: json(z.object({ items: z.array(versionSchema) }), 'Every version') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await readRule(store.db, id)
        return c.json({ items: await listVersions(store.db, id) }, 200)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/promises/{id}/retirement',
        access: 'manager',
        summary: 'Make this promise no longer',
        request: { params },
        responses: { 200: json(storedRuleSchema, 'The promise; what is open is still judged') },
      }),
      async (c) =>
        c.json(onWire(await retireRule(store, c.req.valid('param').id, true, c.get('actor'))), 200),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/promises/{id}/retirement',
        access: 'manager',
        summary: 'Make this promise again',
        request: { params },
        responses: { 200: json(storedRuleSchema, 'The promise') },
      }),
      async (c) =>
        c.json(onWire(await retireRule(store, c.req.valid('param').id, false, c.get('actor'))), 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/promises/{id}/runs',
        access: 'manager',
        summary: 'Run a promise over history',
        request: { params },
        responses: { 202: json(runSchema, 'The run, which goes on in the background') },
      }),
      async (c) => c.json(await startRun(store, c.req.valid('param').id, c.get('actor')), 202),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/promises/{id}/runs/latest',
        access: 'viewer',
        summary: 'The last run of a promise over history',
        request: { params },
        responses: { 200: json(z.object({ run: runSchema.nullable() }), 'The run, or null') },
      }),
      async (c) => c.json({ run: await findRun(store.db, c.req.valid('param').id) }, 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/promise-runs/{id}',
        access: 'viewer',
        summary: 'How far a run has come',
        request: { params },
        responses: { 200: json(runSchema, 'The run') },
      }),
      async (c) => c.json(await readRun(store.db, c.req.valid('param').id), 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/promise-runs/{id}/cancellation',
        access: 'manager',
        summary: 'Stop a run; what it has judged stays judged',
        request: { params },
        responses: { 200: json(runSchema, 'The run') },
      }),
      async (c) => c.json(await cancelRun(store, c.req.valid('param').id, c.get('actor')), 200),
    )
}

function onWire({ eras: _, ...rule }: StoredRule) {
  return {
    ...rule,
    createdAt: rule.createdAt.toISOString(),
    retiredAt: rule.retiredAt?.toISOString() ?? null,
  }
}
