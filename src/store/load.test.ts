import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Load } from './load.ts'

/** Whether the work of the next turn begins at once; and the turn. */
function next(load: Load, signal?: AbortSignal) {
  let begun = false
  const turn = load.takeTurn(async () => {
    begun = true
  }, signal)
  return { atOnce: begun, turn, begun: () => begun }
}

test('in a flood a question rests as long as its last piece of work took, otherwise never', async () => {
  const load = new Load()
  await load.takeTurn(() => sleep(100))
  const calm = next(load)
  assert.ok(calm.atOnce)
  await calm.turn
  await load.takeTurn(() => sleep(100))
  load.note(5_000)
  const flooded = next(load)
  assert.ok(!flooded.atOnce)
  await flooded.turn
  assert.ok(flooded.begun())
})

test('who cancels a resting question, or stops the process, does not wait for it', async () => {
  const load = new Load()
  await load.takeTurn(() => sleep(1_000))
  load.note(5_000)
  const stop = new AbortController()
  const resting = next(load, stop.signal)
  stop.abort(new Error('nobody waits'))
  await assert.rejects(resting.turn, /nobody waits/)
  assert.ok(!resting.begun())
  load.end()
  assert.ok(next(load).atOnce)
})
