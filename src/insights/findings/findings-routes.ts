import { z } from '@hono/zod-openapi'
import { json, route, router } from '../../lib/http.ts'
import type { Store } from '../../store/store.ts'
import type { Runs } from '../asking/runs.ts'
import { effects } from '../effects/effects.ts'
import type { Effects } from '../effects/schema.ts'
import { readFindings, usualEffects } from './findings.ts'

const finding = z
  .object({
    id: z.string(),
    claim: z.enum(['counted', 'goes along with', 'proven by a test', 'not enough to tell']),
    sentence: z.string(),
    figures: z.array(
      z.object({
        name: z.string(),
        value: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        n: z.number().int(),
        unit: z.enum(['share', 'stars', 'weeks', 'days', 'customers']),
      }),
    ),
    n: z.number().int(),
    link: z.string(),
  })
  .openapi('Finding')

export function findingRoutes(store: Store, runs: Runs) {
  return router().openapi(
    route({
      method: 'get',
      path: '/api/insights/findings',
      access: 'viewer',
      tags: ['Insights'],
      summary: 'The findings that matter most, in plain words',
      responses: {
        200: json(
          z.object({ findings: z.array(finding) }),
          'None while too little has happened to say anything',
        ),
      },
    }),
    async (c) => {
      const askEffects = async () =>
        (await runs.answer(effects, usualEffects, c.req.raw.signal)).answer as Effects
      return c.json({ findings: await readFindings(store, askEffects) }, 200)
    },
  )
}
