// An import that somebody stops in the middle: what is in is told, can be taken back, and comes in whole later.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { until } from '../src/lib/testing.ts'
import { row } from '../src/store/database.ts'
import {
  call,
  openData,
  runCommand,
  type TemporaryData,
  type TrothProcess,
  temporaryData,
} from './process.ts'

const orders = 15_000
const buyers = 3_000
const recipe = `
name: stopped
currency: EUR
sources: { orders: orders.csv }
interactions:
  - select "day" as at, 'Order Completed' as event, "no" as key, email, "no" as order_id, total as value, _file, _line from orders
`

interface Line {
  id: number
  state: string
  error: string | null
  counts: { read: number; created: number; updated: number; unchanged: number; rejected: number }
}

test('stopped over HTTP in the middle: the counts are what is there, it is taken back whole, and comes in whole', async () => {
  await using data = temporaryData()
  const troth = await data.start()
  const folder = exported(data)
  const id = await begin(troth)
  const stopped = await stopInTheMiddle(troth, id)
  assert.equal(await there(data), stopped.counts.created)

  await call(troth, 'POST', `/api/imports/${id}/undoing`)
  assert.equal((await reaches(troth, id, ['undone', 'failed'])).state, 'undone')
  assert.equal(await there(data), 0)
  assert.equal(await there(data, 'customers'), 0)
  assert.equal(await there(data, 'receipts'), 0)

  const again = runCommand(['import', join(folder, 'stopped.yaml'), '--data', data.folder, '--json'])
  assert.equal(await again.ended, 0, again.errors())
  const { counts } = JSON.parse(again.out()) as Line
  assert.deepEqual(counts, whole(orders, 0))
  assert.equal(await there(data), orders)
  assert.equal(await there(data, 'customers'), buyers)
})

test('Ctrl-C at the command line stops the import, tells the counts and how to go on; going on brings in the rest', async () => {
  await using data = temporaryData()
  const troth = await data.start()
  const folder = exported(data)
  const command = runCommand(['import', join(folder, 'stopped.yaml'), '--data', data.folder])
  const id = 1
  await reaches(troth, id, [], (line) => line.counts.created > 0)
  command.child.kill('SIGINT')
  assert.equal(await command.ended, 5, command.errors())
  const stopped = await call<Line>(troth, 'GET', `/api/imports/${id}`)
  assert.equal(stopped.state, 'cancelled')
  assert.ok(
    stopped.counts.created > 0 && stopped.counts.created < orders,
    `${stopped.counts.created} of them`,
  )
  assert.equal(await there(data), stopped.counts.created)
  assert.match(command.out(), /"stopped" was stopped. What had been brought in stays/)
  assert.match(command.out(), new RegExp(`all +${stopped.counts.read.toLocaleString('en')} `))
  assert.match(command.out(), /troth import --resume 1 +Take it back: troth import --undo 1/)

  // Without going on, the same command again brings in what is missing.
  const again = runCommand(['import', join(folder, 'stopped.yaml'), '--data', data.folder, '--json'])
  assert.equal(await again.ended, 0, again.errors())
  const { created } = stopped.counts
  assert.deepEqual((JSON.parse(again.out()) as Line).counts, whole(orders - created, created))

  const resumed = runCommand(['import', '--resume', '1', '--data', data.folder, '--json'])
  assert.equal(await resumed.ended, 0, resumed.errors())
  assert.deepEqual((JSON.parse(resumed.out()) as Line).counts, whole(created, orders - created))

  for (const each of ['2', '1']) {
    const undone = runCommand(['import', '--undo', each, '--data', data.folder])
    assert.equal(await undone.ended, 0, undone.errors())
    assert.match(undone.out(), /has been taken back/)
  }
  assert.equal(await there(data), 0)
  const odd = runCommand(['import', '--undo', '1', '--data', data.folder])
  assert.equal(await odd.ended, 5)
  assert.match(odd.errors(), /nothing to take back/)
})

function whole(created: number, unchanged: number) {
  return { read: orders, created, updated: 0, unchanged, rejected: 0, unreadable: 0 }
}

/** The files as a person has them; gives their folder. */
function exported(data: TemporaryData): string {
  const folder = join(data.folder, 'export')
  mkdirSync(folder)
  writeFileSync(join(folder, 'orders.csv'), lines())
  writeFileSync(join(folder, 'stopped.yaml'), recipe)
  return folder
}

function lines(): string {
  const made = ['no,day,email,total']
  for (let no = 1; no <= orders; no++)
    made.push(`${no},2024-01-${String(1 + (no % 28)).padStart(2, '0')},c${no % buyers}@example.org,${no}.50`)
  return made.join('\n')
}

async function begin(troth: TrothProcess): Promise<number> {
  const { id } = await call<{ id: string }>(troth, 'POST', '/api/imports/uploads')
  await call(troth, 'PUT', `/api/imports/uploads/${id}/files/orders.csv`, lines())
  return (await call<Line>(troth, 'POST', '/api/imports', JSON.stringify({ upload: id, recipe }))).id
}

async function stopInTheMiddle(troth: TrothProcess, id: number): Promise<Line> {
  await reaches(troth, id, [], (line) => line.counts.created > 0)
  await call(troth, 'POST', `/api/imports/${id}/cancellation`)
  const line = await reaches(troth, id, ['cancelled', 'done'])
  assert.equal(line.state, 'cancelled')
  assert.ok(line.counts.created > 0 && line.counts.created < orders, `${line.counts.created} of ${orders}`)
  return line
}

async function reaches(
  troth: TrothProcess,
  id: number,
  states: string[],
  enough: (line: Line) => boolean = () => false,
): Promise<Line> {
  return until(`an import that is ${states.join(' or ') || 'under way'}`, async () => {
    const line = await call<Line>(troth, 'GET', `/api/imports/${id}`).catch(() => undefined)
    if (!line) return undefined
    assert.equal(line.error, null)
    return (states.includes(line.state) || enough(line)) && line
  })
}

async function there(data: TemporaryData, table = 'interactions'): Promise<number> {
  const database = await openData(data.folder)
  try {
    const found = await row(
      database.db,
      sql<{ n: number }>`
        select count(*)::integer as n
        from ${sql.table(table)} t
        where not coalesce((to_jsonb(t) ->> 'judgement')::boolean, false)`,
    )
    return found?.n ?? 0
  } finally {
    await database.close()
  }
}
