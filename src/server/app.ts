// The house as one Hono app: who is calling, the rooms' routes, and what becomes of errors.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { customersRoutes } from '../customers/routes.ts'
import { ingestRoutes, timelineRoutes } from '../interactions/routes.ts'
import { journeyRoutes } from '../journey/routes.ts'
import { type AppEnv, router } from '../lib/http.ts'
import { plain, problemOf, problemResponse } from '../lib/problems.ts'
import type { Store } from '../store/store.ts'
import { teamRoutes } from '../team/routes.ts'
import { whoIsCalling } from '../team/team.ts'
import { validationRoutes } from '../validation/routes.ts'
import { Statics } from './statics.ts'

export interface AppOptions {
  /** A bearer token that stands for the command line on this machine. */
  localToken?: string
  /** The address people reach this server at. */
  publicUrl?: string
  /** Number of proxies in front whose X-Forwarded-For is believed. */
  trustedProxies?: number
  /** The built web app. Default: dist/web of this installation. */
  webFolder?: string
}

/** Every room's routes. Each room adds its line here; the web app's typed client reads this type. */
function rooms(store: Store) {
  return (
    router()
      // one line a room, so that rooms land beside each other
      .route('/', teamRoutes(store))
      .route('/', ingestRoutes(store))
      .route('/', timelineRoutes(store))
      .route('/', validationRoutes(store))
      .route('/', customersRoutes(store))
      .route('/', journeyRoutes(store))
  )
}
export type App = ReturnType<typeof rooms>

export function createApp(store: Store, options: AppOptions = {}) {
  const app = router()
  const statics = new Statics(options.webFolder ?? join(import.meta.dirname, '../../dist/web'))

  app.onError((error, c) => {
    const { problem, known } = problemOf(error, c.get('requestId'))
    if (!known) store.log.error({ err: error, requestId: c.get('requestId') }, 'request failed')
    return problemResponse({ ...problem, instance: c.req.path })
  })
  app.use(async (c, next) => {
    c.set('requestId', randomUUID())
    c.set('actor', await whoIsCalling(store, c.req.raw.headers, options))
    await next()
  })
  app.route('/', rooms(store))
  app.notFound(async (c) => {
    const path = c.req.path
    const reading = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (reading && !/^\/(api|v1)(\/|$)/.test(path)) {
      const gzip = (c.req.header('accept-encoding') ?? '').includes('gzip')
      return (await statics.file(path, gzip)) ?? (/\.\w+$/.test(path) ? missing(path) : statics.page())
    }
    return missing(path)
  })
  return app
}

function missing(path: string): Response {
  return problemResponse({ ...plain(404, 'Not found', `There is nothing at ${path}.`), instance: path })
}

export type { AppEnv }
