import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { registerCustomers } from '#src/customers/customers.ts'
import { customersRoutes } from '#src/customers/routes.ts'
import type { Identity } from '#src/customers/schema.ts'
import { recordInteractions } from '#src/interactions/interactions.ts'
import type { Incoming } from '#src/interactions/schema.ts'
import { routesAs } from '#src/lib/http-testing.ts'
import { backUp } from '#src/store/backup.ts'
import { row, rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'
import { recordVoices } from '#src/voices/voices.ts'

const origin = { source: 'api:1', again: 'keep' } as const
// Not found anywhere by accident.
const email = 'quintessa.vandermolen@zwaluwnest.example'
const phone = '+31201234599'
const name = 'Quintessa Vandermolen'
const userId = 'crm-zwaluw-88123'
const order = 'HO-ZWALUW-4711'
const words = 'The zwaluwkastje drawer sticks, and nobody rings back.'
const strings = [email, phone, name, userId, order, 'zwaluwkastje', 'Zwaluwlaan 12', 'zwaluw']

const of = (kind: Identity['kind'], value: string): Identity => ({ kind, source: '', value })
let messages = 0
function event(identities: Identity[], more: Partial<Incoming>): Incoming {
  const at = new Date(Date.UTC(2026, 1, 1) + messages * 3_600_000)
  return { messageId: `m${messages++}`, at, receivedAt: at, identities, ...more }
}

async function live(store: Store): Promise<{ erased: number; other: number }> {
  const [first] = await recordInteractions(
    store,
    [
      event([of('user_id', userId), of('email', email), of('phone', phone)], {
        traits: { name, street: 'Zwaluwlaan 12', email: email.toUpperCase() },
        name: 'Order Completed',
        properties: { order_id: order, total: 2340 },
      }),
      event([of('user_id', userId)], { name: 'Support Contacted', words }),
      event([of('user_id', userId)], {
        name: 'Note Added',
        words: 'zwaluw: confidential',
        restrictedTo: 'owner',
      }),
    ],
    origin,
  )
  // Enough others that the planner keeps statistics, with values that mention her.
  const others = Array.from({ length: 40 }, (_, n) =>
    event([of('email', `other${n}@example.org`)], {
      name: 'Referral Made',
      properties: { referred: n === 0 ? userId : `u${n}`, mail: n === 1 ? `to ${email}.` : '' },
    }),
  )
  const [other] = await recordInteractions(store, others, origin)
  assert.ok(first && 'customerId' in first && other && 'customerId' in other)
  const erased = first.customerId
  await sql`
    insert into standings (customer_id, state, last_words) values (${erased}, 'doubting', ${words})
    on conflict (customer_id) do update set last_words = excluded.last_words`.execute(store.db)
  await sql`
    insert into expectations (customer_id, opening, statement, stated_by, dimension, state, opened_at)
    values (${erased}, '1', 'zwaluwkastje by Friday', 'us', 'days', 'open', now())`.execute(store.db)
  const made = await row(
    store.db,
    sql<{ id: number }>`
      insert into imports (name, recipe, source, folder, state) values ('spring', 'r', 's', 'spring', 'done') returning id`,
  )
  await sql`
    insert into import_rejects (import_id, line, file, reason, row)
    values (${made?.id}, 3, 'a.csv', 'no date', ${JSON.stringify({ who: name, mail: email })}::jsonb),
      (${made?.id}, 4, 'a.csv', 'no date', '{"who":"somebody else"}')`.execute(store.db)
  await sql`
    insert into audit (actor, action, subject, details)
    values ('member:1', 'changed', 'purchase', ${JSON.stringify({ key: order })}::jsonb)`.execute(store.db)
  await sql`
    insert into idempotency_keys (key, actor, request_hash, response)
    values ('k', 'a', 'h', ${JSON.stringify({ email })}::jsonb)`.execute(store.db)
  await sql`
    insert into segments (name, rule) values ('One', ${JSON.stringify({ about: 'trait', trait: 'email', is: 'equals', value: email })}::jsonb)`.execute(
    store.db,
  )
  await recordVoices(
    store,
    [{ at: new Date(), source: 'Google', words: `Ask ${email} about it`, properties: {} }],
    { source: 'x' },
  )
  // The database server writes broken rules, with their values, into its log.
  await assert.rejects(
    sql`insert into identities (kind, value, customer_id) values ('email', ${email}, 1)`.execute(store.db),
  )
  await sql`analyze`.execute(store.db)
  mkdirSync(join(store.dataFolder, 'imports/spring/files'), { recursive: true })
  mkdirSync(join(store.dataFolder, 'imports/other/files'), { recursive: true })
  writeFileSync(join(store.dataFolder, 'imports/spring/files/a.csv'), `name;mail\n${name};x\n`, 'utf16le')
  writeFileSync(join(store.dataFolder, 'imports/other/files/b.csv'), 'name\nSomebody Else\n')
  return { erased, other: other.customerId }
}

/** Files below a folder that hold one of the strings, in UTF-8 or UTF-16, whatever the case. */
function holding(folder: string): string[] {
  const wanted = strings.flatMap((text) => [
    Buffer.from(text.toLowerCase()).toString('latin1'),
    Buffer.from(text.toLowerCase(), 'utf16le').toString('latin1'),
  ])
  const found: string[] = []
  for (const file of filesBelow(folder)) {
    const text = unlessGone(() => readFileSync(file).toString('latin1').toLowerCase()) ?? ''
    for (const word of wanted) if (text.includes(word)) found.push(`${relative(folder, file)}: ${word}`)
  }
  return found
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [])
    if (entry.isDirectory()) yield* filesBelow(join(folder, entry.name))
    else if (entry.isFile()) yield join(folder, entry.name)
}

/** The server deletes files and folders while we look. */
function unlessGone<Result>(look: () => Result): Result | undefined {
  try {
    return look()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}

test('an erased person is in no byte of any store, and no import brings them back', async (t) => {
  await using store = await testStore(registerCustomers)
  const { erased, other } = await live(store)
  const cluster = await row(
    store.db,
    sql<{ folder: string }>`select current_setting('data_directory') as folder`,
  )
  const folder = cluster?.folder ?? ''
  let local = true
  try {
    readdirSync(folder)
  } catch {
    local = false
  }
  await sql`checkpoint`.execute(store.db)
  if (local) {
    const before = holding(folder)
    // The search sees what it is meant to see.
    // Where the log of a given server lies, only its keeper knows.
    const logs = existsSync(join(folder, 'server.log')) ? ['server.log'] : []
    for (const place of ['base/', 'pg_wal/', ...logs])
      assert.ok(
        before.some((file) => file.startsWith(place)),
        `nothing found in ${place} beforehand`,
      )
  }
  assert.ok(holding(store.dataFolder).length > 0)
  mkdirSync(join(store.dataFolder, 'backups'))
  await backUp(store.pool, join(store.dataFolder, 'backups/troth-before.tar.gz'), { keepDays: 30 })

  const app = routesAs(customersRoutes(store), 'owner')
  const send = (confirm: string) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ confirm }),
  })
  assert.equal((await app.request(`/api/customers/${erased}/erasure`, send('someone'))).status, 400)
  const response = await app.request(`/api/customers/${erased}/erasure`, send(name))
  assert.equal(response.status, 202, await response.clone().text())
  // A backup under way still sees the customer: what it sees is not let go of until it has ended.
  const seeing = await store.pool.connect()
  await seeing.query('begin isolation level repeatable read')
  await seeing.query('select 1')
  const erasing = store.jobs.drain()
  await sleep(1_500)
  await seeing.query('commit')
  seeing.release()
  await erasing
  interface Reply {
    finishedAt: string | null
    report: {
      logCleared: boolean
      files: number
      backups: { file: string; expiresAt: string }[]
      projectionRebuilt: boolean
    }
  }
  const { items } = (await (await app.request('/api/erasures')).json()) as { items: Reply[] }
  const [erasure] = items
  assert.ok(erasure?.finishedAt)
  assert.equal(erasure.report.projectionRebuilt, true)
  assert.equal(erasure.report.files, 1)
  assert.equal(erasure.report.backups[0]?.file, 'troth-before.tar.gz')
  assert.match(erasure.report.backups[0]?.expiresAt ?? '', /^20/)

  assert.deepEqual(holding(store.dataFolder), [])
  if (local && erasure.report.logCleared) assert.deepEqual(holding(folder), [])
  else
    t.diagnostic('the bytes of the database server were not searched: it runs elsewhere, or not as superuser')

  assert.equal((await app.request(`/api/customers/${erased}/personal-data`)).status, 404)
  const again = await recordInteractions(
    store,
    [
      event([of('email', email)], { name: 'Viewed Home' }),
      event([of('order', order)], { name: 'Order Delivered' }),
      event([of('email', 'other0@example.org')], { name: 'Viewed Home' }),
    ],
    origin,
  )
  assert.deepEqual(
    again.map(({ status }) => status),
    ['rejected', 'rejected', 'created'],
  )
  const kept = await rows(
    store.db,
    sql<{
      properties: object
    }>`select properties from interactions where customer_id = ${other} order by id limit 1`,
  )
  assert.deepEqual(kept[0]?.properties, { referred: 'erased', mail: '' })
  assert.equal((await rows(store.db, sql`select 1 from import_rejects`)).length, 1)
})

test('what is kept about a person is handed out in full, restricted words only to who may read them', async () => {
  await using store = await testStore()
  const { erased } = await live(store)
  const path = `/api/customers/${erased}/personal-data`
  const owner = await (await routesAs(customersRoutes(store), 'owner').request(path)).text()
  for (const text of strings)
    assert.ok(owner.toLowerCase().includes(text.toLowerCase()), `${text} is missing`)
  assert.ok(owner.includes('zwaluw: confidential'))
  const manager = await (await routesAs(customersRoutes(store), 'manager').request(path)).text()
  assert.ok(!manager.includes('zwaluw: confidential'))
  assert.equal((await routesAs(customersRoutes(store), 'member').request(path)).status, 403)
  const refused = await routesAs(customersRoutes(store), 'manager').request(
    `/api/customers/${erased}/erasure`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"confirm":"x"}',
    },
  )
  assert.equal(refused.status, 403)
})
