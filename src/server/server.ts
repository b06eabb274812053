import { serve } from '@hono/node-server'
import type { Store } from '../store/store.ts'
import { type AppOptions, createApp } from './app.ts'

export { createApp } from './app.ts'
export { registerIdempotency } from './idempotency.ts'
export { buildWeb, isWebBuilt } from './web-build.ts'

export interface RunningServer {
  host: string
  port: number
  url: string
  close(): Promise<void>
}

/** Listens on host and port (0: any free one). Rejects with the system's error (EADDRINUSE, EACCES). */
export async function startServer(
  store: Store,
  options: AppOptions & { host: string; port: number },
): Promise<RunningServer> {
  const { host } = options
  const app = createApp(store, options)
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port: options.port }, ({ port }) => {
      server.off('error', reject)
      resolve({ host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, close })
    })
    server.once('error', reject)

    async function close(): Promise<void> {
      await new Promise<void>((done) => {
        server.close(() => done())
        if ('closeIdleConnections' in server) server.closeIdleConnections()
        // Open streams must not hold up a stop.
        setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 2_000).unref()
      })
    }
  })
}
