// The house as one Hono app: who is calling, the rooms' routes, and what becomes of errors.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import { HTTPException } from 'hono/http-exception'
import { customersRoutes } from '../customers/routes.ts'
import { expectationsRoutes } from '../expectations/routes.ts'
import { importsRoutes } from '../imports/routes.ts'
import { insightsRoutes } from '../insights/routes.ts'
import { ingestRoutes, timelineRoutes } from '../interactions/routes.ts'
import { journeyRoutes } from '../journey/routes.ts'
import { TooMany, TrothError } from '../lib/errors.ts'
import { type Actor, type AppEnv, router } from '../lib/http.ts'
import { problemOf, problemResponse } from '../lib/problems.ts'
import { sampleRoutes } from '../sample/routes.ts'
import type { Store } from '../store/store.ts'
import { teamRoutes } from '../team/routes.ts'
import { nobody, whoIsCalling } from '../team/team.ts'
import { validationRoutes } from '../validation/routes.ts'
import { voicesRoutes } from '../voices/routes.ts'
import { isFromElsewhere, limitBody, readableAddress, readableBody, secureHeaders } from './guard.ts'
import { idempotency } from './idempotency.ts'
import { Metrics } from './metrics.ts'
import { apiDocument } from './openapi.ts'
import { Operations } from './operations.ts'
import { systemRoutes } from './routes.ts'
import { Statics } from './statics.ts'

export interface AppOptions {
  /** A bearer token that stands for the command line on this machine. */
  localToken?: string
  /** The address people reach this server at. */
  publicUrl?: string | undefined
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
      .route('/', voicesRoutes(store))
      .route('/', journeyRoutes(store))
      .route('/', expectationsRoutes(store))
      .route('/', insightsRoutes(store))
      .route('/', importsRoutes(store))
      .route('/', sampleRoutes(store))
  )
}
export type App = ReturnType<typeof rooms>

export function createApp(store: Store, options: AppOptions = {}) {
  const app = router()
  const metrics = new Metrics()
  const statics = new Statics(options.webFolder ?? join(import.meta.dirname, '../../dist/web'))
  const operations = once(() => new Operations(app))
  const document = once(() => apiDocument(app))

  app.onError((error, c) => {
    const { problem, known } = problemOf(error, c.get('requestId'))
    if (!known) logFault(store, error, c)
    // A shop's page that sends events must be able to read why one was refused.
    const forAnySite = c.req.path.startsWith('/v1/') ? { 'access-control-allow-origin': '*' } : {}
    return problemResponse({ ...problem, instance: c.req.path }, { ...headersOf(error), ...forAnySite })
  })
  app.use(async (c, next) => {
    c.set('requestId', randomUUID())
    c.set('actor', nobody)
    c.set('address', addressOf(c, options.trustedProxies ?? 0))
    c.set('secure', options.publicUrl?.startsWith('https://') ?? false)
    const began = performance.now()
    await next()
    const seconds = (performance.now() - began) / 1000
    const { method } = c.req
    const route = operations().find(method, c.req.path)?.path ?? 'page'
    metrics.observe(method, route, c.res.status, seconds)
    const { kind, id } = c.get('actor')
    store.log.info(
      {
        requestId: c.get('requestId'),
        method,
        route,
        status: c.res.status,
        ms: Math.round(seconds * 1000),
        actor: `${kind}:${id}`,
      },
      'request',
    )
  })
  app.use(secureHeaders)
  app.use(compress())
  app.use(readableAddress)
  app.use(limitBody)
  app.use(async (c, next) => {
    c.set('actor', await caller(store, c, options))
    await next()
  })
  app.use(readableBody(operations))
  app.use(idempotency(store, operations))
  app.route('/', systemRoutes(store, metrics, document))
  app.route('/', rooms(store))
  app.notFound(async (c) => {
    const { path, method } = c.req
    const others = operations().at(path)
    if (others.length > 0) {
      const allowed = [...new Set(others.map((operation) => operation.method))].join(', ')
      throw new HTTPException(405, {
        message: `${method} is not done at ${path}; ${allowed} is.`,
        cause: { allow: allowed },
      })
    }
    if ((method === 'GET' || method === 'HEAD') && !/^\/(api|v1)(\/|$)/.test(path)) {
      const gzip = (c.req.header('accept-encoding') ?? '').includes('gzip')
      const file = await statics.file(path, gzip)
      if (file) return file
      if (!/\.\w+$/.test(path)) return statics.page()
    }
    throw new TrothError('not-found', `There is nothing at ${path}.`)
  })
  return app
}

/** Who is calling; a cookie counts only when the request comes from our own pages. */
async function caller(store: Store, c: Context<AppEnv>, options: AppOptions): Promise<Actor> {
  const actor = await whoIsCalling(store, c, options)
  const { path } = c.req
  if (actor.kind === 'nobody' && path === '/metrics' && isLocal(c))
    return { kind: 'local', id: 'metrics', name: 'This machine', role: 'viewer', scopes: [] }
  if (actor.kind === 'key' || actor.kind === 'local') return actor
  const own = [c.req.header('host'), options.publicUrl && new URL(options.publicUrl).host]
  if (!isFromElsewhere(c.req.raw, own, actor.kind === 'member')) return actor
  // Other sites may send events, by key; who happens to be signed in here does not speak for them.
  if (path.startsWith('/v1/')) return nobody
  throw new TrothError(
    'forbidden',
    'This call comes from another site than Troth. Open Troth itself, or use an API key.',
  )
}

/** The caller's address: the socket's, or what the believed proxies say, counted from the nearest. */
function addressOf(c: Context, trustedProxies: number): string {
  const socket = socketAddress(c)
  if (trustedProxies === 0) return socket
  const hops = (c.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean)
  return hops.at(-trustedProxies) ?? socket
}

function socketAddress(c: Context): string {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return env?.incoming?.socket?.remoteAddress ?? 'unknown'
}

function isLocal(c: Context): boolean {
  return (
    /^(127\.|::1$|::ffff:127\.)/.test(socketAddress(c)) &&
    !['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => c.req.header(name) !== undefined)
  )
}

function headersOf(error: unknown): Record<string, string> {
  if (error instanceof TooMany) return { 'retry-after': String(error.retryAfter) }
  const cause = error instanceof HTTPException ? (error.cause as { allow?: string } | undefined) : undefined
  return cause?.allow ? { allow: cause.allow } : {}
}

/** Logged without the values that a database error repeats. */
function logFault(store: Store, error: unknown, c: Context<AppEnv>): void {
  const { name, message, stack, code } = error as Partial<Error> & { code?: string }
  store.log.error(
    { requestId: c.get('requestId'), method: c.req.method, err: { name, message, stack, code } },
    'request failed',
  )
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
