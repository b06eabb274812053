import { csvLine, utf8Mark } from '../lib/csv.ts'
import type { Db } from '../store/database.ts'
import { type CustomerQuestion, listCustomers } from './list.ts'
import type { CustomerSummary } from './summaries.ts'

const columns: [string, (customer: CustomerSummary) => string | number | null][] = [
  ['id', (customer) => customer.id],
  ['kind', (customer) => customer.kind],
  ['name', (customer) => customer.name],
  ['email', (customer) => customer.email],
  ['phone', (customer) => customer.phone],
  ['company', (customer) => customer.company?.label ?? null],
  ['state', (customer) => customer.state],
  ['score', (customer) => customer.score],
  ['first seen', (customer) => customer.firstSeenAt],
  ['last seen', (customer) => customer.lastSeenAt],
  ['interactions', (customer) => customer.interactions],
  ['sales', (customer) => customer.sales],
  ['value in minor units', (customer) => customer.valueMinor],
  ['currency', (customer) => customer.currency],
  ['open promises', (customer) => customer.openExpectations],
  ['broken promises not made good', (customer) => customer.brokenUnmended],
  ['sent others', (customer) => customer.referred],
  ['last words', (customer) => customer.lastWords],
]

/** The whole list as CSV, read page by page as it is sent: memory stays flat however many there are. */
export async function* csvOfCustomers(
  db: Db,
  question: Omit<CustomerQuestion, 'limit' | 'cursor'>,
): AsyncGenerator<string> {
  yield utf8Mark + csvLine(columns.map(([name]) => name))
  let cursor: string | undefined
  do {
    const page = await listCustomers(db, { ...question, limit: 2_000, cursor })
    if (page.items.length > 0)
      yield page.items.map((customer) => csvLine(columns.map(([, read]) => read(customer)))).join('')
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}
