// What every noun's routes.ts builds on: a router whose bad input becomes a problem, and route
// definitions that name the lowest role that may call them. src/server mounts the routers, finds out who
// is calling, and turns errors into statuses.
import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { type FieldError, Invalid, TrothError } from './errors.ts'
import { type Role, roles } from './roles.ts'

export { type Role, roles }

/** Who is calling: a signed-in member, an API key, the command line on this machine, or nobody. */
export interface Actor {
  kind: 'member' | 'key' | 'local' | 'nobody'
  id: string
  name: string
  /** null: may call only what is public, or what the key's scopes open. */
  role: Role | null
  /** 'ingest': send events. 'read': read as a viewer does. */
  scopes: ('ingest' | 'read')[]
}

export interface AppEnv {
  Variables: {
    actor: Actor
    requestId: string
    /** The caller's network address, as far as the proxies in front are believed. */
    address: string
    /** Whether people reach this server through https. */
    secure: boolean
  }
}

/** Who may call a route: a role, anybody ('public'), or whoever may send events ('ingest'). */
export type Access = Role | 'public' | 'ingest'

/** A route definition for router.openapi(): like createRoute, with the access it needs, enforced and documented. */
export function route<
  Path extends string,
  Config extends Omit<RouteConfig, 'path'> & { path: Path; access: Access },
>(config: Config) {
  const { access, ...rest } = config
  return createRoute<Path, Config>({
    // The word itself is ours; the document knows it as x-access.
    ...(rest as unknown as Config),
    security: access === 'public' ? [] : [{ session: [] }, { key: [] }],
    'x-access': access,
    middleware: [allow(access)],
  })
}

/** A router whose invalid input (path, query, body) is answered as an Invalid naming each field. */
export function router(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error, result.target)
    },
  })
}

/** zod's issues as an Invalid: one FieldError per issue, its field as a path ("rules.0.event"). */
export function invalidInput(error: z.ZodError, where = 'input'): Invalid {
  const errors: FieldError[] = error.issues.map((issue) => ({
    field: issue.path.join('.') || where,
    reason: issue.message,
  }))
  const first = errors[0]
  return new Invalid(first ? `${first.field}: ${first.reason}` : 'The input is not valid.', errors)
}

export function allow(access: Access): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    assertAllowed(c, access)
    await next()
  }
}

export function assertAllowed(c: Context<AppEnv>, access: Access): void {
  if (access === 'public') return
  const actor = c.get('actor')
  if (actor.kind === 'nobody') throw new TrothError('unauthenticated', 'Sign in first, or send an API key.')
  if (access === 'ingest') {
    if (actor.scopes.includes('ingest') || hasRole(actor, 'manager')) return
    throw new TrothError('forbidden', 'This key may not send events: it needs the scope "ingest".')
  }
  if (hasRole(actor, access)) return
  const reading = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (access === 'viewer' && reading && actor.scopes.includes('read')) return
  throw new TrothError(
    'forbidden',
    `This needs the role ${access}${actor.role ? `; ${actor.name} is ${actor.role}` : ''}.`,
  )
}

/** True when the actor has the role or a higher one. */
export function hasRole(actor: Actor, role: Role): boolean {
  return actor.role !== null && roles.indexOf(actor.role) >= roles.indexOf(role)
}

/** A JSON body or response for a route definition. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** A JSON body that has to be there. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } }, required: true }
}

/** RFC 9457 problem details, as every error is answered. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
  })
  .openapi('Problem')

/** Opaque page cursors: base64url of a JSON array of the last row's sort values. @throws Invalid */
export function decodeCursor(cursor: string | undefined): unknown[] | undefined {
  if (!cursor) return undefined
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(values)) return values
  } catch {}
  throw new Invalid('The cursor is not one that this server gave out. Start from the first page.', [
    { field: 'cursor', reason: 'not a cursor' },
  ])
}

export function encodeCursor(values: unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}
