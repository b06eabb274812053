// Signing in with a password or a link that works once, and the sessions that come of it.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { NotFound, TrothError } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { accountsOf } from './accounts.ts'
import { audit } from './audit.ts'
import { Limit } from './limits.ts'
import type { Session } from './schema.ts'
import { hashOf, randomText } from './secrets.ts'

export interface Caller {
  address: string
  userAgent: string
}

const minutes = 60_000
const limits = new WeakMap<Store['pool'], { address: Limit; account: Limit }>()

/** Signs in with email and password and gives the session's token. @throws TooMany, TrothError (unauthenticated) */
export async function signIn(
  store: Store,
  credentials: { email: string; password: string },
  caller: Caller,
): Promise<string> {
  const email = credentials.email.trim().toLowerCase()
  const limit = limitsOf(store)
  limit.address.count(caller.address, 'Too many sign-ins from your network. Wait a little and try again.')
  limit.account.count(
    email,
    'Too many tries for this account. Wait a little, or ask an owner for a sign-in link.',
  )
  const { auth } = await accountsOf(store)
  try {
    const { token, user } = await auth.api.signInEmail({
      body: { email, password: credentials.password },
      headers: new Headers({ 'user-agent': caller.userAgent, 'x-forwarded-for': caller.address }),
    })
    limit.account.forget(email)
    await audit(store.db, { kind: 'member', id: user.id, name: user.name }, 'signed in', 'session', null)
    return token
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode
    if (status === undefined || status >= 500) throw error
    throw new TrothError('unauthenticated', 'The email address or the password is not right.')
  }
}

function limitsOf(store: Store) {
  const known = limits.get(store.pool)
  if (known) return known
  const made = { address: new Limit(40, 5 * minutes), account: new Limit(10, 15 * minutes) }
  limits.set(store.pool, made)
  return made
}

/** Starts a session for somebody who has proven in another way who they are. */
export async function startSession(store: Store, memberId: string, caller: Caller): Promise<string> {
  const { context } = await accountsOf(store)
  const session = await context.internalAdapter.createSession(memberId, false, {
    ipAddress: caller.address,
    userAgent: caller.userAgent,
  })
  return session.token
}

/**
 * A link that signs in once, within ten minutes: gives its path, "/sign-in/once/…". 'owner' is the first owner.
 * @throws NotFound when there is no such member
 */
export async function createSignInLink(
  store: Store,
  memberId: string | 'owner',
  actor: Pick<Actor, 'kind' | 'id' | 'name'> = { kind: 'local', id: 'local', name: 'Command line' },
): Promise<string> {
  const token = randomText(40)
  return transaction(store.db, async (tx) => {
    await sql`delete from auth.sign_in_link where expires_at < now()`.execute(tx)
    const member = await row(
      tx,
      sql<{ id: string; name: string }>`
        select id, name from auth.member
        where removed_at is null
          and case when ${memberId} = 'owner' then role = 'owner' else id = ${memberId} end
        order by created_at limit 1`,
    )
    if (!member) throw new NotFound('member', memberId)
    await sql`
      insert into auth.sign_in_link (token_hash, member_id, expires_at)
      values (${hashOf(token)}, ${member.id}, now() + interval '10 minutes')`.execute(tx)
    await audit(tx, actor, 'made', 'sign-in link', member.id, { for: member.name })
    return `/sign-in/once/${token}`
  })
}

/** Uses up a one-time link and gives a session's token; undefined when it is unknown, used or too old. */
export async function signInOnce(store: Store, token: string, caller: Caller): Promise<string | undefined> {
  limitsOf(store).address.count(
    caller.address,
    'Too many sign-ins from your network. Wait a little and try again.',
  )
  const used = await transaction(store.db, async (tx) => {
    const link = await row(
      tx,
      sql<{ id: string; name: string }>`
        with used as (
          delete from auth.sign_in_link
          where token_hash = ${hashOf(token)} and expires_at > now()
          returning member_id
        )
        select m.id, m.name from used join auth.member m on m.id = used.member_id and m.removed_at is null`,
    )
    if (link) await audit(tx, { kind: 'member', ...link }, 'signed in', 'session', null, { by: 'link' })
    return link
  })
  return used && startSession(store, used.id, caller)
}

/** Whose session this is; a session in use lives on for another thirty days. */
export async function actorOfSession(store: Store, token: string): Promise<Actor | undefined> {
  const { context } = await accountsOf(store)
  const found = await row(
    store.db,
    sql<{ id: string; name: string; role: Actor['role']; old: boolean }>`
      select m.id, m.name, m.role, s.updated_at < now() - interval '1 day' as old
      from auth.session s
      join auth.member m on m.id = s.member_id
      where s.token = ${token} and s.expires_at > now() and m.removed_at is null`,
  )
  if (!found) return undefined
  if (found.old)
    await context.internalAdapter.updateSession(token, {
      expiresAt: new Date(Date.now() + 30 * 24 * 60 * minutes),
      updatedAt: new Date(),
    })
  return { kind: 'member', id: found.id, name: found.name, role: found.role, scopes: [] }
}

export async function signOut(store: Store, token: string): Promise<void> {
  const { context } = await accountsOf(store)
  await context.internalAdapter.deleteSession(token)
}

/** A session by a name that is safe to show: its id would do, but is nobody's business either. */
export function sessionName(token: string): string {
  return createHash('sha256').update(`session ${token}`).digest('base64url').slice(0, 16)
}

export async function listSessions(
  store: Store,
  memberId: string,
  current: string | undefined,
): Promise<Session[]> {
  const found = await rows(
    store.db,
    sql<Omit<Session, 'id' | 'current'> & { token: string }>`
      select token, ip_address as address, user_agent as "userAgent",
        created_at as "createdAt", updated_at as "lastSeenAt"
      from auth.session
      where member_id = ${memberId} and expires_at > now()
      order by updated_at desc`,
  )
  return found.map(({ token, ...session }) => ({
    id: sessionName(token),
    current: token === current,
    ...session,
  }))
}

/** Ends one session of a member, or (`id` undefined) all of them. @throws NotFound */
export async function revokeSessions(
  store: Store,
  actor: Actor,
  memberId: string,
  id?: string,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const all = await rows(
      tx,
      sql<{ token: string }>`select token from auth.session where member_id = ${memberId}`,
    )
    const ended = id === undefined ? all : all.filter(({ token }) => sessionName(token) === id)
    if (id !== undefined && ended.length === 0) throw new NotFound('session', id)
    const tokens = ended.map(({ token }) => token)
    await sql`delete from auth.session where token = any(${tokens}::text[])`.execute(tx)
    await audit(tx, actor, 'ended', 'session', memberId, { sessions: tokens.length })
  })
}
