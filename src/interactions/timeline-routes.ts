import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { canonicalId, normaliseIdentity } from '../customers/customers.ts'
import { Invalid } from '../lib/errors.ts'
import { decodeCursor, encodeCursor, json, route, router } from '../lib/http.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { changeLogged, deleteLogged, logInteraction } from './log.ts'
import {
  findByIdentity,
  type Place,
  readChoices,
  readMonths,
  readTimeline,
  type TimelineRow,
} from './queries.ts'
import { logChangeSchema, logSchema, timelineFilterSchema, timelineItemSchema } from './schema.ts'

const customerParam = z.object({ id: z.coerce.number().int().positive() })
const loggedParam = customerParam.extend({ interactionId: z.coerce.number().int().positive() })

const pageQuery = timelineFilterSchema.extend({
  cursor: z.string().max(200).optional().openapi({ description: '`older` or `newer` of an earlier answer' }),
  direction: z
    .enum(['older', 'newer'])
    .default('older')
    .openapi({ description: 'Which way from the cursor' }),
  until: z.iso
    .datetime({ offset: true })
    .optional()
    .openapi({ description: 'Without a cursor: begin with what happened up to this time' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const pageSchema = z
  .object({
    customerId: z.number().int().describe('Whose life it is: another id than asked for when it was joined'),
    items: z.array(timelineItemSchema).describe('The newest first'),
    older: z.string().nullable().describe('Cursor to what came before; null at the beginning'),
    newer: z.string().nullable().describe('Cursor to what came after; null at the end'),
  })
  .openapi('TimelinePage')

const monthsSchema = z
  .object({
    months: z.array(
      z.object({
        month: z.string().describe('2026-05'),
        interactions: z.number().int(),
        good: z.number().int().describe('Said by the customer, or our impression'),
        bad: z.number().int(),
        sales: z.number().int(),
      }),
    ),
    channels: z.array(z.object({ channel: z.string(), interactions: z.number().int() })),
    touchpoints: z.array(
      z.object({ id: z.number().int(), name: z.string(), interactions: z.number().int() }),
    ),
  })
  .openapi('TimelineMonths')

const loggedSchema = z
  .object({ customerId: z.number().int(), id: z.number().int() })
  .openapi('LoggedInteraction')

export function timelineRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/timeline',
        access: 'viewer',
        summary: 'What happened between a customer and us',
        request: { params: customerParam, query: pageQuery },
        responses: { 200: json(pageSchema, 'A page of the timeline') },
      }),
      async (c) => {
        const { cursor, direction, until, limit, ...filter } = c.req.valid('query')
        const customerId = await canonicalId(store.db, c.req.valid('param').id)
        const from = placeOf(cursor) ?? (until ? { at: until, id: Number.MAX_SAFE_INTEGER } : undefined)
        const found = await readTimeline(
          store.db,
          customerId,
          c.get('actor'),
          filter,
          from,
          direction,
          limit + 1,
        )
        const more = found.length > limit
        const kept = found.slice(0, limit)
        if (direction === 'newer') kept.reverse()
        const [first, last] = [kept[0], kept.at(-1)]
        const there = from ? encodeCursor([from.at, from.id]) : null
        const [older, newer] = [cursorOf(last) ?? there, cursorOf(first) ?? there]
        return c.json(
          {
            customerId,
            items: kept.map(({ exactAt: _, ...item }) => item),
            older: direction === 'newer' || more ? older : null,
            newer: direction === 'newer' ? (more ? newer : null) : from ? newer : null,
          },
          200,
        )
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/timeline/months',
        access: 'viewer',
        summary: 'How much happened in each month, and what the timeline can be filtered by',
        request: { params: customerParam, query: timelineFilterSchema },
        responses: { 200: json(monthsSchema, 'The newest month first') },
      }),
      async (c) => {
        const customerId = await canonicalId(store.db, c.req.valid('param').id)
        const zone = await row(store.db, sql<{ zone: string }>`select time_zone as zone from workspace`)
        const [months, choices] = await Promise.all([
          readMonths(store.db, customerId, c.get('actor'), c.req.valid('query'), zone?.zone ?? 'UTC'),
          readChoices(store.db, customerId),
        ])
        return c.json({ months, ...choices }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/customers/{id}/interactions',
        access: 'member',
        summary: 'Log a call, a visit, a mail or a note by hand',
        request: {
          params: customerParam,
          headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
          body: { ...json(logSchema, 'What happened'), required: true },
        },
        responses: { 201: json(loggedSchema, 'It is on the timeline') },
      }),
      async (c) => {
        const key = c.req.valid('header')['idempotency-key']
        const logged = await logInteraction(
          store,
          c.req.valid('param').id,
          c.req.valid('json'),
          c.get('actor'),
          key && `${c.get('actor').id}:${key}`,
        )
        return c.json(logged, 201)
      },
    )
    .openapi(
      route({
        method: 'patch',
        path: '/api/customers/{id}/interactions/{interactionId}',
        access: 'member',
        summary: 'Put right what was logged by hand',
        request: {
          params: loggedParam,
          body: { ...json(logChangeSchema, 'Only what is given changes'), required: true },
        },
        responses: { 204: { description: 'It is changed' } },
      }),
      async (c) => {
        const { id, interactionId } = c.req.valid('param')
        await changeLogged(store, id, interactionId, c.req.valid('json'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/customers/{id}/interactions/{interactionId}',
        access: 'member',
        summary: 'Take back what was logged by hand',
        request: { params: loggedParam },
        responses: { 204: { description: 'It is gone' } },
      }),
      async (c) => {
        const { id, interactionId } = c.req.valid('param')
        await deleteLogged(store, id, interactionId, c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customer-lookup',
        access: 'viewer',
        summary: 'Customers known by exactly this email, phone number or id',
        request: { query: z.object({ identity: z.string().trim().min(1).max(320) }) },
        responses: {
          200: json(
            z.object({
              items: z.array(
                z.object({
                  id: z.number().int(),
                  name: z.string().nullable(),
                  kind: z.enum(['person', 'company']),
                }),
              ),
            }),
            'Usually one',
          ),
        },
      }),
      async (c) =>
        c.json({ items: await findByIdentity(store.db, spellings(c.req.valid('query').identity)) }, 200),
    )
}

/** The ways in which an identity typed by a person may be stored. */
function spellings(typed: string): string[] {
  const normalised = (['email', 'phone', 'user_id'] as const).map((kind) => normaliseIdentity(kind, typed))
  return [typed, ...normalised.flatMap((each) => ('value' in each ? [each.value] : []))]
}

function placeOf(cursor: string | undefined): Place | undefined {
  const values = decodeCursor(cursor)
  if (!values) return undefined
  const [at, id] = values
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || !Number.isSafeInteger(id))
    throw new Invalid('The cursor is not one that this server gave out. Start from the first page.', [
      { field: 'cursor', reason: 'not a cursor' },
    ])
  return { at, id: Number(id) }
}

function cursorOf(item: TimelineRow | undefined): string | null {
  return item ? encodeCursor([item.exactAt, item.id]) : null
}
