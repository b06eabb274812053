import { z } from '@hono/zod-openapi'
import { roles } from '../lib/http.ts'

/** Published in the transaction that makes the owner through the first-run page: how customers buy, when it was said. */
export const firstRunEvent = 'team.first-run'
export interface FirstRun {
  buying: 'once' | 'again' | 'renew' | null
}

const instant = z.iso.datetime().describe('RFC 3339, UTC')
export const at = z.union([instant, z.date()]).openapi({ type: 'string', format: 'date-time' })

export const scopes = ['ingest', 'read'] as const
export type Scope = (typeof scopes)[number]

const name = z.string().trim().min(1, 'say a name').max(120)
const email = z.email('not an email address').max(200)
const password = z.string().min(10, 'at least 10 characters').max(200)

export const workspaceSchema = z
  .object({
    name: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    country: z.string(),
    buying: z.enum(['once', 'again', 'renew']).nullable(),
    dataSource: z.string().nullable(),
  })
  .openapi('Workspace')
export type Workspace = z.infer<typeof workspaceSchema>

export const workspaceChange = z
  .object({
    name,
    timeZone: z.string().refine(isTimeZone, 'not a time zone like Europe/Berlin'),
    currency: z.string().refine(isCurrency, 'not a currency of ISO 4217 like EUR'),
    country: z.string().regex(/^[A-Z]{2}$/, 'two letters of ISO 3166 like DE'),
    buying: z.enum(['once', 'again', 'renew']).describe('How customers buy'),
  })
  .partial()
  .openapi('WorkspaceChange')

export const meSchema = z
  .object({
    kind: z.enum(['member', 'key', 'local', 'nobody']),
    id: z.string(),
    name: z.string(),
    role: z.enum(roles).nullable(),
    scopes: z.array(z.enum(scopes)),
    workspace: workspaceSchema.nullable().describe('Null for nobody'),
    firstRun: z.boolean().describe('True until the owner account is made'),
    hasPassword: z.boolean(),
  })
  .openapi('Me')

export const firstRunSchema = z
  .object({
    owner: z.object({ name, email, password }),
    workspace: workspaceChange.required(),
  })
  .openapi('FirstRun')

export const credentials = z
  .object({ email: z.string().max(200), password: z.string().max(200) })
  .openapi('Credentials')
export const passwordChange = z
  .object({ current: z.string().max(200).optional(), password })
  .openapi('PasswordChange')
export const nameChange = z.object({ name }).openapi('NameChange')

export const sessionSchema = z
  .object({
    id: z.string(),
    current: z.boolean(),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    createdAt: at,
    lastSeenAt: at,
  })
  .openapi('Session')
export type Session = z.infer<typeof sessionSchema>

export const memberSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: z.enum(roles),
    createdAt: at,
    lastSeenAt: at.nullable(),
  })
  .openapi('Member')
export type Member = z.infer<typeof memberSchema>
export const roleChange = z.object({ role: z.enum(roles) }).openapi('RoleChange')

export const invitationSchema = z
  .object({
    id: z.number().int(),
    email: z.string().nullable(),
    role: z.enum(roles),
    invitedBy: z.string().nullable(),
    createdAt: at,
    expiresAt: at,
  })
  .openapi('Invitation')
export type Invitation = z.infer<typeof invitationSchema>
export const newInvitation = z
  .object({ email: email.optional(), role: z.enum(roles) })
  .openapi('NewInvitation')
export const acceptance = z.object({ name, email, password }).openapi('Acceptance')

export const keySchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdBy: z.string().nullable(),
    createdAt: at,
    lastUsedAt: at.nullable(),
    revokedAt: at.nullable(),
  })
  .openapi('ApiKey')
export type ApiKey = z.infer<typeof keySchema>
export const newKey = z
  .object({ name, scopes: z.array(z.enum(scopes)).min(1, 'choose what the key may do').max(2) })
  .openapi('NewApiKey')

export const auditEntry = z
  .object({
    id: z.number().int(),
    at,
    actor: z.string(),
    actorName: z.string(),
    action: z.string(),
    subject: z.string(),
    subjectId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditEntry')
export type AuditEntry = z.infer<typeof auditEntry>

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code)
}
