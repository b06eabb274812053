import { sql } from 'kysely'
import { Invalid } from '../../lib/errors.ts'
import { row, rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { defineQuestion } from '../asking/kind.ts'
import { readCompared, readScope } from '../question.ts'
import { companyClock, dayAt } from './clock.ts'
import type { Estimated, Foretold, Given } from './estimated.ts'
import { saleColumns, salesByCustomer } from './questions.ts'
import { type ReturningCustomer, returnQuery, returnSchema } from './schema.ts'
import { returnSheets } from './sheets.ts'
import { returnWords } from './words.ts'

/** When customers come back, who still is one, and what to expect of them. */
export const returning = defineQuestion({
  name: 'return',
  title: 'Coming back',
  summary:
    'When customers come back, who still is one, and how many sales to expect; checked against the past',
  asked: returnQuery,
  answer: returnSchema,
  async answering(asking, asked) {
    const { store } = asking
    const { compare, span, ...query } = asked
    if (compare !== undefined && !/^(everyone|segment:\d+)$/.test(compare))
      throw new Invalid('Coming back is compared with everyone or segment:ID.', [
        { field: 'compare', reason: 'not understood' },
      ])
    const scope = await readScope(store, query)
    const beside = compare === undefined ? null : await readCompared(store, query, compare)
    const clock = await companyClock(store, Math.max(scope.asOf, beside?.asOf ?? 0))
    asking.progress(0, 'Reading every sale')
    const given: Given = {
      sales: await asking.columns(
        'Every sale, customer by customer',
        salesByCustomer(scope, clock),
        saleColumns,
      ),
      beside: beside && {
        name: beside.asked.segment?.name ?? 'Everyone',
        sales: await asking.columns(
          'Every sale of those it is compared with',
          salesByCustomer(beside, clock),
          saleColumns,
        ),
      },
      name: scope.asked.segment?.name ?? 'Everyone',
      until: dayAt(scope.asOf - 1, clock),
      span,
    }
    const { best, idle, ...estimated } = await asking.think<Estimated>(
      new URL('./estimate.ts', import.meta.url),
      'estimate',
      given,
    )
    const workspace = await row(store.db, sql<{ currency: string }>`select currency from workspace`)
    const answer = {
      asked: scope.asked,
      span,
      ...estimated,
      best: await named(store, best),
      bringers: (await named(store, idle, true)).slice(0, 200),
      currency: workspace?.currency ?? 'EUR',
    }
    return { ...answer, statements: returnWords(answer) }
  },
  sheets: returnSheets,
})

/** With their names, and how many they brought; only those who brought any, when `bringers`. */
async function named(store: Store, foretold: Foretold[], bringers = false): Promise<ReturningCustomer[]> {
  if (foretold.length === 0) return []
  const found = await rows(
    store.db,
    sql<{ id: number; name: string | null; brought: number }>`
      select c.id, c.name, coalesce(s.referred, 0) as brought
      from customers c
      left join standings s on s.customer_id = c.id
      where c.id = any(${foretold.map(({ customerId }) => customerId)}::bigint[])
        and (not ${bringers}::boolean or s.referred > 0)`,
  )
  const known = new Map(found.map((each) => [each.id, each]))
  return foretold.flatMap(({ lastDay, ...each }) => {
    const customer = known.get(each.customerId)
    return customer
      ? [
          {
            ...each,
            name: customer.name,
            brought: customer.brought,
            lastDay: new Date(
              Math.max(-62_135_596_800_000, Math.min(253_402_214_400_000, lastDay * 86_400_000)),
            )
              .toISOString()
              .slice(0, 10),
          },
        ]
      : []
  })
}
