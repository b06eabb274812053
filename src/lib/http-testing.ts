// For tests of a room's routes without the rest of the house: the room's router, called as a role.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Schema } from 'hono'
import { type Actor, type AppEnv, type Role, router } from './http.ts'
import { problemOf, problemResponse } from './problems.ts'

/** The routes as they answer a member with `role` (null: nobody). Call `.request('/api/…')` on it. */
export function routesAs<S extends Schema>(
  routes: OpenAPIHono<AppEnv, S, string>,
  role: Role | null,
  actor: Partial<Actor> = {},
) {
  const app = router()
  app.onError((error) => problemResponse(problemOf(error).problem))
  app.use(async (c, next) => {
    c.set('requestId', 'test')
    c.set('address', '127.0.0.1')
    c.set('secure', false)
    c.set('actor', {
      kind: role === null ? 'nobody' : 'member',
      id: role ?? '',
      name: role ?? 'Nobody',
      role,
      scopes: [],
      ...actor,
    })
    await next()
  })
  app.route('/', routes)
  return app
}
