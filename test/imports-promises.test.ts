// A recipe that brings promises along, row by row.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { bringIn, everything, see } from '#src/imports/imports.testing.ts'
import { registerImports, startUndo } from '#src/imports/imports.ts'
import { row, rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'

const register = (store: Store) => {
  registerImports(store)
  registerExpectations(store)
}

const cases = `case;mail;ordered;promised;delivered;seller
P-1;ann@example.org;2024-01-10;2024-03-01;2024-03-05;Kim
P-2;bo@example.org;2024-01-11;2024-03-01;2024-03-01;Kim
P-3;cy@example.org;2024-01-12;2024-W10;2024-03-08;Lee
P-4;di@example.org;2024-01-13;6 weeks;;Lee
P-5;eve@example.org;2024-01-14;soon;2024-02-20;Lee
`
const promises = `
name: fitting
time_zone: Europe/Berlin
sources: { projects: projects.csv }
interactions:
  - select ordered as at, 'Project Ordered' as event, "case" as key, "case" as project_id, mail as email, _file, _line from projects
  - >
    select delivered as at, 'Project Completed' as event, "case" as key, "case" as project_id, mail as email, _file, _line
    from projects where delivered <> ''
expectations: >
  select ordered as at, 'Your kitchen is fitted' as statement, promised as due, "case" as key, "case" as project_id,
    mail as email, 'person' as source_kind, seller as source_name, nullif(delivered, '') as kept_at, _file, _line
  from projects
`

test('one row per case with order, promised date and delivery: each promise is judged by the day it was kept', async () => {
  await using store = await testStore(register)
  const empty = await everything(store)
  const id = await bringIn(store, promises, { 'projects.csv': cases })
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.error, null)
  assert.deepEqual(seen.counts.kinds.expectations, {
    read: 5,
    created: 4,
    updated: 0,
    unchanged: 0,
    rejected: 1,
  })
  assert.deepEqual(
    seen.rejects.map(({ line, reason }) => [line, /soon/.test(reason)]),
    [[6, true]],
  )
  const judged = await rows(
    store.db,
    sql<Record<string, unknown>>`
      select p.key, e.state, e.awaited, e.gap, e.precision, e.source_kind as kind, e.source_name as by
      from expectations e
      join purchases p on p.id = e.purchase_id
      order by p.key`,
  )
  assert.deepEqual(judged, [
    { key: 'P-1', state: 'broken', awaited: false, gap: 4, precision: 'day', kind: 'person', by: 'Kim' },
    { key: 'P-2', state: 'kept', awaited: false, gap: 0, precision: 'day', kind: 'person', by: 'Kim' },
    { key: 'P-3', state: 'kept', awaited: false, gap: 0, precision: 'week', kind: 'person', by: 'Lee' },
    { key: 'P-4', state: 'broken', awaited: true, gap: null, precision: 'day', kind: 'person', by: 'Lee' },
  ])

  const again = await bringIn(store, promises, { 'projects.csv': cases })
  await store.jobs.drain()
  const { created, updated, unchanged } = (await see(store, again)).counts
  assert.deepEqual([created, updated, unchanged], [0, 0, 13])

  // The delivery that was missing has come since: the promise is judged anew.
  const come = await bringIn(store, promises, {
    'projects.csv': cases.replace('6 weeks;;', '6 weeks;2024-02-24;'),
  })
  await store.jobs.drain()
  assert.deepEqual((await see(store, come)).counts.kinds.expectations?.updated, 1)
  const late = await row(
    store.db,
    sql<{ state: string; awaited: boolean }>`
      select e.state, e.awaited from expectations e join purchases p on p.id = e.purchase_id where p.key = 'P-4'`,
  )
  assert.deepEqual(late, { state: 'kept', awaited: false })

  for (const each of [come, again, id]) {
    await startUndo(store, each)
    await store.jobs.drain()
  }
  assert.deepEqual(await everything(store), empty)
  assert.equal(((await row(store.db, sql`select count(*) as n from expectations`)) as { n: number }).n, 0)
})
