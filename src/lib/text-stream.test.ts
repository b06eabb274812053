import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './testing.ts'
import { textStream } from './text-stream.ts'

function holding() {
  const held = { given: 0, back: false }
  async function* pieces() {
    try {
      for (; held.given < 5; held.given++) yield 'ä'.repeat(1_000)
    } finally {
      held.back = true
    }
  }
  return { held, pieces: pieces() }
}

test('a stream gives every piece, and gives back what it held', async () => {
  const { held, pieces } = holding()
  assert.equal(await new Response(await textStream(pieces)).text(), 'ä'.repeat(5_000))
  assert.deepEqual(held, { given: 5, back: true })
})

test('nothing is written before it is read, and who leaves ends the writing, read or not', async () => {
  const unread = holding()
  await (await textStream(unread.pieces)).cancel()
  assert.deepEqual(unread.held, { given: 0, back: true })
  const { held, pieces } = holding()
  const reader = (await textStream(pieces)).getReader()
  await reader.read()
  await reader.read()
  assert.ok(held.given < 4)
  await reader.cancel()
  assert.ok(held.back)
})

test('who reads nothing for long is taken to have gone', async () => {
  const { held, pieces } = holding()
  const reader = (await textStream(pieces, 20)).getReader()
  await reader.read()
  await until('its being given back', () => held.back)
  await assert.rejects(reader.read(), /Nobody has read on/)
})

test('what fails before the first piece fails the call', async () => {
  // biome-ignore lint/correctness/useYield: it fails before
  async function* failing(): AsyncGenerator<string> {
    throw new Error('asked wrongly')
  }
  await assert.rejects(textStream(failing()), /asked wrongly/)
})
