import { z } from '@hono/zod-openapi'
import { body, hasRole, json, type Role, route, router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import {
  addPerson,
  changeKind,
  companyPersonSchema,
  companyRollUp,
  companyRollUpSchema,
  peopleOf,
  removePerson,
} from './companies.ts'
import {
  changePurchase,
  createPurchase,
  purchaseInputSchema,
  purchaseSchema,
  purchasesOf,
  readPurchase,
  renewalsNear,
} from './purchases.ts'
import { customerKinds } from './schema.ts'
import { canonicalId, customerSummary, customerSummarySchema } from './summaries.ts'

const id = z.coerce.number().int().positive()
const params = z.object({ id })

/** A customer's purchases and a company's people. */
export function purchaseRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/purchases',
        access: 'viewer',
        summary: 'What a customer bought',
        request: { params },
        responses: { 200: json(z.object({ items: z.array(purchaseSchema) }), 'Newest first') },
      }),
      async (c) => {
        const canonical = await canonicalId(store.db, c.req.valid('param').id)
        return c.json({ items: await purchasesOf(store.db, canonical) }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/customers/{id}/purchases',
        access: 'member',
        summary: 'Write down a purchase that no event told of',
        request: { params, body: body(purchaseInputSchema) },
        responses: { 201: json(purchaseSchema, 'The purchase') },
      }),
      async (c) => {
        const customer = c.req.valid('param').id
        const made = await createPurchase(store, customer, c.req.valid('json'), c.get('actor'))
        return c.json(await readPurchase(store.db, await canonicalId(store.db, customer), made), 201)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/customers/{id}/purchases/{purchase}',
        access: 'member',
        summary: 'Mend what is written down about a purchase',
        request: { params: z.object({ id, purchase: id }), body: body(purchaseInputSchema) },
        responses: { 200: json(purchaseSchema, 'The purchase') },
      }),
      async (c) => {
        const { id: customer, purchase } = c.req.valid('param')
        await changePurchase(store, customer, purchase, c.req.valid('json'), c.get('actor'))
        return c.json(await readPurchase(store.db, await canonicalId(store.db, customer), purchase), 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/renewals',
        access: 'viewer',
        summary: 'Purchases whose renewal is near, or went by and nothing came',
        request: {
          query: z.object({
            days: z.coerce.number().int().min(1).max(730).default(60),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: {
          200: json(
            z.object({ items: z.array(purchaseSchema.extend({ customer: z.string() })) }),
            'Nearest first',
          ),
        },
      }),
      async (c) => {
        const near = await renewalsNear(store.db, c.req.valid('query'))
        const items = await Promise.all(
          near.map(async (purchase) => ({
            ...purchase,
            customer: (await customerSummary(store.db, purchase.customerId)).label,
          })),
        )
        return c.json({ items }, 200)
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customers/{id}/people',
        access: 'viewer',
        summary: 'The people of a company, and what happened to any of them',
        request: { params },
        responses: {
          200: json(
            z.object({
              company: customerSummarySchema,
              items: z.array(companyPersonSchema),
              rollUp: companyRollUpSchema,
            }),
            'Longest there first',
          ),
        },
      }),
      async (c) => {
        const company = await customerSummary(store.db, c.req.valid('param').id)
        const actor = c.get('actor')
        const mayRead = (restrictedTo: string | null) =>
          restrictedTo === null || hasRole(actor, restrictedTo as Role)
        const [items, rollUp] = [
          await peopleOf(store.db, company.id),
          await companyRollUp(store.db, company.id, mayRead),
        ]
        return c.json({ company, items, rollUp }, 200)
      },
    )
    .openapi(
      route({
        method: 'post',
        path: '/api/customers/{id}/people',
        access: 'member',
        summary: 'Say that a person belongs to a company',
        request: {
          params,
          body: body(
            z.object({
              customerId: z.number().int().positive(),
              role: z.string().trim().max(120).nullable().default(null),
            }),
          ),
        },
        responses: { 204: { description: 'Added' } },
      }),
      async (c) => {
        await addPerson(store, c.req.valid('param').id, c.req.valid('json'), c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'delete',
        path: '/api/customers/{id}/people/{person}',
        access: 'member',
        summary: 'Say that a person no longer belongs to a company',
        request: { params: z.object({ id, person: id }) },
        responses: { 204: { description: 'Removed' } },
      }),
      async (c) => {
        const { id: company, person } = c.req.valid('param')
        await removePerson(store, company, person, c.get('actor'))
        return c.body(null, 204)
      },
    )
    .openapi(
      route({
        method: 'put',
        path: '/api/customers/{id}/kind',
        access: 'member',
        summary: 'Say whether a customer is a person or a company',
        request: { params, body: body(z.object({ kind: z.enum(customerKinds) })) },
        responses: { 204: { description: 'Changed' } },
      }),
      async (c) => {
        await changeKind(store, c.req.valid('param').id, c.req.valid('json').kind, c.get('actor'))
        return c.body(null, 204)
      },
    )
}
