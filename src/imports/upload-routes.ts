// Files on their way in: brought in, left out again, looked at.
import { Readable } from 'node:stream'
import { z } from '@hono/zod-openapi'
import { body, json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { receiveFile, startUpload } from './imports.ts'
import { fittingRecipes, lookAtFile } from './look.ts'
import { sourceSchema } from './schema.ts'
import { removeFile } from './uploads.ts'
import { fileLookSchema } from './wire.ts'

const uploadParam = z.object({ upload: z.uuid() })
const fileParam = uploadParam.extend({ name: z.string().min(1).max(300) })
const layoutSchema = sourceSchema.omit({ file: true, columns: true, fill_down: true, optional: true })

export function uploadRoutes(store: Store) {
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
}
