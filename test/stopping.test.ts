// Stopping while much is going on: within seconds, quietly, and nothing is lost by it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../src/lib/testing.ts'
import { flood, recordedNumbers } from './flood.ts'
import { call, type TrothProcess, temporaryData } from './process.ts'

const rows = 12_000
const recipe = `
name: under-load
currency: EUR
sources: { orders: orders.csv }
interactions: select "day" as at, 'Order Placed' as event, "no" as key, email, "no" as order_id, _file, _line from orders
`

interface Line {
  state: string
  error: string | null
  counts: { read: number; created: number; rejected: number }
}

test('a stop under load, with an import under way, leaves no error in the log, and the next start goes on', async () => {
  await using data = temporaryData()
  let id = 0
  const acknowledged = new Set<number>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const troth = await data.start([], { TROTH_LOG: 'warn' })
    const events = flood(troth, signal === 'SIGTERM' ? 0 : 1_000_000)
    {
      await using _until = events
      if (id === 0) id = await begin(troth)
      await until('an import and a flood under way', async () => {
        const line = await call<Line>(troth, 'GET', `/api/imports/${id}`)
        return line.counts.created > 0 && events.acknowledged.size > 500
      })
      await sleep(500)
      const began = Date.now()
      troth.child.kill(signal)
      const code = await troth.ended
      assert.equal(code, 0, troth.output())
      assert.ok(Date.now() - began < 19_000, `it took ${Date.now() - began} ms to stop`)
      // Lines of the log are JSON; the greetings on standard output are not.
      const complaints = troth
        .output()
        .split('\n')
        .filter((each) => each.startsWith('{'))
      assert.deepEqual(complaints, [])
    }
    for (const number of events.acknowledged) acknowledged.add(number)
  }
  const troth = await data.start()
  const line = await until('the end of the import', async () => {
    const now = await call<Line>(troth, 'GET', `/api/imports/${id}`)
    assert.equal(now.error, null)
    return now.state !== 'running' && now.state !== 'waiting' && now
  })
  assert.equal(line.state, 'done')
  assert.deepEqual([line.counts.read, line.counts.created, line.counts.rejected], [rows, rows, 0])
  const recorded = await recordedNumbers(data.folder)
  assert.equal(recorded.length, new Set(recorded).size, 'something was recorded twice')
  const there = new Set(recorded)
  assert.deepEqual(
    [...acknowledged].filter((number) => !there.has(number)),
    [],
  )
  assert.equal(await troth.interrupt(), 0)
})

async function begin(troth: TrothProcess): Promise<number> {
  const { id } = await call<{ id: string }>(troth, 'POST', '/api/imports/uploads')
  const lines = ['no,day,email']
  for (let no = 1; no <= rows; no++)
    lines.push(`${no},2024-01-${String(1 + (no % 28)).padStart(2, '0')},c${no % 2_000}@example.org`)
  await call(troth, 'PUT', `/api/imports/uploads/${id}/files/orders.csv`, lines.join('\n'))
  return (await call<{ id: number }>(troth, 'POST', '/api/imports', JSON.stringify({ upload: id, recipe })))
    .id
}
