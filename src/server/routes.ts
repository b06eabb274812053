// What the house says about itself: health, readiness, figures, and the API document.
import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { readiness } from './health.ts'
import type { Metrics } from './metrics.ts'

const readinessSchema = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ready: z.boolean(), detail: z.string() })),
  })
  .openapi('Readiness')

export function systemRoutes(store: Store, metrics: Metrics, document: () => object) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/healthz',
        access: 'public',
        summary: 'Whether the process is up',
        responses: { 200: json(z.object({ up: z.literal(true) }), 'Up') },
      }),
      (c) => c.json({ up: true as const }, 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/readyz',
        access: 'public',
        summary: 'Whether everything that is needed is there, and what is not',
        responses: {
          200: json(readinessSchema, 'Ready'),
          503: json(readinessSchema, 'Not ready; the checks say why'),
        },
      }),
      async (c) => {
        const found = await readiness(store)
        return found.ready ? c.json(found, 200) : c.json(found, 503)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/metrics',
        access: 'viewer',
        summary: 'Figures for Prometheus; also readable without a key from the same machine',
        responses: {
          200: { description: 'Figures', content: { 'text/plain': { schema: z.string() } } },
        },
      }),
      async (c) => c.text(await metrics.text(store), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/openapi.json',
        access: 'public',
        summary: 'This document',
        responses: { 200: json(z.record(z.string(), z.unknown()), 'OpenAPI 3.1') },
      }),
      (c) => c.json(document() as Record<string, never>, 200),
    )
}
