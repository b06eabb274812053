// One expectation by its customer: seen, made, settled, moved, made good; and who never fitted.
import { z } from '@hono/zod-openapi'
import { canonicalId } from '../customers/customers.ts'
import { Invalid, NotFound } from '../lib/errors.ts'
import { json, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { moveByHand, settleByHand, unsettle } from './by-hand.ts'
import { recordExpectations } from './given.ts'
import { expectationsOf } from './list.ts'
import { mend, unmend } from './mending.ts'
import { markMisfit } from './misfits.ts'
import { dimensions, sourceKinds } from './schema.ts'
import { expectationSchema } from './wire.ts'

const customer = z.object({ id: z.coerce.number().int().positive() })
const one = z.object({
  customerId: z.coerce.number().int().positive(),
  id: z.coerce.number().int().positive(),
})
const givenSchema = z
  .object({
    statement: z.string().trim().min(1).max(500),
    statedBy: z.enum(['us', 'customer']).default('us'),
    source: z.enum(sourceKinds).default('other'),
    sourceName: z.string().trim().max(200).optional(),
    due: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'A day, a time, "2026-W34", "early September", "6 weeks".' }),
    dimension: z.enum(dimensions).default('days'),
    threshold: z.number().optional().openapi({ description: 'Minor units of money, or points.' }),
    thresholdLimit: z.enum(['at most', 'at least']).optional(),
    currency: z.string().length(3).optional(),
    purchaseId: z.number().int().positive().optional(),
    openedAt: z.iso.datetime({ offset: true }).optional(),
    keptBy: z
      .string()
      .trim()
      .max(200)
      .optional()
      .openapi({ description: 'The event that keeps it ("Order Delivered"); without, somebody says so.' }),
  })
  .openapi('GivenExpectation')
const outcomeSchema = z
  .object({
    state: z
      .enum(['kept', 'exceeded', 'broken', 'withdrawn'])
      .optional()
      .openapi({ description: 'Left out: worked out from when it came.' }),
    at: z.iso.datetime({ offset: true }).optional(),
    actual: z.number().optional(),
    note: z.string().trim().max(2_000).optional(),
  })
  .openapi('ExpectationOutcome')
const moveSchema = z
  .object({
    due: z.string().trim().min(1).max(100),
    by: z.enum(['us', 'customer']),
    toldAt: z.iso.datetime({ offset: true }).optional(),
  })
  .openapi('ExpectationMove')
const mendingSchema = z
  .object({ done: z.boolean(), note: z.string().trim().max(2_000).optional() })
  .openapi('Mending')

export function singleRoutes(store: Store) {
  const shown = async (customerId: number, id: number) => {
    const found = (await expectationsOf(store.db, await canonicalId(store.db, customerId))).find(
      (each) => each.id === id,
    )
    if (!found) throw new NotFound('expectation of this customer', id)
    return found
  }
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/expectations',
        access: 'viewer',
        summary: 'What one customer was told to expect, or assumed',
        request: { params: customer },
        responses: { 200: json(z.object({ items: z.array(expectationSchema) }), 'Open ones first') },
      }),
      async (c) => {
        const id = await canonicalId(store.db, c.req.valid('param').id)
        return c.json({ items: await expectationsOf(store.db, id) }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/customers/{id}/expectations',
        access: 'member',
        summary: 'Record what a customer was told to expect, or assumes',
        request: { params: customer, body: json(givenSchema, 'The expectation') },
        responses: { 201: json(expectationSchema, 'The expectation, judged') },
      }),
      async (c) => {
        const actor = c.get('actor')
        const customerId = await canonicalId(store.db, c.req.valid('param').id)
        const { source, openedAt, keptBy, ...given } = c.req.valid('json')
        if (given.dimension !== 'days' && given.threshold === undefined)
          throw new Invalid('Say what was named: how much, or how many points.', [
            { field: 'threshold', reason: 'missing' },
          ])
        const [made] = await recordExpectations(
          store,
          [
            {
              ...defined(given),
              customerId,
              sourceKind: source,
              openedAt: openedAt ? new Date(openedAt) : new Date(),
              ...(keptBy ? { watch: { kept: { event: keptBy } } } : {}),
            },
          ],
          { source: 'member', memberId: actor.id },
        )
        if (!made || made.status === 'rejected')
          throw new Invalid(made?.reason ?? 'That could not be recorded.', [
            { field: 'due', reason: 'not understood' },
          ])
        return c.json(await shown(customerId, made.id), 201)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/expectations/{customerId}/{id}/outcome',
        access: 'member',
        summary: 'Enter how an expectation ended',
        request: { params: one, body: json(outcomeSchema, 'What became of it') },
        responses: { 200: json(expectationSchema, 'The expectation') },
      }),
      async (c) => {
        const { customerId, id } = c.req.valid('param')
        const { at, ...outcome } = c.req.valid('json')
        await settleByHand(
          store,
          customerId,
          id,
          { ...defined(outcome), ...(at ? { at: new Date(at) } : {}) },
          c.get('actor'),
        )
        return c.json(await shown(customerId, id), 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/expectations/{customerId}/{id}/outcome',
        access: 'member',
        summary: 'Take back an outcome that was entered; the events and the calendar decide again',
        request: { params: one },
        responses: { 200: json(expectationSchema, 'The expectation') },
      }),
      async (c) => {
        const { customerId, id } = c.req.valid('param')
        await unsettle(store, customerId, id, c.get('actor'))
        return c.json(await shown(customerId, id), 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/expectations/{customerId}/{id}/moves',
        access: 'member',
        summary: 'Name another time',
        request: { params: one, body: json(moveSchema, 'The new time, and whose wish it was') },
        responses: { 200: json(expectationSchema, 'The expectation') },
      }),
      async (c) => {
        const { customerId, id } = c.req.valid('param')
        const { due, by, toldAt } = c.req.valid('json')
        await moveByHand(
          store,
          customerId,
          id,
          { due, by, ...(toldAt ? { toldAt: new Date(toldAt) } : {}) },
          c.get('actor'),
        )
        return c.json(await shown(customerId, id), 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/expectations/{customerId}/{id}/mending',
        access: 'member',
        summary: 'Take a broken promise upon you, or record what was done about it',
        request: { params: one, body: json(mendingSchema, 'done: false says "I’ll call"') },
        responses: { 200: json(expectationSchema, 'The expectation') },
      }),
      async (c) => {
        const { customerId, id } = c.req.valid('param')
        await mend(store, customerId, id, defined(c.req.valid('json')), c.get('actor'))
        return c.json(await shown(customerId, id), 200)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/expectations/{customerId}/{id}/mending',
        access: 'member',
        summary: 'Take the mending back',
        request: { params: one },
        responses: { 200: json(expectationSchema, 'The expectation') },
      }),
      async (c) => {
        const { customerId, id } = c.req.valid('param')
        await unmend(store, customerId, id, c.get('actor'))
        return c.json(await shown(customerId, id), 200)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/customers/{id}/misfit',
        access: 'member',
        summary: 'Mark a customer whose enquiry never fitted what you do',
        request: {
          params: customer,
          body: json(z.object({ reason: z.string().trim().min(1).max(200) }), 'What they expected'),
        },
        responses: { 204: { description: 'Marked; it is on the timeline' } },
      }),
      async (c) => {
        await markMisfit(store, c.req.valid('param').id, c.req.valid('json'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/customers/{id}/misfit',
        access: 'member',
        summary: 'Take that mark back',
        request: { params: customer },
        responses: { 204: { description: 'Taken back' } },
      }),
      async (c) => {
        await markMisfit(store, c.req.valid('param').id, null, c.get('actor'))
        return c.body(null, 204)
      },
    )
}

type Defined<Fields> = { [Key in keyof Fields]: Exclude<Fields[Key], undefined> }

/** The same without the fields that were not given. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>
}
