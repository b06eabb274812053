// Getting in and out: the first run, signing in, joining by invitation, and one's own account.
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { Invalid, TrothError } from '../lib/errors.ts'
import { type AppEnv, json, roles, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { clearSessionCookie, sessionToken, setSessionCookie } from './callers.ts'
import {
  acceptInvitation,
  changePassword,
  firstRun,
  hasPassword,
  isFirstRun,
  readInvitation,
  rename,
} from './members.ts'
import {
  acceptance,
  credentials,
  firstRunSchema,
  meSchema,
  nameChange,
  passwordChange,
  sessionSchema,
} from './schema.ts'
import {
  type Caller,
  listSessions,
  revokeSessions,
  signIn,
  signInOnce,
  signOut,
  startSession,
} from './sign-in.ts'
import { readWorkspace } from './workspace.ts'

const done = { description: 'Done' }
const signedIn = { description: 'Signed in: the session is in the cookie' }
const token = z.object({ token: z.string().max(100) })

export function sessionRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/me',
        access: 'public',
        summary: 'Who I am and whose company this is',
        responses: { 200: json(meSchema, 'Who is calling') },
      }),
      async (c) => {
        const actor = c.get('actor')
        const nobody = actor.kind === 'nobody'
        return c.json(
          {
            ...actor,
            workspace: nobody ? null : await readWorkspace(store.db),
            firstRun: nobody && (await isFirstRun(store.db)),
            hasPassword: actor.kind === 'member' && (await hasPassword(store.db, actor.id)),
          },
          200,
        )
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/first-run',
        access: 'public',
        summary: 'Make the owner account and say whose company this is; works once',
        request: { body: { ...json(firstRunSchema, 'The owner and the company'), required: true } },
        responses: { 204: signedIn },
      }),
      async (c) => {
        const { owner, workspace } = c.req.valid('json')
        const memberId = await firstRun(store, owner, workspace)
        await setSessionCookie(store, c, await startSession(store, memberId, caller(c)))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/session',
        access: 'public',
        summary: 'Sign in',
        request: { body: { ...json(credentials, 'Email address and password'), required: true } },
        responses: { 204: signedIn },
      }),
      async (c) => {
        await setSessionCookie(store, c, await signIn(store, c.req.valid('json'), caller(c)))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/session',
        access: 'public',
        summary: 'Sign out',
        responses: { 204: done },
      }),
      async (c) => {
        const mine = await sessionToken(store, c)
        if (mine) await signOut(store, mine)
        await clearSessionCookie(store, c)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/sign-in/once/{token}',
        access: 'public',
        summary: 'Sign in by a one-time link',
        request: { params: token },
        responses: {
          303: { description: 'To the first page, or to the sign-in page when the link is used up' },
        },
      }),
      async (c) => {
        const session = await signInOnce(store, c.req.valid('param').token, caller(c))
        if (!session) return c.redirect('/sign-in?link=old', 303)
        await setSessionCookie(store, c, session)
        return c.redirect('/', 303)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/invitations/by-token/{token}',
        access: 'public',
        summary: 'What an invitation’s link is for',
        request: { params: token },
        responses: {
          200: json(
            z.object({
              company: z.string(),
              role: z.enum(roles),
              email: z.string().nullable(),
              invitedBy: z.string().nullable(),
            }),
            'The invitation',
          ),
        },
      }),
      async (c) => {
        const found = await readInvitation(store.db, c.req.valid('param').token)
        if (!found)
          throw new TrothError('not-found', 'This invitation is used up or too old. Ask for a new one.')
        const { name } = await readWorkspace(store.db)
        const { role, email, invitedBy } = found
        return c.json({ company: name, role, email, invitedBy }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/invitations/by-token/{token}/acceptance',
        access: 'public',
        summary: 'Join the team by an invitation',
        request: { params: token, body: { ...json(acceptance, 'Who joins'), required: true } },
        responses: { 204: signedIn },
      }),
      async (c) => {
        const memberId = await acceptInvitation(store, c.req.valid('param').token, c.req.valid('json'))
        await setSessionCookie(store, c, await startSession(store, memberId, caller(c)))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'patch',
        path: '/api/me',
        access: 'viewer',
        summary: 'Change my name',
        request: { body: { ...json(nameChange, 'The new name'), required: true } },
        responses: { 204: done },
      }),
      async (c) => {
        await rename(store, c.get('actor'), c.req.valid('json').name)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/me/password',
        access: 'viewer',
        summary: 'Choose a new password; other sessions end',
        request: { body: { ...json(passwordChange, 'The new password'), required: true } },
        responses: { 204: done },
      }),
      async (c) => {
        await changePassword(store, c.get('actor'), c.req.valid('json'), await sessionToken(store, c))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/sessions',
        access: 'viewer',
        summary: 'Where I am signed in',
        responses: { 200: json(z.object({ items: z.array(sessionSchema) }), 'My sessions') },
      }),
      async (c) => {
        const actor = c.get('actor')
        const current = await sessionToken(store, c)
        const items = actor.kind === 'member' ? await listSessions(store, actor.id, current) : []
        return c.json({ items }, 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/sessions/{id}',
        access: 'viewer',
        summary: 'End one of my sessions',
        request: { params: z.object({ id: z.string().max(40) }) },
        responses: { 204: done },
      }),
      async (c) => {
        const actor = c.get('actor')
        if (actor.kind !== 'member') throw new Invalid('Only somebody who is signed in has sessions.')
        await revokeSessions(store, actor, actor.id, c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
}

function caller(c: Context<AppEnv>): Caller {
  return { address: c.get('address'), userAgent: (c.req.header('user-agent') ?? '').slice(0, 300) }
}
