import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { sampleQueue } from './loading.ts'
import { beginSample, readSampleState, removeSample } from './sample.ts'

const progress = z
  .object({
    step: z
      .enum(['none', 'map', 'events', 'judging', 'counting', 'done'])
      .describe('none: the sample company is not here'),
    done: z.number().int(),
    total: z.number().int().describe('About how many events there will be'),
  })
  .openapi('SampleProgress')

async function readProgress(store: Store): Promise<z.infer<typeof progress>> {
  const state = await readSampleState(store)
  return state
    ? { step: state.step, done: state.done, total: state.total }
    : { step: 'none', done: 0, total: 0 }
}

export function sampleRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/sample',
        access: 'viewer',
        tags: ['Sample company'],
        summary: 'How far the loading of the sample company is',
        responses: { 200: json(progress, 'Where it stands') },
      }),
      async (c) => c.json(await readProgress(store), 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/sample',
        access: 'manager',
        tags: ['Sample company'],
        summary: 'Load the sample company into an empty Troth',
        description:
          'Loaded or being loaded already: nothing happens. Refused where there are other customers.',
        responses: { 202: json(progress, 'It is being loaded') },
      }),
      async (c) => {
        const known = await readSampleState(store)
        if (!known) {
          await beginSample(store)
          await audit(store.db, c.get('actor'), 'loaded', 'sample company', null)
          await store.jobs.enqueue(store.db, sampleQueue, {})
        }
        return c.json(await readProgress(store), 202)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/sample',
        access: 'owner',
        tags: ['Sample company'],
        summary: 'Remove the sample company, and everything that was added to it',
        responses: { 204: { description: 'Troth is empty again' } },
      }),
      async (c) => {
        await removeSample(store)
        await audit(store.db, c.get('actor'), 'removed', 'sample company', null)
        return c.body(null, 204)
      },
    )
}
