// A house for tests of this room: its routes with real callers, and what they answer.
import assert from 'node:assert/strict'
import { type Actor, router } from '../lib/http.ts'
import { problemOf, problemResponse } from '../lib/problems.ts'
import type { Store } from '../store/store.ts'
import { whoIsCalling } from './callers.ts'
import { teamRoutes } from './routes.ts'

export const owner = { name: 'Olga', email: 'Olga@Example.com', password: 'correct horse battery' }
export const company = {
  name: 'Harbour & Oak',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  country: 'DE',
  buying: 'again' as const,
}
export const command: Actor = { kind: 'local', id: 'local', name: 'Command line', role: 'owner', scopes: [] }

/** The team's routes with real callers, as the house mounts them. */
export function house(store: Store) {
  const app = router()
  app.onError((error) => problemResponse(problemOf(error).problem))
  app.use(async (c, next) => {
    c.set('requestId', 'test')
    c.set('address', c.req.header('x-test-address') ?? '192.0.2.1')
    c.set('secure', true)
    c.set('actor', await whoIsCalling(store, c, { localToken: 'a-local-token' }))
    await next()
  })
  app.route('/', teamRoutes(store))
  return (path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}

/** The fields of answers that these tests look at. */
interface Answer {
  firstRun: boolean
  role: string
  workspace: { name: string } | null
  detail: string
  key: string
  path: string
  items: unknown[]
}
export async function read(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}

export function cookieOf(response: Response): string {
  const set = response.headers.get('set-cookie') ?? ''
  assert.match(set, /HttpOnly/)
  assert.match(set, /Secure/)
  assert.match(set, /SameSite=Lax/)
  return set.split(';')[0] ?? ''
}
