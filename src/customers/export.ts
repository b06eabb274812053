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
export function csvOfCustomers(
  db: Db,
  question: Omit<CustomerQuestion, 'limit' | 'cursor'>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let cursor: string | undefined
  let begun = false
  return new ReadableStream({
    async pull(controller) {
      if (!begun) {
        begun = true
        // The mark makes spreadsheets read it as UTF-8.
        controller.enqueue(encoder.encode(`\uFEFF${columns.map(([name]) => csvField(name)).join(',')}\r\n`))
      }
      const page = await listCustomers(db, { ...question, limit: 2_000, cursor })
      const lines = page.items.map((customer) =>
        columns.map(([, read]) => csvField(read(customer))).join(','),
      )
      if (lines.length > 0) controller.enqueue(encoder.encode(`${lines.join('\r\n')}\r\n`))
      if (page.next === null) controller.close()
      else cursor = page.next
    },
  })
}

/** One field by RFC 4180. Text that a spreadsheet would run as a formula is kept text by a leading apostrophe. */
export function csvField(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=@\t\r]|^[+-](?![\d\s().-]*$)/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
