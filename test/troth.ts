// A whole Troth in this process for tests: a fresh store, the app on a random port or called in process,
// and somebody of every role that is asked for.
import { join } from 'node:path'
import type { Actor, Role } from '#src/lib/http.ts'
import { until } from '#src/lib/testing.ts'
import { createApp, type RunningServer, startServer } from '#src/server/server.ts'
import type { Store } from '#src/store/store.ts'
import { type TestStore, testStore } from '#src/store/testing.ts'
import { registerRooms } from '#src/system.ts'
import { acceptInvitation, createKey, createSignInLink, ensureOwner, invite } from '#src/team/team.ts'

export const localToken = 'local-token-of-the-tests'
const local: Actor = { kind: 'local', id: 'local', name: 'Command line', role: 'owner', scopes: [] }

export interface TestTroth {
  store: TestStore
  app: ReturnType<typeof createApp>
  /** "http://127.0.0.1:…" when started with `listen`; "http://localhost" otherwise. */
  url: string
  /** A request to the app as somebody: a role (signed in by cookie, from our own page), a key, or nobody. */
  as(
    who: Role | 'local' | 'nobody' | 'read' | 'ingest',
  ): (path: string, init?: RequestInit) => Promise<Response>
  /** A path that signs the role's member in once. */
  signInPath(role: Role): Promise<string>
  readKey: string
  ingestKey: string
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts it, with every room registered; jobs run by `store.jobs.drain()`. `listen`: on a random port too, for
 * browsers and real clients. `counting`: with the projection following. `team: false`: before the first run.
 */
export async function startTroth(
  options: {
    listen?: boolean
    counting?: boolean
    team?: boolean
    /** Other job handlers than all of them. */
    register?: (store: Store) => void
  } = {},
): Promise<TestTroth> {
  const store = await testStore(options.register ?? registerRooms)
  const appOptions = { localToken, webFolder: join(import.meta.dirname, '../dist/web') }
  const app = createApp(store, appOptions)
  const server: RunningServer | undefined = options.listen
    ? await startServer(store, { ...appOptions, host: '127.0.0.1', port: 0 })
    : undefined
  if (options.counting) {
    store.projection?.start()
    await until('a projection that is current', () => store.projection?.state.current)
  }
  const members = new Map<Role, Promise<string>>()
  const cookies = new Map<string, string>()
  let readKey = ''
  let ingestKey = ''
  if (options.team !== false) {
    const owner = await ensureOwner(
      store,
      { name: 'Olga Owner', email: 'owner@example.com', password: 'correct horse battery' },
      { name: 'Harbour & Oak', timeZone: 'Europe/Berlin', currency: 'EUR', country: 'DE', buying: 'again' },
    )
    members.set('owner', Promise.resolve(owner))
    readKey = (await createKey(store, local, { name: 'Reports', scopes: ['read'] })).key
    ingestKey = (await createKey(store, local, { name: 'Shop', scopes: ['ingest'] })).key
  }

  /** Who has the role joins when somebody of it is first asked for: passwords are made to take their time. */
  async function memberOf(role: Role): Promise<string> {
    const known = members.get(role) ?? joining(role)
    members.set(role, known)
    return known
  }

  async function joining(role: Role): Promise<string> {
    const invitation = await invite(store, local, { role })
    return acceptInvitation(store, invitation.path.replace('/join/', ''), {
      name: `${role} of the house`,
      email: `${role}@example.com`,
      password: 'correct horse battery',
    })
  }

  async function signInPath(role: Role): Promise<string> {
    return createSignInLink(store, await memberOf(role))
  }

  async function credentialsOf(who: string): Promise<Record<string, string>> {
    if (who === 'nobody') return {}
    if (who === 'local') return { authorization: `Bearer ${localToken}` }
    if (who === 'read' || who === 'ingest')
      return { authorization: `Bearer ${who === 'read' ? readKey : ingestKey}` }
    const known = cookies.get(who)
    const cookie =
      known ??
      (await app.request(await signInPath(who as Role))).headers.get('set-cookie')?.split(';')[0] ??
      ''
    cookies.set(who, cookie)
    return { cookie, origin: 'http://localhost' }
  }

  return {
    store,
    app,
    url: server?.url ?? 'http://localhost',
    signInPath,
    readKey,
    ingestKey,
    as: (who) => async (path, init) => {
      const headers = new Headers(init?.headers)
      headers.set('host', 'localhost')
      for (const [name, value] of Object.entries(await credentialsOf(who)))
        if (!headers.has(name)) headers.set(name, value)
      return app.request(path, { ...init, headers })
    },
    async [Symbol.asyncDispose]() {
      await server?.close()
      await store[Symbol.asyncDispose]()
    },
  }
}

/** A JSON body for `as(…)`. */
export function sending(method: string, body: unknown): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}
