import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { budgetRoutes } from './budget-routes.ts'
import { careStandardRoutes } from './care-standard-routes.ts'
import { knownEvents } from './names.ts'
import { previewMap } from './preview.ts'
import { readJourney } from './queries.ts'
import { cancelReplacing, currentReplacing, replaceAll } from './replacing.ts'
import { applyMapTemplate, lastEdit, saveMap, undoLastEdit } from './saving.ts'
import {
  draftSchema,
  journeySchema,
  mapStageSchema,
  previewSchema,
  replacingSchema,
  templateNames,
  unplacedSchema,
} from './schema.ts'
import { laidOver, templates } from './templates/templates.ts'
import { unplacedBox } from './unplaced.ts'

const lastEditSchema = z
  .object({ version: z.number().int(), at: z.string(), actor: z.string(), summary: z.string() })
  .openapi('JourneyEdit')
const savedSchema = z
  .object({
    journey: journeySchema,
    created: z
      .record(z.string(), z.number().int())
      .openapi({ description: 'The ids that new stages and touchpoints of the draft got: {"-1": 57}.' }),
    replacing: replacingSchema.nullable(),
  })
  .openapi('SavedJourney')
const versionSchema = z.object({ version: z.number().int() })

export function journeyRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/journey',
        access: 'viewer',
        summary: 'The journey map: stages, touchpoints and rules',
        responses: {
          200: json(
            journeySchema.extend({ lastEdit: lastEditSchema.nullable() }),
            'The map, and the edit that can be undone',
          ),
        },
      }),
      async (c) => c.json({ ...(await readJourney(store.db)), lastEdit: await lastEdit(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/journey',
        access: 'manager',
        summary: 'Save the whole map',
        request: { body: json(draftSchema.extend({ version: z.number().int() }), 'The map as it should be') },
        responses: {
          200: json(savedSchema, 'The map as it is now'),
        },
      }),
      async (c) => c.json(await saveMap(store, c.req.valid('json'), c.get('actor')), 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/journey/undoing',
        access: 'manager',
        summary: 'Undo the last edit of the map',
        request: { body: json(versionSchema, 'The version that the edit made') },
        responses: { 200: json(savedSchema, 'The map as it was before') },
      }),
      async (c) => c.json(await undoLastEdit(store, c.req.valid('json').version, c.get('actor')), 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/journey/preview',
        access: 'viewer',
        summary: 'What a draft of the map would change',
        request: {
          body: json(
            draftSchema.pick({ stages: true }).extend({
              touchpointId: z.number().int().optional().openapi({
                description: 'Only what goes to, leaves or stays at this touchpoint of the draft.',
              }),
            }),
            'The draft, whole; unfinished rules match nothing',
          ),
        },
        responses: { 200: json(previewSchema, 'Counts and examples') },
      }),
      async (c) => c.json(await previewMap(store, c.req.valid('json')), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/journey/events',
        access: 'viewer',
        summary: 'Names and channels of stored events, to make rules of',
        responses: {
          200: json(
            z.object({ names: z.array(z.string()), channels: z.array(z.string()) }),
            'Names in their order (none when there are more than 2,000), channels most used first',
          ),
        },
      }),
      async (c) => c.json(await knownEvents(store.db), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/journey/unplaced',
        access: 'viewer',
        summary: 'Events that no rule places, with suggestions',
        request: { query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }) },
        responses: {
          200: json(
            z.object({
              items: z.array(unplacedSchema),
              count: z.number().int(),
              of: z.number().int(),
              moreNames: z.boolean(),
            }),
            'Most first',
          ),
        },
      }),
      async (c) => c.json(await unplacedBox(store.db, c.req.valid('query')), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/journey/templates',
        access: 'viewer',
        summary: 'The default maps, laid over the present one',
        responses: {
          200: json(
            z.object({
              items: z.array(
                z
                  .object({
                    name: z.enum(templateNames),
                    title: z.string(),
                    description: z.string(),
                    stages: z.array(mapStageSchema),
                    gone: draftSchema.shape.gone.unwrap(),
                  })
                  .openapi('JourneyTemplate'),
              ),
            }),
            'Drafts that can be previewed and saved',
          ),
        },
      }),
      async (c) => {
        const { stages } = await readJourney(store.db)
        const items = templateNames.map((name) => {
          const { title, description } = templates[name]
          return { name, title, description, ...laidOver(stages, templates[name]) }
        })
        return c.json({ items }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/journey/templates/{name}/applying',
        access: 'manager',
        summary: 'Make a default map the map',
        request: { params: z.object({ name: z.enum(templateNames) }) },
        responses: { 200: json(savedSchema, 'The map as it is now') },
      }),
      async (c) => c.json(await applyMapTemplate(store, c.req.valid('param').name, c.get('actor')), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/journey/replacing',
        access: 'viewer',
        summary: 'How far the re-placing of history is',
        responses: {
          200: json(z.object({ replacing: replacingSchema.nullable() }), 'The present or last run'),
        },
      }),
      async (c) => c.json({ replacing: await currentReplacing(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/journey/replacing',
        access: 'manager',
        summary: 'Place all of history again by the present rules',
        responses: { 202: json(replacingSchema, 'The run that was started') },
      }),
      async (c) => c.json(await replaceAll(store, c.get('actor')), 202),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/journey/replacing',
        access: 'manager',
        summary: 'Stop the re-placing under way',
        responses: { 200: json(replacingSchema, 'The run, stopped') },
      }),
      async (c) => c.json(await cancelReplacing(store, c.get('actor')), 200),
    )
    .route('/', budgetRoutes(store))
    .route('/', careStandardRoutes(store))
}
