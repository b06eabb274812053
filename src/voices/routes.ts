import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { candidateSchema, voiceCandidates } from './candidates.ts'
import { listVoices, readVoice } from './queries.ts'
import { voiceSchema, voiceStates } from './schema.ts'
import { dismissVoice, matchVoice, recordVoices, unmatchVoice } from './voices.ts'

const id = z.coerce.number().int().positive()
const params = z.object({ id })
const input = z
  .object({
    key: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('An id from where it was found: the same voice twice is one'),
    at: z.iso.datetime({ offset: true }),
    author: z.string().trim().max(200).optional(),
    source: z.string().trim().min(1).max(120).describe('Where it was found'),
    words: z.string().trim().min(1).max(20_000),
    properties: z
      .record(z.string().max(200), z.unknown())
      .optional()
      .describe('rating (1 to 5), order_id, product and whatever else came with it'),
  })
  .openapi('VoiceInput')

export function voicesRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/voices',
        access: 'viewer',
        summary: 'What was said by nobody we know',
        request: {
          query: z.object({
            state: z.enum(voiceStates).default('open'),
            cursor: id.optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: {
          200: json(z.object({ items: z.array(voiceSchema), next: z.string().nullable() }), 'Newest first'),
        },
      }),
      async (c) => {
        const { state, cursor, limit } = c.req.valid('query')
        const items = await listVoices(store.db, { state, before: cursor, limit })
        return c.json({ items, next: items.length === limit ? String(items.at(-1)?.id) : null }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/voices',
        access: 'ingest',
        summary: 'Keep something that was said by nobody we know',
        request: { body: { content: { 'application/json': { schema: input } }, required: true } },
        responses: { 201: json(voiceSchema, 'Kept and placed'), 200: json(voiceSchema, 'Kept before') },
      }),
      async (c) => {
        const { at, key, author, properties, ...rest } = c.req.valid('json')
        const [outcome] = await recordVoices(
          store,
          [
            {
              ...rest,
              at: new Date(at),
              ...(key ? { key } : {}),
              ...(author ? { author } : {}),
              ...(properties ? { properties } : {}),
            },
          ],
          { source: 'api' },
        )
        const voice = await readVoice(store.db, outcome?.id ?? 0)
        return outcome?.status === 'created' ? c.json(voice, 201) : c.json(voice, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/voices/{id}/candidates',
        access: 'member',
        summary: 'Whose words these might be, and why',
        request: { params },
        responses: {
          200: json(z.object({ items: z.array(candidateSchema) }), 'The strongest reasons first'),
        },
      }),
      async (c) => c.json({ items: await voiceCandidates(store.db, c.req.valid('param').id) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/voices/{id}/matching',
        access: 'member',
        summary: 'Say whose words these are',
        request: {
          params,
          body: {
            content: {
              'application/json': { schema: z.object({ customerId: z.number().int().positive() }) },
            },
            required: true,
          },
        },
        responses: { 200: json(voiceSchema, 'Now on the customer’s timeline') },
      }),
      async (c) => {
        const { id: voice } = c.req.valid('param')
        await matchVoice(store, voice, c.req.valid('json').customerId, c.get('actor'))
        return c.json(await readVoice(store.db, voice), 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/voices/{id}/matching',
        access: 'member',
        summary: 'Take a match back',
        request: { params },
        responses: { 200: json(voiceSchema, 'Nobody’s again, and off the timeline') },
      }),
      async (c) => {
        const { id: voice } = c.req.valid('param')
        await unmatchVoice(store, voice, c.get('actor'))
        return c.json(await readVoice(store.db, voice), 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/voices/{id}/dismissal',
        access: 'member',
        summary: 'Put a voice aside',
        request: { params },
        responses: { 200: json(voiceSchema, 'Put aside') },
      }),
      async (c) => {
        const { id: voice } = c.req.valid('param')
        await dismissVoice(store, voice, true, c.get('actor'))
        return c.json(await readVoice(store.db, voice), 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/voices/{id}/dismissal',
        access: 'member',
        summary: 'Bring a voice back',
        request: { params },
        responses: { 200: json(voiceSchema, 'Offered for matching again') },
      }),
      async (c) => {
        const { id: voice } = c.req.valid('param')
        await dismissVoice(store, voice, false, c.get('actor'))
        return c.json(await readVoice(store.db, voice), 200)
      },
    )
}
