import { z } from '@hono/zod-openapi'
import { decodeCursor, encodeCursor, json, route, router } from '../lib/http.ts'
import { textStream } from '../lib/text-stream.ts'
import type { Store } from '../store/store.ts'
import { cancelImport, forgetImport, recipeOf, resumeImport, startUndo } from './imports.ts'
import { listRejects, readImport, rejectsCsv } from './queries.ts'
import { parseRecipe } from './recipe.ts'
import { importSchema, lineOf, rejectSchema } from './wire.ts'

const idParam = z.object({ id: z.coerce.number().int().positive() })
export function singleRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/imports/{id}',
        access: 'viewer',
        summary: 'One import: how far it is and its counts',
        request: { params: idParam },
        responses: { 200: json(importSchema, 'The import') },
      }),
      async (c) => c.json(lineOf(await readImport(store.db, c.req.valid('param').id)), 200),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/imports/{id}',
        access: 'manager',
        summary: 'Forget an import that was undone or brought nothing in',
        request: { params: idParam },
        responses: { 204: { description: 'It is forgotten' } },
      }),
      async (c) => {
        await forgetImport(store, c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/imports/{id}/rejects',
        access: 'manager',
        summary: 'Rows that were not taken, with the reason, file and line',
        request: {
          params: idParam,
          query: z.object({
            cursor: z.string().max(500).optional(),
            limit: z.coerce.number().int().min(1).max(500).default(50),
          }),
        },
        responses: {
          200: json(
            z.object({ items: z.array(rejectSchema), next: z.string().nullable() }),
            'A page of rows',
          ),
        },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const { cursor, limit } = c.req.valid('query')
        await readImport(store.db, id)
        const [after] = decodeCursor(cursor) ?? []
        const found = await listRejects(store.db, id, {
          after: typeof after === 'number' ? after : undefined,
          limit: limit + 1,
        })
        const items = found.slice(0, limit)
        const last = items.at(-1)
        return c.json({ items, next: found.length > limit && last ? encodeCursor([last.id]) : null }, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/imports/{id}/rejects.csv',
        access: 'manager',
        summary: 'Rows that were not taken, as a CSV file to mend and bring in again',
        request: { params: idParam },
        responses: { 200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } } },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const { source } = await readImport(store.db, id)
        return c.body(await textStream(rejectsCsv(store.db, id)), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="${source.replace('import:', '')}-${id}-rejected.csv"`,
        })
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/imports/{id}/recipe',
        access: 'viewer',
        summary: "The import's recipe, to keep, change and run again",
        request: { params: idParam },
        responses: {
          200: { description: 'The file', content: { 'application/yaml': { schema: z.string() } } },
        },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const text = await recipeOf(store, id)
        return new Response(text, {
          headers: {
            'content-type': 'application/yaml; charset=utf-8',
            'content-disposition': `attachment; filename="${parseRecipe(text).name}.yaml"`,
          },
        }) as never
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/imports/{id}/cancellation',
        access: 'manager',
        summary: 'Stop an import; what it brought in so far stays',
        request: { params: idParam },
        responses: { 202: json(importSchema, 'It stops after its present batch') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await cancelImport(store, id)
        return c.json(lineOf(await readImport(store.db, id)), 202)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/imports/{id}/resumption',
        access: 'manager',
        summary: 'Go on with an import that was stopped or failed',
        request: { params: idParam },
        responses: { 202: json(importSchema, 'It goes on with the row after the last') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await resumeImport(store, id)
        return c.json(lineOf(await readImport(store.db, id)), 202)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/imports/{id}/undoing',
        access: 'manager',
        summary: 'Take back everything an import brought in',
        request: { params: idParam },
        responses: { 202: json(importSchema, 'It is being taken back') },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await startUndo(store, id)
        return c.json(lineOf(await readImport(store.db, id)), 202)
      },
    )
}
