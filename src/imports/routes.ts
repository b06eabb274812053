import { Readable } from 'node:stream'
import { z } from '@hono/zod-openapi'
import { Invalid, NotFound } from '../lib/errors.ts'
import { decodeCursor, encodeCursor, json, route, router } from '../lib/http.ts'
import { textStream } from '../lib/text-stream.ts'
import type { Store } from '../store/store.ts'
import {
  cancelImport,
  forgetImport,
  receiveFile,
  recipeOf,
  resumeImport,
  shippedRecipes,
  startImport,
  startUndo,
  startUpload,
} from './imports.ts'
import { fittingRecipes, lookAtFile, shippedText } from './look.ts'
import { mappingSchema, recipeFrom } from './mapping.ts'
import { previewImport } from './preview.ts'
import { type ImportLine, listImports, listRejects, readImport, rejectsCsv } from './queries.ts'
import { parseRecipe } from './recipe.ts'
import { sourceSchema } from './schema.ts'
import { removeFile } from './uploads.ts'
import { fileLookSchema, importSchema, previewSchema, rejectSchema } from './wire.ts'

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
  required: true,
})
const idParam = z.object({ id: z.coerce.number().int().positive() })
const uploadParam = z.object({ upload: z.uuid() })
const fileParam = uploadParam.extend({ name: z.string().min(1).max(300) })
const layoutSchema = sourceSchema.omit({ file: true, columns: true, fill_down: true, optional: true })

const whatToDo = z
  .object({
    upload: z.uuid(),
    mapping: mappingSchema.optional(),
    recipe: z.string().max(262_144).optional().describe("A recipe's text (YAML)"),
    shipped: z.string().max(60).optional().describe('The name of a recipe that comes with Troth'),
    earlier: z.number().int().positive().optional().describe('The import whose recipe is run again'),
  })
  .openapi('ImportRequest')

/** Files in: uploads, looks and previews, and imports with their counts, rejected rows and recipes. */
export function importsRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'post',
        path: '/api/imports/uploads',
        access: 'manager',
        summary: 'Make a place for files that are to be imported',
        responses: { 201: json(z.object({ id: z.uuid() }), 'The upload; files go into it one by one') },
      }),
      async (c) => c.json({ id: await startUpload(store) }, 201),
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/imports/uploads/{upload}/files/{name}',
        access: 'manager',
        summary: 'Bring in one file, as it is, up to 4 GB',
        request: {
          params: fileParam,
          body: {
            content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
            required: true,
          },
        },
        responses: {
          200: json(z.object({ name: z.string(), bytes: z.number().int() }), 'The file as it is kept'),
        },
      }),
      async (c) => {
        const { upload, name } = c.req.valid('param')
        const stream = c.req.raw.body
        const content = stream ? Readable.fromWeb(stream as never) : Readable.from([])
        return c.json(await receiveFile(store, upload, name, content as AsyncIterable<Uint8Array>), 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/imports/uploads/{upload}/files/{name}',
        access: 'manager',
        summary: 'Leave a file out again',
        request: { params: fileParam },
        responses: { 204: { description: 'It is gone' } },
      }),
      async (c) => {
        const { upload, name } = c.req.valid('param')
        await removeFile(store, upload, name)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/imports/uploads/{upload}/files/{name}/look',
        access: 'manager',
        summary: 'How a file is read, what its columns are and what they probably mean',
        request: { params: fileParam, body: body(layoutSchema) },
        responses: { 200: json(fileLookSchema, 'The look') },
      }),
      async (c) => {
        const { upload, name } = c.req.valid('param')
        return c.json(await lookAtFile(store, upload, name, c.req.valid('json')), 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/imports/uploads/{upload}/recipes',
        access: 'manager',
        summary: 'Recipes that come with Troth and fit the files brought in',
        request: { params: uploadParam },
        responses: {
          200: json(
            z.object({
              items: z.array(
                z.object({
                  name: z.string(),
                  title: z.string(),
                  description: z.string(),
                  exact: z.boolean().describe('Its files go by these very names'),
                }),
              ),
            }),
            'The recipes',
          ),
        },
      }),
      async (c) => c.json({ items: await fittingRecipes(store, c.req.valid('param').upload) }, 200),
    )
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

function lineOf(line: ImportLine): z.infer<typeof importSchema> {
  const progress = line.progress
  const counts = line.counts
  return {
    id: line.id,
    name: line.name,
    recipe: line.source.replace('import:', ''),
    state: line.state,
    stopping: line.cancelAsked,
    step: progress.step ?? 'waiting',
    done: progress.done ?? 0,
    total: progress.total ?? 0,
    files: (progress.files ?? []).map(
      ({ file, rows, refused, lines, encoding, delimiter, sheet, notes }) => ({
        file,
        rows,
        refused,
        lines,
        encoding: encoding ?? null,
        delimiter: delimiter ?? null,
        sheet: sheet ?? null,
        notes,
      }),
    ),
    counts: {
      read: counts.read ?? 0,
      created: counts.created ?? 0,
      updated: counts.updated ?? 0,
      unchanged: counts.unchanged ?? 0,
      rejected: counts.rejected ?? 0,
      unreadable: counts.unreadable ?? 0,
    },
    kinds: Object.entries(counts.kinds ?? {}).map(([kind, tally]) => ({ kind, ...tally })),
    error: line.error,
    createdBy: line.createdBy,
    createdAt: line.createdAt.toISOString(),
    startedAt: line.startedAt?.toISOString() ?? null,
    finishedAt: line.finishedAt?.toISOString() ?? null,
  }
}
