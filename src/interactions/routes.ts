// The Segment-compatible door: POST /v1/{identify,track,page,screen,group,alias,batch}. The body is read
// by hand, because it may be gzipped, may come as text/plain (browsers avoid a preflight so), and may hold
// the write key. A 200 is sent after the commit.
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { sql } from 'kysely'
import { Invalid, TrothError } from '../lib/errors.ts'
import { type AppEnv, assertAllowed, json, problemSchema, router } from '../lib/http.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { actorOfKey } from '../team/team.ts'
import {
  acceptMessage,
  batchLimit,
  type MessageType,
  messageLimit,
  messageSchema,
  messageTypes,
} from './accept.ts'
import type { Incoming, Outcome } from './schema.ts'
import { Writer } from './writer.ts'

export { timelineRoutes } from './timeline-routes.ts'

/** The short paths that the browser library uses. */
const shortPaths: Record<string, MessageType | 'batch'> = {
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
}
const decompress = promisify(gunzip)
const readLimit = 16 * 1024 * 1024

const replySchema = z
  .object({
    success: z.boolean(),
    accepted: z.number().int(),
    duplicates: z.number().int(),
    rejected: z.number().int(),
    results: z
      .array(
        z.object({
          status: z.enum(['created', 'updated', 'unchanged', 'duplicate', 'rejected']),
          messageId: z.string().optional(),
          reason: z.string().optional(),
        }),
      )
      .optional(),
  })
  .openapi('Accepted')

export function ingestRoutes(store: Store): OpenAPIHono<AppEnv> {
  const writer = new Writer(store)
  const country = countryOf(store)
  const app = router()

  app.use('/v1/*', async (c, next) => {
    c.header('Access-Control-Allow-Origin', '*')
    if (c.req.method === 'OPTIONS') {
      c.header('Access-Control-Allow-Methods', 'POST')
      c.header('Access-Control-Allow-Headers', 'Content-Type, Authorization, Content-Encoding')
      c.header('Access-Control-Max-Age', '86400')
      return c.body(null, 204)
    }
    await next()
    return undefined
  })

  const accept = async (c: Context<AppEnv>, type: MessageType | 'batch') => {
    const receivedAt = new Date()
    if (writer.full)
      throw new TrothError('too-many', 'More is coming in than can be recorded. Send it again in a moment.')
    const { body, bytes } = await readBody(c)
    if (c.get('actor').kind === 'nobody' && typeof body['writeKey'] === 'string') {
      const actor = await actorOfKey(store, body['writeKey'])
      if (!actor)
        throw new TrothError('unauthenticated', 'This write key is not known here, or it was revoked.')
      c.set('actor', actor)
    }
    assertAllowed(c, 'ingest')
    const messages = type === 'batch' ? messagesOf(body) : [body]
    const here = await country()
    const sentAt = typeof body['sentAt'] === 'string' ? body['sentAt'] : undefined
    const items = messages.map((message) => {
      // A message of a body this small can't be too large.
      const size = bytes > messageLimit && type === 'batch' ? Buffer.byteLength(JSON.stringify(message)) : 0
      if (size > messageLimit)
        return { refused: `the message has ${size} bytes; ${messageLimit} is the limit` }
      return acceptMessage(message, type === 'batch' ? undefined : type, {
        receivedAt,
        sentAt,
        country: here,
        newId: randomUUID,
      })
    })
    const good = items.filter((item): item is Incoming => !('refused' in item))
    const recorded =
      good.length > 0 ? await writer.submit(good, { source: `api:${c.get('actor').id}`, again: 'keep' }) : []
    let next = 0
    const outcomes = items.map(
      (item): Outcome =>
        'refused' in item ? { status: 'rejected', reason: item.refused } : (recorded[next++] as Outcome),
    )
    for (const { status } of outcomes) store.load.tell(status)
    const [only] = outcomes
    if (type !== 'batch' && only?.status === 'rejected')
      throw new Invalid(`The message was not recorded: ${only.reason}`, [fieldError(only.reason)])
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected').length
    const duplicates = outcomes.filter((outcome) => outcome.status === 'duplicate').length
    return c.json(
      {
        success: true,
        accepted: outcomes.length - rejected - duplicates,
        duplicates,
        rejected,
        ...(c.req.query('results') === 'items'
          ? { results: outcomes.map((each, i) => result(each, messages[i])) }
          : {}),
      },
      200,
    )
  }

  for (const type of [...messageTypes, 'batch'] as const) {
    app.post(`/v1/${type}`, (c) => accept(c, type))
    document(app, type)
  }
  for (const [short, type] of Object.entries(shortPaths)) app.post(`/v1/${short}`, (c) => accept(c, type))
  return app
}

function document(app: OpenAPIHono<AppEnv>, type: MessageType | 'batch'): void {
  const schema =
    type === 'batch'
      ? z.object({
          batch: z.array(messageSchema),
          sentAt: z.string().optional(),
          writeKey: z.string().optional(),
        })
      : messageSchema
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: `/v1/${type}`,
    tags: ['Events'],
    summary: type === 'batch' ? 'Send many messages' : `Send one ${type} message`,
    description: `As Segment's HTTP API has it. One message may have ${messageLimit} bytes, a batch ${batchLimit}. Answered after the commit. The write key goes in as Basic user, as Bearer token, or as writeKey in the body.`,
    security: [{ key: [] }],
    'x-access': 'ingest',
    request: {
      query: z.object({ results: z.enum(['items']).optional() }),
      body: { content: { 'application/json': { schema } } },
    },
    responses: {
      200: json(replySchema, 'Recorded. With ?results=items, what became of each.'),
      400: {
        description: 'Not recorded',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  })
}

async function readBody(c: Context<AppEnv>): Promise<{ body: Record<string, unknown>; bytes: number }> {
  const tooLarge = () =>
    new Invalid(`The request has more than ${batchLimit} bytes. Send it in several batches.`, [
      { field: 'body', reason: `more than ${batchLimit} bytes` },
    ])
  // A body that is only a little too large is read to its end: an answer in the middle of it would reach
  // the sender as a broken connection.
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > readLimit) throw tooLarge()
  let bytes: Buffer = Buffer.from(await c.req.arrayBuffer())
  const packed =
    c.req.header('content-encoding')?.toLowerCase() === 'gzip' || (bytes[0] === 0x1f && bytes[1] === 0x8b)
  if (packed)
    try {
      bytes = await decompress(bytes, { maxOutputLength: batchLimit + 1 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
      throw new Invalid('The body says it is gzip, but it could not be unpacked.')
    }
  if (bytes.length > batchLimit) throw tooLarge()
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new Invalid(
      error instanceof SyntaxError
        ? `The body is not JSON: ${error.message}`
        : 'The body is not valid UTF-8.',
    )
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Invalid('The body must be a JSON object.')
  return { body: body as Record<string, unknown>, bytes: bytes.length }
}

function messagesOf(body: Record<string, unknown>): unknown[] {
  const { batch } = body
  if (!Array.isArray(batch))
    throw new Invalid('batch: must be a list of messages', [
      { field: 'batch', reason: 'must be a list of messages' },
    ])
  return batch
}

function result(outcome: Outcome, message: unknown) {
  const id = (message as { messageId?: unknown } | null)?.messageId
  return {
    status: outcome.status,
    ...(typeof id === 'string' ? { messageId: id } : {}),
    ...(outcome.status === 'rejected' ? { reason: outcome.reason } : {}),
  }
}

/** "timestamp: … is before 1970" names its field before the colon. */
function fieldError(reason: string): { field: string; reason: string } {
  const split = /^([\w.]+): (.+)$/s.exec(reason)
  return split ? { field: split[1] ?? '', reason: split[2] ?? '' } : { field: 'message', reason }
}

/** The workspace's country, asked for at most once a second. */
function countryOf(store: Store): () => Promise<string> {
  let known: { country: Promise<string>; until: number } | undefined
  const ask = async () => {
    const workspace = await row(
      store.db,
      sql<{ country: string }>`
        select country
        from workspace`,
    )
    return workspace?.country ?? 'DE'
  }
  return () => {
    const now = performance.now()
    if (!known || now > known.until) {
      const country = ask()
      known = { country, until: now + 1_000 }
      country.catch(() => {
        known = undefined
      })
    }
    return known.country
  }
}
