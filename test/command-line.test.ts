// The commands that read: what people see in the terminal, what machines get with --json, and exit codes.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readinessOf } from '#src/cli/readiness.ts'
import type { Flows } from '#src/insights/flows/schema.ts'
import type { MapAnswer, SilenceAnswer } from '#src/insights/schema.ts'
import { temporaryFolder, testDatabase } from '#src/store/testing.ts'
import { ready, runCommand, temporaryData } from './process.ts'
import { sending, startTroth, type TestTroth } from './troth.ts'

const buyers = 14
/** The first so many got their order four days late. */
const late = 5

test('troth map says in words and in a table what --json says in figures', async () => {
  await using troth = await startTroth({ listen: true, counting: true })
  await fill(troth)
  const access = ['--url', troth.url, '--key', troth.readKey]

  const machine = runCommand(['map', '--json', ...access])
  assert.equal(await machine.ended, 0, machine.errors())
  const map = JSON.parse(machine.out()) as MapAnswer & {
    flows: Flows
    silence: SilenceAnswer
    balance: object
    care: object
  }
  assert.deepEqual(Object.keys(map).slice(-4), ['flows', 'balance', 'silence', 'care'])
  assert.deepEqual([map.customers, map.buyers, map.sales], [buyers + 1, buyers, buyers])
  assert.equal(map.unplaced.n, 1)
  const of = (name: RegExp) => {
    const found = map.touchpoints.find((touchpoint) => name.test(touchpoint.name))
    assert.ok(found, `no moment ${name} among ${map.touchpoints.map((each) => each.name).join(', ')}`)
    return found
  }
  const delivery = of(/^Delivery$/)
  assert.equal(delivery.side, 'after')
  assert.deepEqual([delivery.customers, delivery.volume], [buyers, buyers])
  assert.deepEqual([delivery.kept.hits, delivery.kept.n], [buyers - late, buyers])
  const review = of(/^Review$/)
  // Five said 2 of 5 (−0.5), nine said 5 of 5 (+1): (−2.5 + 9) / 14.
  assert.equal(review.said.n, buyers)
  assert.ok(Math.abs((review.said.value ?? 0) - 6.5 / 14) < 1e-9)
  assert.equal(of(/^Product page$/).side, 'before')
  assert.ok(map.flows.edges.some((edge) => edge.to === delivery.id && edge.n === buyers))
  assert.ok(map.silence.visible === false || map.silence.spans.length > 0)

  const human = runCommand(['map', ...access])
  assert.equal(await human.ended, 0, human.errors())
  const said = human.out()
  for (const heading of [
    'Before the sale',
    'After the sale',
    'What usually comes next',
    'Balance, before against after the sale',
    'Silence',
    'What every buyer should get',
  ])
    assert.match(said, new RegExp(`^  ${heading}$`, 'm'))
  assert.match(said, new RegExp(`${delivery.name} +14 +14 .*64 % \\(39 to 84, n 14\\)`))
  assert.match(said, new RegExp(`${review.name} +14 +14 +▲ 0\\.46 \\(.* to .*, n 14\\)`))
  assert.match(said, /counted · all time · 15 customers · /)
  assert.doesNotMatch(said, /NaN|undefined|null|Infinity/)

  const narrow = runCommand(['map', '--from', '2030-01-01', '--to', '2030-12-31', ...access])
  assert.equal(await narrow.ended, 0, narrow.errors())
  assert.doesNotMatch(narrow.out(), /NaN|undefined|null|Infinity/)

  const wrong = runCommand(['map', '--from', 'soon', ...access])
  assert.equal(await wrong.ended, 2)
  assert.match(wrong.errors(), /from/)
  const foreign = runCommand(['map', '--url', troth.url, '--key', 'troth_none'])
  assert.equal(await foreign.ended, 6)
  const nowhere = runCommand(['map', '--url', 'http://127.0.0.1:9', '--key', troth.readKey])
  assert.equal(await nowhere.ended, 3)
  assert.match(nowhere.errors(), /Nothing answers at http:\/\/127\.0\.0\.1:9/)
})

test('troth timeline tells one customer: where they stand, the sale, what they said, the promise broken', async () => {
  await using troth = await startTroth({ listen: true })
  await fill(troth)
  const access = ['--url', troth.url, '--key', troth.readKey]

  const human = runCommand(['timeline', 'buyer1@example.org', ...access])
  assert.equal(await human.ended, 0, human.errors())
  const said = human.out()
  assert.match(said, /^Buyer 1 {2}.* · customer \d+$/m)
  assert.match(said, /── the sale · €\s?100/)
  assert.match(said, /▼ Promise broken: /)
  assert.match(said, /“Too late for the feast”/)
  assert.match(said, /rated 2 of 5/)
  assert.match(said, /▼ Promise broken: Delivered by the day we named, four days late/)
  const order = ['“Too late', '▼ Promise broken', '── the sale'].map((text) => said.lastIndexOf(text))
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
    'the newest stands first',
  )

  const machine = runCommand(['timeline', 'buyer1@example.org', '--json', '--limit', '2', ...access])
  assert.equal(await machine.ended, 0, machine.errors())
  const answer = JSON.parse(machine.out()) as {
    customer: { id: number; shownName: string; standing: { why: string } }
    items: { name: string; words: string | null }[]
  }
  assert.equal(answer.customer.shownName, 'Buyer 1')
  assert.ok(answer.customer.standing.why.length > 10)
  assert.equal(answer.items.length, 2)
  assert.equal(answer.items[0]?.words, 'Too late for the feast')

  const byId = runCommand(['timeline', String(answer.customer.id), ...access])
  assert.equal(await byId.ended, 0, byId.errors())
  const nobody = runCommand(['timeline', 'nobody@example.org', ...access])
  assert.equal(await nobody.ended, 4)
  assert.match(nobody.errors(), /nobody@example\.org/)
})

test('troth doctor: 0 where all is well, running or not, and 3 with what to do where it is not', async () => {
  await using data = temporaryData()
  const stopped = runCommand(['doctor', '--data', data.folder, '--json'])
  assert.equal(await stopped.ended, 0, stopped.out())
  const before = JSON.parse(stopped.out()) as Examined
  assert.equal(before.ok, true)
  assert.match(found(before, 'running'), /^no; /)

  const troth = await data.start()
  await ready(troth)
  const running = runCommand(['doctor', '--data', data.folder, '--json'])
  assert.equal(await running.ended, 0, running.out())
  const examined = JSON.parse(running.out()) as Examined
  assert.equal(found(examined, 'running'), `yes, at ${troth.url}, and ready`)
  assert.match(found(examined, 'database'), /^PostgreSQL 1\d.*, bundled, \d+ MB$/)
  assert.equal(found(examined, 'schema'), 'up to date')
  // It looked without stopping anything.
  await ready(troth)

  const human = runCommand(['doctor', '--data', data.folder])
  assert.equal(await human.ended, 0)
  assert.match(human.out(), /^✔ database: PostgreSQL/m)

  const wrong = runCommand(['doctor', '--data', join(data.folder, 'other')], {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
  })
  assert.equal(await wrong.ended, 3)
  assert.match(wrong.out(), /^✖ database: /m)
  assert.match(wrong.out(), /Check DATABASE_URL/)

  const file = join(data.folder, 'a-file')
  writeFileSync(file, '')
  const noFolder = runCommand(['doctor', '--data', file])
  assert.equal(await noFolder.ended, 3)
  assert.match(noFolder.out(), /^✖ data folder: .*\n +Give this user the right/m)
})

test('the doctor gives a system that has just started time to get ready, and says so of one that does not', async () => {
  await using troth = await startTroth({ listen: true, team: false })
  const never = await readinessOf(troth.url, 300)
  assert.equal(never.ready, false)
  assert.match(never.said, /"projection","ready":false/)
  let looking = true
  const looked = readinessOf(troth.url, 120_000).finally(() => {
    looking = false
  })
  await readinessOf(troth.url, 300)
  assert.ok(looking, 'it did not wait')
  troth.store.projection?.start()
  assert.equal((await looked).ready, true)
  assert.equal((await readinessOf('http://127.0.0.1:9', 120_000)).said, 'no answer')
})

test('where a folder is served with a given database, commands without it say so and make no other', async () => {
  await using given = await testDatabase()
  await using data = temporaryData()
  const { host, pathname } = new URL(given.url)
  const where = new RegExp(`the PostgreSQL at \\S+${pathname.slice(1)}\\. Set DATABASE_URL to it`)
  const troth = await data.start([], { DATABASE_URL: given.url })
  await ready(troth)
  for (const command of ['doctor', 'backup', 'migrate']) {
    const run = runCommand([command, '--data', data.folder])
    assert.notEqual(await run.ended, 0, command)
    assert.match(run.out() + run.errors(), where, command)
  }
  assert.equal(existsSync(join(data.folder, 'postgres')), false)
  const told = runCommand(['doctor', '--data', data.folder, '--json'], { DATABASE_URL: given.url })
  assert.equal(await told.ended, 0, told.out())
  assert.match(found(JSON.parse(told.out()) as Examined, 'database'), /given by DATABASE_URL/)
  // What asks the running system needs no database of its own.
  const map = runCommand(['map', '--data', data.folder, '--json'])
  assert.equal(await map.ended, 0, map.errors())
  assert.equal(await troth.interrupt(), 0)

  // Stopped, the folder still remembers.
  const later = runCommand(['backup', '--data', data.folder])
  assert.equal(await later.ended, 2)
  assert.match(later.errors(), /was last used with the PostgreSQL at/)
  assert.doesNotMatch(later.errors(), new RegExp(`${new URL(given.url).username}@|${host}@`))
  assert.equal(existsSync(join(data.folder, 'postgres')), false)
})

test('a folder that nothing is kept in yet stays empty when commands only look', async () => {
  const folder = temporaryFolder('empty')
  try {
    const doctor = runCommand(['doctor', '--data', folder, '--json'])
    assert.equal(await doctor.ended, 0, doctor.out())
    assert.match(
      found(JSON.parse(doctor.out()) as Examined, 'database'),
      /none yet; the first start makes it/,
    )
    const backup = runCommand(['backup', '--data', folder])
    assert.equal(await backup.ended, 4)
    assert.match(backup.errors(), /the first start makes it/)
    assert.deepEqual(readdirSync(folder), [])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

interface Examined {
  ok: boolean
  checks: { name: string; ok: boolean; found: string }[]
}

function found({ checks }: Examined, name: string): string {
  const check = checks.find((each) => each.name === name)
  assert.ok(check, `nothing was said of ${name}`)
  return check.found
}

/** Buyers who looked, ordered, were promised a day, got it then or four days later, and said how it was. */
async function fill(troth: TestTroth): Promise<void> {
  const owner = troth.as('owner')
  const map = await owner('/api/journey/templates/commerce/applying', { method: 'POST' })
  assert.equal(map.status, 200, await map.text())
  const batch = Array.from({ length: buyers }, (_, index) => index + 1).flatMap((number) => {
    const who = { userId: `u${number}` }
    const order = { order_id: `o${number}` }
    const track = (event: string, timestamp: string, properties: object) => ({
      type: 'track',
      ...who,
      event,
      timestamp,
      messageId: `${event} ${number}`,
      properties,
    })
    return [
      {
        type: 'identify',
        ...who,
        messageId: `who ${number}`,
        traits: { email: `buyer${number}@example.org`, name: `Buyer ${number}` },
        timestamp: '2026-01-05T09:00:00Z',
      },
      track('Product Viewed', '2026-01-05T10:00:00Z', { product_id: 'table' }),
      track('Order Completed', '2026-01-06T10:00:00Z', {
        ...order,
        total: 100,
        currency: 'EUR',
        promised_delivery_date: '2026-02-02',
      }),
      track('Order Delivered', number <= late ? '2026-02-06T10:00:00Z' : '2026-02-02T10:00:00Z', order),
      track('Product Reviewed', '2026-02-08T10:00:00Z', {
        rating: number <= late ? 2 : 5,
        ...(number === 1 ? { review_body: 'Too late for the feast' } : {}),
      }),
    ]
  })
  batch.push({
    type: 'track',
    userId: 'u-odd',
    event: 'Something Else Entirely',
    timestamp: '2026-01-05T10:00:00Z',
    messageId: 'odd',
    properties: {},
  })
  const sent = await troth.as('ingest')('/v1/batch', sending('POST', { batch }))
  assert.equal(sent.status, 200, await sent.text())
  await troth.store.jobs.drain()
  await troth.store.projection?.catchUp()
}
