// An import that is killed at random moments ends with exactly the rows it would have had without.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { until } from '../src/lib/testing.ts'
import { rows } from '../src/store/database.ts'
import { call, openData, type TrothProcess, temporaryData } from './process.ts'

const rounds = Number(process.env['TROTH_FAULT_ROUNDS'] ?? 4)
const orders = 12_000

const recipe = `
name: killed
currency: EUR
sources: { orders: orders.csv }
customers: select email, 'customer ' || min("no") as name, min(_line) as _line from orders group by email
interactions:
  - select "day" as at, 'Order Completed' as event, "no" as key, email, "no" as order_id, total as value, _file, _line from orders
  - select "day" as at, 'Order Delivered' as event, "no" as key, email, "no" as order_id, _file, _line from orders where "no"::integer % 2 = 0
`

test('kill -9 in the middle of an import, many times: every row is there, once, and the counts are right', async () => {
  await using data = temporaryData()
  let troth = await data.start()
  const id = await begin(troth)
  for (let round = 0; round < rounds; round++) {
    await sleep(150 + Math.random() * 1_500)
    await troth.kill()
    troth = await data.start()
  }
  const counts = await ended(troth, id)
  assert.deepEqual(
    [counts.read, counts.created, counts.updated, counts.unchanged, counts.rejected],
    [4_000 + orders + orders / 2 + 1, 4_000 + orders + orders / 2, 0, 0, 1],
  )
  const database = await openData(data.folder)
  try {
    const found = await rows(
      database.db,
      sql<{ name: string; n: number; orders: number }>`
        select name, count(*)::integer as n, count(distinct properties ->> 'order_id')::integer as orders
        from interactions
        where not judgement
        group by name
        order by name`,
    )
    assert.deepEqual(found, [
      { name: 'Order Completed', n: orders, orders },
      { name: 'Order Delivered', n: orders / 2, orders: orders / 2 },
    ])
    const [rejects] = await rows(
      database.db,
      sql<{ n: number }>`select count(*)::integer as n from import_rejects`,
    )
    assert.equal(rejects?.n, 1)
  } finally {
    await database.close()
  }
  assert.equal(await troth.interrupt(), 0)
})

async function begin(troth: TrothProcess): Promise<number> {
  const lines = ['no,day,email,total']
  for (let no = 1; no <= orders; no++)
    lines.push(`${no},2024-01-${String(1 + (no % 28)).padStart(2, '0')},c${no % 4_000}@example.org,${no}.50`)
  lines.push('odd,one')
  const { id } = await call<{ id: string }>(troth, 'POST', '/api/imports/uploads')
  await call(troth, 'PUT', `/api/imports/uploads/${id}/files/orders.csv`, lines.join('\n'))
  const started = await call<{ id: number }>(
    troth,
    'POST',
    '/api/imports',
    JSON.stringify({ upload: id, recipe }),
  )
  return started.id
}

async function ended(troth: TrothProcess, id: number): Promise<Record<string, number>> {
  return until('the end of the import', async () => {
    const line = await call<{ state: string; error: string | null; counts: Record<string, number> }>(
      troth,
      'GET',
      `/api/imports/${id}`,
    )
    assert.equal(line.error, null)
    return line.state === 'done' && line.counts
  })
}
