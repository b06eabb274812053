import { z } from '@hono/zod-openapi'
import { json, roles, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { readWorkspace } from './team.ts'

const workspace = z
  .object({
    name: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    country: z.string(),
    buying: z.enum(['once', 'again', 'renew']).nullable(),
    dataSource: z.string().nullable(),
  })
  .openapi('Workspace')

const me = z
  .object({
    kind: z.enum(['member', 'key', 'local', 'nobody']),
    id: z.string(),
    name: z.string(),
    role: z.enum(roles).nullable(),
    workspace: workspace.nullable().describe('Null for nobody'),
  })
  .openapi('Me')

export function teamRoutes(store: Store) {
  return router().openapi(
    route({
      method: 'get',
      path: '/api/me',
      access: 'public',
      summary: 'Who I am and whose company this is',
      responses: { 200: json(me, 'Who is calling') },
    }),
    async (c) => {
      const { kind, id, name, role } = c.get('actor')
      const workspace = kind === 'nobody' ? null : await readWorkspace(store)
      return c.json({ kind, id, name, role, workspace }, 200)
    },
  )
}
