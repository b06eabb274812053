// API keys: "trk_" + ten letters that find the row + a secret of which only the hash is kept.
import { timingSafeEqual } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from './audit.ts'
import type { ApiKey, Scope } from './schema.ts'
import { hashOf, randomText } from './secrets.ts'

const shape = /^trk_([A-Za-z0-9]{10})_([A-Za-z0-9]{32})$/

interface KnownKey {
  id: number
  name: string
  scopes: Scope[]
  hash: Buffer
  until: number
}

// A key is looked up once in five seconds, not with every event. Revoking it here forgets it at once.
const known = new WeakMap<Store['pool'], Map<string, KnownKey>>()

/** Makes a key; the secret is in the answer and nowhere else. */
export async function createKey(
  store: Store,
  actor: Actor,
  key: { name: string; scopes: Scope[] },
): Promise<ApiKey & { key: string }> {
  const prefix = randomText(10)
  const secret = `trk_${prefix}_${randomText(32)}`
  return transaction(store.db, async (tx) => {
    const made = await row(
      tx,
      sql<ApiKey>`
        insert into api_keys (name, prefix, secret_hash, scopes, created_by)
        values (${key.name}, ${prefix}, ${hashOf(secret)}, ${key.scopes}, ${actor.name})
        returning ${columns}`,
    )
    if (!made) throw new Error('the key was not inserted')
    await audit(tx, actor, 'made', 'API key', made.id, { name: key.name, scopes: key.scopes })
    return { ...made, key: secret }
  })
}

const columns = sql.raw(`
  id, name, prefix, scopes, created_by as "createdBy", created_at as "createdAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt"`)

export function listKeys(db: Db): Promise<ApiKey[]> {
  return rows(db, sql<ApiKey>`select ${columns} from api_keys order by revoked_at nulls first, id desc`)
}

export async function revokeKey(store: Store, actor: Actor, id: number): Promise<void> {
  const revoked = await transaction(store.db, async (tx) => {
    const changed = await row(
      tx,
      sql<{ name: string; prefix: string }>`
        update api_keys set revoked_at = coalesce(revoked_at, now()) where id = ${id} returning name, prefix`,
    )
    if (!changed) throw new NotFound('API key', id)
    await audit(tx, actor, 'revoked', 'API key', id, { name: changed.name })
    return changed
  })
  known.get(store.pool)?.delete(revoked.prefix)
}

/** Who calls with this key; undefined when it is none of ours or revoked. */
export async function actorOfKey(store: Store, key: string): Promise<Actor | undefined> {
  const prefix = shape.exec(key)?.[1]
  if (!prefix) return undefined
  const found = await lookUp(store, prefix)
  if (!found || !timingSafeEqual(found.hash, hashOf(key))) return undefined
  return { kind: 'key', id: String(found.id), name: found.name, role: null, scopes: found.scopes }
}

async function lookUp(store: Store, prefix: string): Promise<KnownKey | undefined> {
  const keys = known.get(store.pool) ?? new Map<string, KnownKey>()
  known.set(store.pool, keys)
  const fresh = keys.get(prefix)
  if (fresh && fresh.until > Date.now()) return fresh
  const found = await row(
    store.db,
    sql<Omit<KnownKey, 'until'>>`
      update api_keys
      set last_used_at = case
        when last_used_at > now() - interval '1 minute' then last_used_at
        else now()
      end
      where prefix = ${prefix} and revoked_at is null
      returning id, name, scopes, secret_hash as hash`,
  )
  if (!found) {
    keys.delete(prefix)
    return undefined
  }
  const key = { ...found, until: Date.now() + 5_000 }
  keys.set(prefix, key)
  return key
}

/**
 * Who brought something in, as people know them, from where it is written as a source: 'api:7' is the key
 * called “Shop”, 'import:orders' an import. Names of persons are as they are.
 */
export function actorInWords(source: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`
    case
      when ${source} like 'api:%' then coalesce(
        (select 'the key “' || k.name || '”' from api_keys k where 'api:' || k.id = ${source}),
        'a key that is gone'
      )
      when ${source} like 'import:%' then 'the import “' || substr(${source}, 8) || '”'
      when ${source} = 'sample' then 'the sample company'
      else ${source}
    end`
}
