import { z } from '@hono/zod-openapi'
import { Invalid } from '../../lib/errors.ts'
import { json, route, router } from '../../lib/http.ts'
import { textStream } from '../../lib/text-stream.ts'
import type { Store } from '../../store/store.ts'
import { questionKinds } from '../kinds.ts'
import type { QuestionFile, QuestionKind } from './kind.ts'
import type { Counted, Runs } from './runs.ts'
import { sheetCsv } from './sheet.ts'

const countedSchema = z
  .object({
    countedAt: z.string().describe('When it was counted'),
    tookMs: z.number().int(),
    queries: z
      .array(z.object({ about: z.string(), sql: z.string() }))
      .describe('What was counted, to be copied and run again (on Postgres: set search_path = projection)'),
  })
  .openapi('Counted')
const runSchema = z
  .object({
    id: z.number().int(),
    question: z.string(),
    title: z.string(),
    asked: z.record(z.string(), z.unknown()),
    startedAt: z.string(),
    done: z.number().describe('From 0 to 1'),
    words: z.string(),
  })
  .openapi('CountUnderWay')

/** Two routes a question (JSON, CSV), and what is being counted now. */
export function questionRoutes(store: Store, runs: Runs) {
  const routes = router()
    .openapi(
      route({
        method: 'get',
        path: '/api/insights/runs',
        access: 'viewer',
        summary: 'Questions that are being counted now, and how far they are',
        responses: { 200: json(z.object({ runs: z.array(runSchema) }), 'The oldest first') },
      }),
      (c) => c.json({ runs: runs.list() }, 200),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/insights/runs/{id}',
        access: 'member',
        summary: 'Stops a count, for everybody who waits for it',
        request: { params: z.object({ id: z.coerce.number().int().positive() }) },
        responses: { 204: { description: 'It is stopped' } },
      }),
      (c) => {
        runs.cancel(c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
  for (const kind of questionKinds) {
    addKind(routes, runs, kind)
    for (const file of kind.files ?? []) addFile(routes, store, kind, file)
  }
  return routes
}

function addKind(routes: ReturnType<typeof router>, runs: Runs, kind: QuestionKind): void {
  const path = `/api/insights/${kind.name}`
  routes.openapi(
    route({
      method: 'get',
      path,
      access: 'viewer',
      summary: kind.summary,
      request: { query: kind.asked },
      responses: {
        200: json(z.intersection(kind.answer, z.object({ counted: countedSchema })), kind.title),
      },
    }),
    async (c) =>
      c.json(
        reply(await runs.answer(kind, c.req.valid('query'), c.req.raw.signal, c.get('actor'))) as never,
        200,
      ),
  )
  routes.openapi(
    route({
      method: 'get',
      path: `${path}.csv`,
      access: 'viewer',
      summary: `${kind.title}, as a table`,
      request: {
        query: kind.asked.extend({
          sheet: z.string().max(60).optional().describe('Which of its tables; without it the first'),
        }),
      },
      responses: { 200: { description: 'A table', content: { 'text/csv': { schema: z.string() } } } },
    }),
    async (c) => {
      const { sheet: wanted, ...asked } = c.req.valid('query') as { sheet?: string }
      const { answer } = await runs.answer(kind, asked, c.req.raw.signal, c.get('actor'))
      const sheets = kind.sheets(answer)
      const sheet = wanted === undefined ? sheets[0] : sheets.find((each) => each.name === wanted)
      if (!sheet)
        throw new Invalid(
          `${kind.title} has no table ${wanted}. It has: ${sheets.map((each) => each.name).join(', ')}.`,
          [{ field: 'sheet', reason: 'is not one of its tables' }],
        )
      return c.body(sheetCsv(sheet), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${kind.name}${wanted === undefined ? '' : `-${wanted}`}.csv"`,
      })
    },
  )
}

/** A file of any size, sent as it is written. */
function addFile(
  routes: ReturnType<typeof router>,
  store: Store,
  kind: QuestionKind,
  file: QuestionFile,
): void {
  routes.openapi(
    route({
      method: 'get',
      path: `/api/insights/${kind.name}.${file.ending}`,
      access: 'viewer',
      summary: file.summary,
      request: { query: kind.asked },
      responses: { 200: { description: file.title, content: { [file.type]: { schema: z.string() } } } },
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const headers = {
        'content-type': file.type,
        'content-disposition': `attachment; filename="${kind.name}.${file.ending}"`,
      }
      // who asks only whether it is there takes nothing that would have to be given back
      if (c.req.method === 'HEAD') return c.body(null, 200, headers)
      return c.body(await textStream(file.write(store, asked)), 200, headers)
    },
  )
}

function reply({ answer, ...counted }: Counted) {
  return { ...answer, counted }
}
