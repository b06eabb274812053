import { z } from '@hono/zod-openapi'
import { json, route, router } from '../lib/http.ts'
import { textStream } from '../lib/text-stream.ts'
import type { Store } from '../store/store.ts'
import { csvOfCustomers } from './export.ts'
import { ruleOfFilter } from './filter.ts'
import { type CustomerQuestion, countCustomers, customerSorts, listCustomers } from './list.ts'
import { customerKinds, validationStates } from './schema.ts'
import { customerSummarySchema } from './summaries.ts'

const commaList = <Word extends string>(words: readonly Word[]) =>
  z
    .string()
    .transform((text) => text.split(',').filter((word) => word !== ''))
    .pipe(z.array(z.enum(words as readonly [Word, ...Word[]])).max(10))
    .optional()
const id = z.coerce.number().int().positive().optional()
const amount = z.coerce.number().int().optional()
const days = z.coerce.number().int().min(1).max(36_500).optional()

/** The filters of the customers page, as they stand in its address. */
export const customerFilterSchema = z.object({
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Words of a name, the beginning of an email or phone, an id or an order id'),
  state: commaList(validationStates).openapi({ type: 'string', example: 'doubting,lost' }),
  kind: z.enum(customerKinds).optional(),
  seenWithin: days.describe('Last seen within so many days'),
  notSeenWithin: days.describe('Last seen longer ago than so many days'),
  valueFrom: amount.describe('Bought for at least this, in minor units'),
  valueTo: amount,
  salesFrom: amount,
  salesTo: amount,
  scoreFrom: amount.describe('How far experiences since the sale confirm the choice, 0 to 100'),
  scoreTo: amount,
  segment: id.describe('In this segment, as last refreshed'),
  touchpoint: id.describe('Had at least one interaction at this touchpoint'),
  company: id.describe('People of this company'),
  silent: days.describe('Bought, and heard nothing caring for so many days'),
  boughtWithin: days.describe('With `silent`: bought within so many days'),
  unmended: z.enum(['true']).optional().describe('Has a broken promise that is not made good yet'),
})
type Filter = z.infer<typeof customerFilterSchema>

const page = z
  .object({
    items: z.array(customerSummarySchema),
    next: z.string().nullable().describe('Cursor of the next page; null on the last'),
  })
  .openapi('CustomerPage')

const counted = z
  .object({
    customers: z.number().int(),
    exact: z.boolean().describe('False: the database’s estimate'),
    states: z.record(z.string(), z.number().int()).describe('By where they stand, when counted'),
  })
  .openapi('CustomerCount')

export function listRoutes(store: Store) {
  return router()
    .openapi(
      route({
        method: 'get',
        path: '/api/customers',
        access: 'viewer',
        summary: 'Customers, filtered and sorted, a page at a time',
        request: {
          query: customerFilterSchema.extend({
            sort: z.enum(customerSorts).default('seen'),
            limit: z.coerce.number().int().min(1).max(200).default(50),
            cursor: z.string().max(1_000).optional(),
          }),
        },
        responses: { 200: json(page, 'A page of customers') },
      }),
      async (c) => c.json(await listCustomers(store.db, questionOf(c.req.valid('query'))), 200),
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customer-count',
        access: 'viewer',
        summary: 'How many customers match the filters',
        request: { query: customerFilterSchema },
        responses: { 200: json(counted, 'The count, or an estimate said as such') },
      }),
      async (c) => {
        const filter = c.req.valid('query')
        return c.json(
          await countCustomers(store.db, { rule: ruleOfFilter(filter), search: filter.search }),
          200,
        )
      },
    )
    .openapi(
      route({
        method: 'get',
        path: '/api/customers.csv',
        access: 'member',
        summary: 'All customers that match, as a CSV file',
        request: { query: customerFilterSchema.extend({ sort: z.enum(customerSorts).default('seen') }) },
        responses: {
          200: {
            description: 'CSV in UTF-8, one customer a line',
            content: { 'text/csv': { schema: z.string() } },
          },
        },
      }),
      async (c) => {
        const query = c.req.valid('query')
        const lines = csvOfCustomers(store.db, {
          rule: ruleOfFilter(query),
          search: query.search,
          sort: query.sort,
        })
        return c.body(await textStream(lines), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="customers.csv"',
        })
      },
    )
}

function questionOf(
  query: Filter & { sort: CustomerQuestion['sort']; limit: number; cursor?: string | undefined },
): CustomerQuestion {
  return {
    rule: ruleOfFilter(query),
    search: query.search,
    sort: query.sort,
    limit: query.limit,
    cursor: query.cursor,
  }
}
