import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { bringIn, see } from '#src/imports/imports.testing.ts'
import { registerImports, shippedRecipes, startUndo } from '#src/imports/imports.ts'
import { row, rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'
import { sharedData } from './shared-data.ts'

const register = (store: Store) => {
  registerImports(store)
  registerExpectations(store)
}

test('Olist by its shipped recipe: everything counted, and promises judged by the calendar day', async (t) => {
  const folder = sharedData('olist')
  if (!folder) return t.skip('the Olist data set is not on this machine')
  await using store = await testStore(register)
  const files = readdirSync(folder).map((name) => join(folder, name))
  const id = await bringIn(store, textOf('olist'), files)
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.error, null)
  assert.equal(seen.counts.rejected, 0)
  assert.equal(seen.counts.kinds.customers?.created, 2_995)
  assert.equal(seen.counts.kinds.purchases?.created, 3_000)
  assert.equal(seen.counts.kinds.interactions?.created, 3_000 + 2_991 + 2_946 + 2_904 + 2_993 + 2_993)
  const reviews = seen.progress.files.find(({ file }) => file.includes('reviews'))
  assert.deepEqual([reviews?.rows, reviews?.lines], [2_993, 3_168])
  assert.equal(await count(store, sql`select count(*) as n from stages`).then((n) => n > 0), true)

  // 191 of 2,904 delivered orders came after the promised day (231 by the clock).
  const states = await rows(
    store.db,
    sql<{ state: string; awaited: boolean; n: number }>`
      select state, awaited, count(*)::integer as n
      from expectations
      group by state, awaited`,
  )
  const of = (state: string, awaited: boolean) =>
    states.find((each) => each.state === state && each.awaited === awaited)?.n ?? 0
  assert.equal(of('broken', false), 191)
  assert.equal(of('kept', false) + of('exceeded', false), 2_904 - 191)
  assert.equal(of('broken', true), 3_000 - 2_904)

  // Of the answers on late orders, 135 were given while still waiting.
  const answers = await rows(
    store.db,
    sql<{ waiting: boolean; n: number; stars: number }>`
      select r.at < p.delivered_at as waiting, count(*)::integer as n,
        round(avg((r.properties ->> 'rating')::numeric), 2)::double precision as stars
      from expectations e
      join purchases p on p.customer_id = e.customer_id and p.id = e.purchase_id
      join interactions r on r.customer_id = e.customer_id and r.purchase_id = e.purchase_id
        and r.name = 'Product Reviewed'
      where e.state = 'broken' and not e.awaited
      group by 1
      order by 1`,
  )
  assert.deepEqual(answers, [
    { waiting: false, n: 58, stars: 3.67 },
    { waiting: true, n: 135, stars: 1.69 },
  ])
  const unplaced = await count(
    store,
    sql`select count(*) as n from interactions where touchpoint_id is null and not judgement`,
  )
  assert.equal(unplaced, 0)

  const again = await bringIn(store, textOf('olist'), files)
  await store.jobs.drain()
  const second = (await see(store, again)).counts
  assert.deepEqual([second.created, second.updated, second.rejected], [0, 0, 0])

  await startUndo(store, id)
  await store.jobs.drain()
  for (const table of ['customers', 'interactions', 'purchases', 'expectations', 'identities', 'receipts'])
    assert.equal(await count(store, sql`select count(*) as n from ${sql.table(table)}`), 0, table)
})

test('the help desk log and the running example come in as event logs, their columns found by name', async (t) => {
  const helpdesk = sharedData('helpdesk', 'helpdesk.csv')
  const example = sharedData('running-example', 'running-example.csv')
  if (!helpdesk || !example) return t.skip('the event logs are not on this machine')
  for (const [file, cases, events, activities] of [
    [example, 6, 42, 8],
    [helpdesk, 4_580, 21_348, 14],
  ] as const) {
    await using store = await testStore(register)
    const id = await bringIn(store, textOf('event-log'), [file])
    await store.jobs.drain()
    const seen = await see(store, id)
    assert.equal(seen.error, null)
    assert.equal(seen.counts.rejected, 0)
    assert.equal(await count(store, sql`select count(*) as n from customers`), cases)
    assert.equal(await count(store, sql`select count(*) as n from interactions`), events)
    assert.equal(await count(store, sql`select count(distinct name) as n from interactions`), activities)
  }
})

function textOf(name: string): string {
  return shippedRecipes().find((recipe) => recipe.name === name)?.text ?? ''
}

async function count(store: Store, query: ReturnType<typeof sql>): Promise<number> {
  return ((await row(store.db, query)) as { n: number }).n
}
