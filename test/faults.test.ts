// Whatever is killed, whenever: everything that was acknowledged is there, once.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../src/lib/testing.ts'
import { flood, recordedNumbers } from './flood.ts'
import { temporaryData } from './process.ts'

const rounds = Number(process.env['TROTH_FAULT_ROUNDS'] ?? 3)

test('kill -9 of the server in the middle of ingest loses nothing acknowledged and doubles nothing', async () => {
  await using data = temporaryData()
  const acknowledged = new Set<number>()
  const sent = new Set<number>()
  for (let round = 0; round < rounds; round++) {
    const troth = await data.start()
    const events = flood(troth, round * 1_000_000)
    {
      await using _until = events
      // The first time well into the flood, whatever the machine; then at any moment.
      if (round === 0) await until('a flood', () => events.acknowledged.size > 100)
      await sleep(Math.random() * 1_500)
      await troth.kill()
    }
    for (const number of events.acknowledged) acknowledged.add(number)
    for (const number of events.sent) sent.add(number)
  }
  const troth = await data.start()
  // A client that got no answer sends again: what had been recorded after all stays one interaction.
  const unsure = [...sent].filter((number) => !acknowledged.has(number))
  const again = unsure.map((number) => ({
    type: 'track',
    messageId: `m${number}`,
    userId: `u${number % 50}`,
    event: 'Product Viewed',
    properties: { number },
  }))
  for (let start = 0; start < again.length; start += 500) {
    const answer = await fetch(`${troth.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${troth.token}` },
      body: JSON.stringify({ batch: again.slice(start, start + 500) }),
    })
    assert.equal(answer.status, 200)
  }
  const recorded = await recordedNumbers(data.folder)
  assert.equal(recorded.length, new Set(recorded).size, 'something was recorded twice')
  assert.deepEqual(new Set(recorded), sent)
  assert.ok(acknowledged.size > 100, 'the flood was too thin to say anything')
  assert.equal(await troth.interrupt(), 0)
})

test('kill -9 of the database under load: it comes back by itself, and so does everything else', async () => {
  await using data = temporaryData()
  const troth = await data.start()
  const events = flood(troth, 0)
  let before = 0
  {
    await using _until = events
    await until('a flood', () => events.acknowledged.size > 100)
    await sleep(Math.random() * 500)
    const pidFile = readFileSync(join(data.folder, 'postgres/postmaster.pid'), 'utf8')
    process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL')
    before = events.acknowledged.size
    await until('the flood after the database died', () => events.acknowledged.size >= before + 500)
  }
  const recorded = await recordedNumbers(data.folder)
  assert.equal(recorded.length, new Set(recorded).size)
  const there = new Set(recorded)
  assert.deepEqual(
    [...events.acknowledged].filter((number) => !there.has(number)),
    [],
  )
  assert.equal(await troth.interrupt(), 0)
})

test('a second start on the same data folder is refused in words, and the first goes on', async () => {
  await using data = temporaryData()
  const troth = await data.start()
  await assert.rejects(data.start(), /already running on .*Stop it first/s)
  assert.equal((await fetch(`${troth.url}/healthz`)).status, 200)
  assert.equal(await troth.interrupt(), 0)
})

test('a port in use is named, with a free one beside it', async () => {
  await using data = temporaryData()
  await using other = temporaryData()
  const troth = await data.start()
  const { port } = new URL(troth.url)
  await assert.rejects(
    other.start(['--port', port]),
    new RegExp(`Port ${port} is in use.*--port \\d+ is free`, 's'),
  )
  assert.equal(await troth.interrupt(), 0)
})
