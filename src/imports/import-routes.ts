import { z } from '@hono/zod-openapi'
import { Invalid, NotFound } from '../lib/errors.ts'
import { body, decodeCursor, encodeCursor, json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { recipeOf, shippedRecipes, startImport } from './imports.ts'
import { shippedText } from './look.ts'
import { mappingSchema } from './mapping.ts'
import { recipeFrom } from './mapping-recipe.ts'
import { previewImport } from './preview.ts'
import { listImports, readImport } from './queries.ts'
import { importSchema, lineOf, previewSchema } from './wire.ts'

const whatToDo = z
  .object({
    upload: z.uuid(),
    mapping: mappingSchema.optional(),
    recipe: z.string().max(262_144).optional().describe("A recipe's text (YAML)"),
    shipped: z.string().max(60).optional().describe('The name of a recipe that comes with Troth'),
    earlier: z.number().int().positive().optional().describe('The import whose recipe is run again'),
  })
  .openapi('ImportRequest')

export function importRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'post',
        path: '/api/imports/previews',
        access: 'manager',
        summary: 'What the first rows would become',
        request: { body: body(whatToDo) },
        responses: { 200: json(previewSchema, 'The preview, with the recipe that would be run') },
      }),
      async (c) => {
        const request = c.req.valid('json')
        const recipe = await recipeText(store, request)
        return c.json({ recipe, ...(await previewImport(store, request.upload, recipe)) }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/imports',
        access: 'manager',
        summary: 'Import files by a mapping or a recipe',
        request: { body: body(whatToDo) },
        responses: { 201: json(importSchema, 'The import; it runs in the background') },
      }),
      async (c) => {
        const request = c.req.valid('json')
        const recipe = await recipeText(store, request)
        const id = await startImport(store, { recipe, upload: request.upload, actor: c.get('actor').name })
        return c.json(lineOf(await readImport(store.db, id)), 201)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/imports',
        access: 'viewer',
        summary: 'Imports, newest first',
        request: {
          query: z.object({
            cursor: z.string().max(500).optional(),
            limit: z.coerce.number().int().min(1).max(100).default(25),
          }),
        },
        responses: {
          200: json(
            z.object({ items: z.array(importSchema), next: z.string().nullable() }),
            'A page of imports',
          ),
        },
      }),
      async (c) => {
        const { cursor, limit } = c.req.valid('query')
        const [before] = decodeCursor(cursor) ?? []
        const found = await listImports(store.db, {
          before: typeof before === 'number' ? before : undefined,
          limit: limit + 1,
        })
        const items = found.slice(0, limit)
        const last = items.at(-1)
        return c.json(
          { items: items.map(lineOf), next: found.length > limit && last ? encodeCursor([last.id]) : null },
          200,
        )
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/imports/recipes',
        access: 'viewer',
        summary: 'The recipes that come with Troth',
        responses: {
          200: json(
            z.object({
              items: z.array(
                z.object({ name: z.string(), title: z.string(), description: z.string(), text: z.string() }),
              ),
            }),
            'The recipes',
          ),
        },
      }),
      (c) =>
        c.json(
          {
            items: shippedRecipes().map(({ name, text, recipe }) => ({
              name,
              text,
              title: recipe.title ?? name,
              description: recipe.description?.trim() ?? '',
            })),
          },
          200,
        ),
    )
}

/** @throws Invalid when nothing, or more than one thing, says what to do */
async function recipeText(store: Store, request: z.infer<typeof whatToDo>): Promise<string> {
  const given = [request.mapping, request.recipe, request.shipped, request.earlier].filter(
    (each) => each !== undefined,
  )
  if (given.length !== 1)
    throw new Invalid('Say what to do with the files by one of: mapping, recipe, shipped, earlier.')
  if (request.mapping) return recipeFrom(request.mapping)
  if (request.recipe !== undefined) return request.recipe
  if (request.earlier !== undefined) return recipeOf(store, request.earlier)
  const text = shippedText(request.shipped ?? '')
  if (text === undefined) throw new NotFound('recipe', request.shipped ?? '')
  return text
}
