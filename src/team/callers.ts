// Who is calling: a signed-in member by cookie, a key by Basic or Bearer, or the command line on this machine.
import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import { TrothError } from '../lib/errors.ts'
import type { Actor, AppEnv } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { accountsOf } from './accounts.ts'
import { actorOfKey } from './keys.ts'
import { sameText } from './secrets.ts'
import { actorOfSession } from './sign-in.ts'

export const nobody: Actor = { kind: 'nobody', id: '', name: 'Nobody', role: null, scopes: [] }

export interface CallerOptions {
  /** A bearer token that stands for the command line on this machine. */
  localToken?: string
}

/**
 * Who sent this request. A key or token that is wrong is refused, not overlooked.
 * @throws TrothError (unauthenticated)
 */
export async function whoIsCalling(store: Store, c: Context<AppEnv>, options: CallerOptions): Promise<Actor> {
  const header = c.req.header('authorization')
  if (header) {
    const secret = secretIn(header)
    if (secret && options.localToken && sameText(secret, options.localToken))
      return { kind: 'local', id: 'local', name: 'Command line', role: 'owner', scopes: [] }
    const actor = secret ? await actorOfKey(store, secret) : undefined
    if (!actor)
      throw new TrothError(
        'unauthenticated',
        'This API key is not known here, or it was revoked. Check it, or make a new one in the settings.',
      )
    return actor
  }
  const token = await sessionToken(store, c)
  return (token && (await actorOfSession(store, token))) || nobody
}

function secretIn(header: string): string | undefined {
  const [scheme = '', value = ''] = header.split(/\s+/, 2)
  if (scheme.toLowerCase() === 'bearer') return value
  // Basic: the key is the user, as Segment's clients send it.
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0]
  return undefined
}

export async function sessionToken(store: Store, c: Context<AppEnv>): Promise<string | undefined> {
  if (!c.req.header('cookie')) return undefined
  const { secret, cookieName } = await accountsOf(store)
  return (await getSignedCookie(c, secret, cookieName)) || undefined
}

export async function setSessionCookie(store: Store, c: Context<AppEnv>, token: string): Promise<void> {
  const { secret, cookieName } = await accountsOf(store)
  await setSignedCookie(c, cookieName, token, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('secure'),
    maxAge: 60 * 60 * 24 * 30,
  })
}

export async function clearSessionCookie(store: Store, c: Context<AppEnv>): Promise<void> {
  deleteCookie(c, (await accountsOf(store)).cookieName, { path: '/' })
}
