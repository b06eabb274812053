// Several Troths on one machine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, openData, runCommand, type TrothProcess, temporaryData } from './process.ts'

test('two run side by side on different folders, started at once, and neither sees or stops the other', async () => {
  await using one = temporaryData()
  await using two = temporaryData()
  const [first, second] = await Promise.all([one.start(), two.start()])
  assert.notEqual(first.url, second.url)
  await Promise.all([say(first, 'ann@example.org'), say(second, 'bo@example.org')])
  assert.deepEqual(await known(first), ['ann@example.org'])
  assert.deepEqual(await known(second), ['bo@example.org'])

  // The key of one opens nothing at the other.
  const foreign = await fetch(`${second.url}/api/customers`, {
    headers: { authorization: `Bearer ${first.token}` },
  })
  assert.equal(foreign.status, 401)
  const command = runCommand(['timeline', 'bo@example.org', '--data', one.folder])
  assert.equal(await command.ended, 4)

  // A third that wants a folder in use is refused, and what runs there runs on.
  await assert.rejects(
    one.start(),
    /already running on .*Stop it first, or choose another folder with --data/s,
  )
  assert.equal(await first.interrupt(), 0)
  await say(second, 'cy@example.org')
  assert.deepEqual(await known(second), ['bo@example.org', 'cy@example.org'])
  const third = await one.start()
  assert.deepEqual(await known(third), ['ann@example.org'])
  assert.equal(await third.interrupt(), 0)
  assert.equal(await second.interrupt(), 0)
  const database = await openData(two.folder)
  await database.close()
})

async function say(troth: TrothProcess, email: string): Promise<void> {
  await call(
    troth,
    'POST',
    '/v1/batch',
    JSON.stringify({
      batch: [
        { type: 'identify', userId: email, traits: { email, name: email }, messageId: `who ${email}` },
        { type: 'track', userId: email, event: 'Product Viewed', messageId: `saw ${email}` },
      ],
    }),
  )
}

const everybody = ['ann@example.org', 'bo@example.org', 'cy@example.org']

async function known(troth: TrothProcess): Promise<string[]> {
  const found: string[] = []
  for (const email of everybody) {
    const { items } = await call<{ items: unknown[] }>(
      troth,
      'GET',
      `/api/customer-lookup?identity=${encodeURIComponent(email)}`,
    )
    if (items.length > 0) found.push(email)
  }
  return found
}
