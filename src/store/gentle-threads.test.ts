import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { test } from 'node:test'
import { testStore } from './testing.ts'

test('what counts steps back behind what takes in', async (t) => {
  if (process.platform !== 'linux') return t.skip('threads have no priority of their own here')
  const before = getPriority(process.pid)
  await using store = await testStore()
  assert.ok(store.projection)
  const counting = readdirSync('/proc/self/task').filter(
    (thread) => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === 'libuv-worker',
  )
  assert.ok(counting.length >= 4)
  assert.deepEqual([...new Set(counting.map((thread) => getPriority(Number(thread))))], [19])
  assert.equal(getPriority(process.pid), before)
})
