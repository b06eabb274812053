// What every request passes before a room sees it: a readable address and body, a size it may have, a
// cookie used only from our own pages, and headers that keep browsers from being talked into things.
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { Invalid, TrothError } from '../lib/errors.ts'
import type { AppEnv } from '../lib/http.ts'
import { jsonText } from '../lib/json-text.ts'
import type { Operations } from './operations.ts'

type Middleware = MiddlewareHandler<AppEnv>

/** Bytes a body may have, by the beginning of its address; the first that fits counts. Uploads stream to disk and are limited by their room. */
const limits: [prefix: string, bytes: number][] = [
  ['/v1/', 5_000_000],
  ['/api/imports', Number.POSITIVE_INFINITY],
  ['/', 1_000_000],
]

export const limitBody: Middleware = async (c, next) => {
  const most = limits.find(([prefix]) => c.req.path.startsWith(prefix))?.[1] ?? 0
  if (most === Number.POSITIVE_INFINITY || c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  return bodyLimit({
    maxSize: most,
    onError: () => {
      throw new TrothError('too-large', `The body is larger than ${most / 1_000_000} MB. Send it in parts.`)
    },
  })(c, next)
}

/** The address decodes, and holds no NUL character. */
export const readableAddress: Middleware = async (c, next) => {
  const url = c.req.url
  let decoded: string
  try {
    decoded = decodeURIComponent(url.replaceAll('+', ' '))
  } catch {
    throw new Invalid('The address holds a broken percent-encoding. Encode it as UTF-8.')
  }
  if (decoded.includes('\0')) throw new Invalid('The address must not contain NUL characters (%00).')
  await next()
}

/** The body is of a type that the route reads; JSON is checked before it is parsed. */
export function readableBody(operations: () => Operations): Middleware {
  return async (c, next) => {
    // /v1 judges each event by itself, reads compressed bodies, and JSON that browsers call text/plain.
    if (c.req.path.startsWith('/v1/')) return next()
    const operation = operations().find(c.req.method, c.req.path)
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    const hasBody =
      Number(c.req.header('content-length') ?? 0) > 0 || c.req.header('transfer-encoding') !== undefined
    if (
      operation &&
      operation.bodies.length > 0 &&
      hasBody &&
      !operation.bodies.some((body) => takes(body, type))
    )
      throw new HTTPException(415, {
        message: `This takes ${operation.bodies.join(' or ')}, not ${type || 'a body without a content-type'}.`,
      })
    if (type === 'application/json' && c.req.raw.body) {
      const text = jsonText(new Uint8Array(await c.req.arrayBuffer()))
      c.req.bodyCache = { text: Promise.resolve(text) as unknown as string }
    }
    await next()
  }
}

function takes(accepted: string, type: string): boolean {
  return accepted === '*/*' || accepted === type || (accepted === 'application/octet-stream' && type !== '')
}

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Whether a request that changes something comes from one of our own pages, as far as a browser tells. */
export function isFromElsewhere(
  request: Request,
  ownHosts: (string | undefined)[],
  carriesCookie: boolean,
): boolean {
  if (!unsafe.has(request.method)) return false
  const origin = request.headers.get('origin')
  if (origin === null) {
    const site = request.headers.get('sec-fetch-site')
    return site === null ? carriesCookie : site !== 'same-origin' && site !== 'none'
  }
  let host: string
  try {
    host = new URL(origin).host
  } catch {
    return true // "null": a sandboxed frame or a file
  }
  return !ownHosts.includes(host)
}

export const secureHeaders: Middleware = async (c, next) => {
  await next()
  const { headers } = c.res
  const missing = (name: string, value: string) => {
    if (!headers.has(name)) headers.set(name, value)
  }
  missing('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  headers.set('x-content-type-options', 'nosniff')
  headers.set('x-frame-options', 'DENY')
  headers.set('referrer-policy', 'same-origin')
  headers.set('cross-origin-opener-policy', 'same-origin')
  headers.set('cross-origin-resource-policy', 'same-origin')
  headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
  headers.set('x-request-id', c.get('requestId'))
  if (c.get('secure')) headers.set('strict-transport-security', 'max-age=31536000')
  if (c.req.path.startsWith('/api/')) missing('cache-control', 'no-store')
}
