// Accounts, passwords and sessions are better-auth's, in the schema `auth`. Its own HTTP routes are not
// mounted: every way in is one of ours, so that each is in the API document, limited, and audited.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { betterAuth } from 'better-auth'
import { sql } from 'kysely'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'

export type Accounts = Awaited<ReturnType<typeof openAccounts>>

const opened = new WeakMap<Store['pool'], Promise<Accounts>>()

/** The accounts of a store; opened once. */
export function accountsOf(store: Store): Promise<Accounts> {
  const known = opened.get(store.pool)
  if (known) return known
  const opening = openAccounts(store)
  opened.set(store.pool, opening)
  opening.catch(() => opened.delete(store.pool))
  return opening
}

async function openAccounts(store: Store) {
  const secret = await readSecret(store.dataFolder)
  const found = await row(store.db, sql<{ id: string }>`select id from workspace`)
  const member = { userId: 'member_id', createdAt: 'created_at', updatedAt: 'updated_at' }
  const auth = betterAuth({
    secret,
    baseURL: 'http://localhost',
    database: { db: store.db.withSchema('auth'), type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    session: {
      modelName: 'session',
      expiresIn: 60 * 60 * 24 * 30,
      fields: { ...member, expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent' },
    },
    user: {
      modelName: 'member',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: { role: { type: 'string', input: false } },
    },
    account: {
      fields: {
        ...member,
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    verification: {
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
  })
  return {
    auth,
    context: await auth.$context,
    secret,
    // Browsers share cookies between the ports of one host: two Troths side by side need two names.
    cookieName: `troth-${found?.id.slice(0, 8) ?? 'session'}`,
  }
}

/** Signs the cookies. Kept beside the database, not in it: a copy of the database alone opens no session. */
async function readSecret(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'secret')
  try {
    await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(file, 'utf8')).trim()
}
