// Idempotency-Key on unsafe calls: a call sent again because the answer was lost is answered as it was the
// first time, and done once. Answers are kept for a day; a fault of ours (5xx) is not kept, so that it can
// be tried again.
import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { sql } from 'kysely'
import { Conflict, Invalid } from '../lib/errors.ts'
import type { AppEnv } from '../lib/http.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import type { Operations } from './operations.ts'

interface Kept {
  hash: string
  status: number | null
  response: { type: string; body: string | null } | null
}

export function idempotency(store: Store, operations: () => Operations): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const given = c.req.header('idempotency-key')
    if (given === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next()
    if (!/^[\x21-\x7e]{1,200}$/.test(given))
      throw new Invalid('An Idempotency-Key is 1 to 200 visible ASCII characters.')
    const operation = operations().find(c.req.method, c.req.path)
    const streamed = !operation?.bodies.every((body) => body === 'application/json')
    const actor = c.get('actor')
    if (!operation || streamed || actor.kind === 'nobody' || c.req.path.startsWith('/v1/')) return next()

    const owner = `${actor.kind}:${actor.id}`
    const key = `${owner} ${given}`
    const body = c.req.raw.body ? await c.req.text() : ''
    const hash = createHash('sha256').update(`${c.req.method} ${c.req.path}\n${body}`).digest('base64url')
    const kept = await take(store, key, owner, hash)
    if (kept) return replay(kept, hash)

    await next()
    if (c.res.status >= 500) {
      await sql`delete from idempotency_keys where key = ${key}`.execute(store.db)
      return
    }
    const answer = c.res.clone()
    const response = operation.showsSecret
      ? null
      : {
          type: answer.headers.get('content-type') ?? '',
          body: answer.status === 204 ? null : await answer.text(),
        }
    await sql`
      update idempotency_keys
      set status = ${answer.status}, response = ${JSON.stringify(response)}
      where key = ${key}`.execute(store.db)
  }
}

/** Takes the key for this call, or gives what is kept under it. A call that never ended frees its key after five minutes. */
async function take(store: Store, key: string, actor: string, hash: string): Promise<Kept | undefined> {
  const taken = await row(
    store.db,
    sql`
      insert into idempotency_keys (key, actor, request_hash) values (${key}, ${actor}, ${hash})
      on conflict (key) do update
      set request_hash = excluded.request_hash, created_at = now(), status = null, response = null
      where idempotency_keys.created_at < now() - case
        when idempotency_keys.status is null then interval '5 minutes'
        else interval '1 day'
      end
      returning key`,
  )
  if (taken) return undefined
  return row(
    store.db,
    sql<Kept>`select request_hash as hash, status, response from idempotency_keys where key = ${key}`,
  )
}

function replay(kept: Kept, hash: string): Response {
  if (kept.hash !== hash)
    throw new HTTPException(422, {
      message: 'This Idempotency-Key was used for another call. Take a new one for each call.',
    })
  if (kept.status === null)
    throw new Conflict('The first call with this Idempotency-Key is still at work. Try again in a moment.')
  if (!kept.response)
    throw new Conflict('This was done before; its answer held a secret, which is shown only once.')
  return new Response(kept.response.body, {
    status: kept.status,
    headers: { 'content-type': kept.response.type, 'idempotency-replayed': 'true' },
  })
}

/** Forgets answers older than a day. */
export function registerIdempotency(store: Store): void {
  store.jobs.handle(
    'server.idempotency',
    async () => {
      await sql`delete from idempotency_keys where created_at < now() - interval '1 day'`.execute(store.db)
    },
    { every: '17 * * * *' },
  )
}
