// The page that shows every figure with good and with nasty data: built for tests only, served with the content
// policy of the product.
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { build } from 'vite'
import { Statics } from '#src/server/statics.ts'
import { temporaryFolder } from '#src/store/testing.ts'

const web = join(import.meta.dirname, '../web')

export interface Gallery {
  url: string
  [Symbol.asyncDispose](): Promise<void>
}

export async function startGallery(): Promise<Gallery> {
  const folder = temporaryFolder('gallery')
  await build({
    root: web,
    configFile: join(web, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, minify: false, rolldownOptions: { input: join(web, 'gallery.html') } },
  })
  renameSync(join(folder, 'gallery.html'), join(folder, 'index.html'))
  const files = new Statics(folder)
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: async (request) => {
          const { pathname } = new URL(request.url)
          return (pathname === '/' ? undefined : await files.file(pathname, false)) ?? files.page()
        },
        hostname: '127.0.0.1',
        port: 0,
      },
      ({ port }) =>
        resolve({
          url: `http://127.0.0.1:${port}`,
          async [Symbol.asyncDispose]() {
            await new Promise<void>((done) => {
              server.close(() => done())
              if ('closeAllConnections' in server) server.closeAllConnections()
            })
            rmSync(folder, { recursive: true, force: true })
          },
        }),
    )
    server.once('error', reject)
  })
}
