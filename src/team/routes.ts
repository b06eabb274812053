import { z } from '@hono/zod-openapi'
import { decodeCursor, encodeCursor, json, route, router } from '../lib/http.ts'
import { transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { auditWords, listAudit } from './audit.ts'
import { createKey, listKeys, revokeKey } from './keys.ts'
import {
  changeRole,
  invite,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
} from './members.ts'
import {
  auditEntry,
  invitationSchema,
  keySchema,
  memberSchema,
  newInvitation,
  newKey,
  roleChange,
  workspaceChange,
  workspaceSchema,
} from './schema.ts'
import { sessionRoutes } from './session-routes.ts'
import { createSignInLink, revokeSessions } from './sign-in.ts'
import { changeWorkspace, readWorkspace } from './workspace.ts'

const done = { description: 'Done' }
const numberId = z.object({ id: z.coerce.number().int().positive() })
const textId = z.object({ id: z.string().max(80) })

export function teamRoutes(store: Store) {
  return router()
    .route('/', sessionRoutes(store))
    .openapi(
      route({
        method: 'get',
        path: '/api/workspace',
        access: 'viewer',
        summary: 'The company this is for',
        responses: { 200: json(workspaceSchema, 'The company') },
      }),
      async (c) => c.json(await readWorkspace(store.db), 200),
    )
    .openapi(
      route({
        method: 'patch',
        path: '/api/workspace',
        access: 'owner',
        summary: 'Change the name, time zone, currency, country, or how customers buy',
        request: { body: { ...json(workspaceChange, 'What changes'), required: true } },
        responses: { 200: json(workspaceSchema, 'The company') },
      }),
      async (c) => {
        const change = c.req.valid('json')
        const changed = await transaction(store.db, (tx) => changeWorkspace(tx, c.get('actor'), change))
        return c.json(changed, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/members',
        access: 'viewer',
        summary: 'Who works here',
        responses: { 200: json(z.object({ items: z.array(memberSchema) }), 'Members') },
      }),
      async (c) => c.json({ items: await listMembers(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'patch',
        path: '/api/members/{id}',
        access: 'owner',
        summary: 'Change a member’s role',
        request: { params: textId, body: { ...json(roleChange, 'The new role'), required: true } },
        responses: { 204: done },
      }),
      async (c) => {
        await changeRole(store, c.get('actor'), c.req.valid('param').id, c.req.valid('json').role)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/members/{id}',
        access: 'owner',
        summary: 'End a member’s access',
        request: { params: textId },
        responses: { 204: done },
      }),
      async (c) => {
        await removeMember(store, c.get('actor'), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/members/{id}/sessions',
        access: 'owner',
        summary: 'Sign a member out everywhere',
        request: { params: textId },
        responses: { 204: done },
      }),
      async (c) => {
        await revokeSessions(store, c.get('actor'), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/members/{id}/sign-in-links',
        access: 'owner',
        summary: 'Make a link that signs a member in once, within ten minutes',
        'x-shows-secret': true,
        request: { params: textId },
        responses: { 201: json(z.object({ path: z.string() }), 'The link’s path, shown once') },
      }),
      async (c) =>
        c.json({ path: await createSignInLink(store, c.req.valid('param').id, c.get('actor')) }, 201),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/invitations',
        access: 'owner',
        summary: 'Open invitations',
        responses: { 200: json(z.object({ items: z.array(invitationSchema) }), 'Invitations') },
      }),
      async (c) => c.json({ items: await listInvitations(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/invitations',
        access: 'owner',
        summary: 'Invite somebody by a link that works once, within a week',
        'x-shows-secret': true,
        request: { body: { ...json(newInvitation, 'For whom'), required: true } },
        responses: {
          201: json(invitationSchema.extend({ path: z.string() }), 'The invitation; its path is shown once'),
        },
      }),
      async (c) => c.json(await invite(store, c.get('actor'), c.req.valid('json')), 201),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/invitations/{id}',
        access: 'owner',
        summary: 'Withdraw an invitation',
        request: { params: numberId },
        responses: { 204: done },
      }),
      async (c) => {
        await revokeInvitation(store, c.get('actor'), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/keys',
        access: 'owner',
        summary: 'API keys',
        responses: { 200: json(z.object({ items: z.array(keySchema) }), 'Keys, without their secrets') },
      }),
      async (c) => c.json({ items: await listKeys(store.db) }, 200),
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/keys',
        access: 'owner',
        summary: 'Make an API key',
        'x-shows-secret': true,
        request: { body: { ...json(newKey, 'Its name and what it may do'), required: true } },
        responses: {
          201: json(keySchema.extend({ key: z.string() }), 'The key; its secret is shown this once'),
        },
      }),
      async (c) => c.json(await createKey(store, c.get('actor'), c.req.valid('json')), 201),
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/keys/{id}',
        access: 'owner',
        summary: 'Revoke an API key',
        request: { params: numberId },
        responses: { 204: done },
      }),
      async (c) => {
        await revokeKey(store, c.get('actor'), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/audit',
        access: 'owner',
        summary: 'Who changed what',
        request: {
          query: z.object({
            actor: z.string().max(100).optional().describe('Part of the name'),
            action: z.string().max(100).optional(),
            subject: z.string().max(100).optional(),
            subjectId: z.string().max(100).optional(),
            cursor: z.string().max(200).optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: {
          200: json(z.object({ items: z.array(auditEntry), next: z.string().nullable() }), 'Newest first'),
        },
      }),
      async (c) => {
        const { cursor, limit, ...filter } = c.req.valid('query')
        const [before] = decodeCursor(cursor) ?? []
        const items = await listAudit(store.db, {
          ...filter,
          limit: limit + 1,
          ...(typeof before === 'number' ? { before } : {}),
        })
        const page = items.slice(0, limit)
        const last = page.at(-1)
        return c.json(
          { items: page, next: items.length > limit && last ? encodeCursor([last.id]) : null },
          200,
        )
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/audit/words',
        access: 'owner',
        summary: 'The actions and subjects that the audit log knows',
        responses: {
          200: json(z.object({ actions: z.array(z.string()), subjects: z.array(z.string()) }), 'Words'),
        },
      }),
      async (c) => c.json(await auditWords(store.db), 200),
    )
}
