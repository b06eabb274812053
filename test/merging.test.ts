import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { mergeCustomers, undoMerge } from '#src/customers/customers.ts'
import type { Identity } from '#src/customers/schema.ts'
import { bringIn } from '#src/imports/imports.testing.ts'
import { registerImports } from '#src/imports/imports.ts'
import { recordInteractions } from '#src/interactions/interactions.ts'
import type { Incoming } from '#src/interactions/schema.ts'
import type { Actor } from '#src/lib/http.ts'
import { row, rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'
import { sending, startTroth } from './troth.ts'

const anna: Actor = { kind: 'member', id: 'anna', name: 'Anna', role: 'owner', scopes: [] }
let messages = 0

function event(email: string, more: Partial<Incoming> = {}): Incoming {
  const identity: Identity = { kind: 'email', source: '', value: email }
  const at = new Date(Date.UTC(2026, 2, 1) + messages * 60_000)
  return {
    messageId: `m${messages++}`,
    at,
    receivedAt: at,
    identities: [identity],
    name: 'Support Contacted',
    ...more,
  }
}

/** The whole grouping, and whose life each interaction and identity is in. */
async function picture(store: Store) {
  return {
    customers: await rows(store.db, sql`select id, canonical_id, traits, name from customers order by id`),
    identities: await rows(store.db, sql`select kind, value, customer_id from identities order by 1, 2`),
    lives: await rows(
      store.db,
      sql`
        select i.id, i.customer_id, c.canonical_id
        from interactions i
        join customers c on c.id = i.customer_id
        order by i.id`,
    ),
  }
}

async function owner(store: Store, email: string): Promise<{ id: number; canonical: number }> {
  const found = await row(
    store.db,
    sql<{ id: number; canonical: number }>`
      select c.id, c.canonical_id as canonical
      from identities i
      join customers c on c.id = i.customer_id
      where i.value = ${email}`,
  )
  assert.ok(found)
  return found
}

test('undoing a merge gives back exactly what was there', async () => {
  await using store = await testStore()
  const origin = { source: 'api:1', again: 'keep' } as const
  await recordInteractions(
    store,
    [
      event('a@x.org', { traits: { name: 'Ines' } }),
      event('b@x.org', { traits: { name: 'Inés', city: 'Köln' } }),
    ],
    origin,
  )
  const before = await picture(store)
  const a = await owner(store, 'a@x.org')
  const b = await owner(store, 'b@x.org')
  const merge = await mergeCustomers(store, { survivor: b.id, absorbed: a.id }, anna)
  assert.equal((await owner(store, 'a@x.org')).canonical, b.id)
  assert.deepEqual(await undoMerge(store, merge, anna), [a.id, b.id])
  assert.deepEqual(await picture(store), before)
  await assert.rejects(undoMerge(store, merge, anna), /undone already/)
})

test('after any merges, undos and events in between, undoing all gives everybody back what is theirs', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('merge' as const), a: fc.nat(5), b: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), which: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('event' as const), a: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('both' as const), a: fc.nat(5), b: fc.nat(5) }) },
  )
  const origin = { source: 'api:1', again: 'keep' } as const
  const mail = (n: number) => `p${n}@x.org`
  await using store = await testStore()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      await sql`truncate topic_labels, customers, identities, interactions, merges, receipts, identity_conflicts, standings`.execute(
        store.db,
      )
      await recordInteractions(
        store,
        [0, 1, 2, 3, 4, 5].map((n) => event(mail(n))),
        origin,
      )
      const home = new Map<number, number>()
      for (let n = 0; n < 6; n++) home.set(n, (await owner(store, mail(n))).id)
      const eventOwner = new Map<string, number>()
      let depth: { merge: number; before: unknown }[] = []
      for (const each of steps)
        if (each.do === 'merge') {
          const [a, b] = [await owner(store, mail(each.a)), await owner(store, mail(each.b))]
          if (a.canonical === b.canonical) continue
          const before = await picture(store)
          const merge = await mergeCustomers(
            store,
            { survivor: a.canonical, absorbed: b.canonical, beyondLimits: true },
            anna,
          )
          depth.push({ merge, before })
        } else if (each.do === 'undo') {
          const standing = await rows(
            store.db,
            sql<{ id: number }>`select id from merges where undone_at is null order by id`,
          )
          const chosen = standing[each.which % Math.max(1, standing.length)]
          if (!chosen) continue
          await undoMerge(store, chosen.id, anna)
          const last = depth.at(-1)
          // Right after a merge its undo is exact, to the byte.
          if (last?.merge === chosen.id) assert.deepEqual(await picture(store), last.before)
          depth = []
        } else if (each.do === 'event') {
          const incoming = event(mail(each.a))
          await recordInteractions(store, [incoming], origin)
          eventOwner.set(incoming.messageId, home.get(each.a) ?? 0)
          depth = []
        } else {
          // One event that names both: the rules join them by themselves, or keep a conflict.
          const both = event(mail(each.a))
          both.identities.push({ kind: 'email', source: '', value: mail(each.b) })
          await recordInteractions(store, [both], origin)
          depth = []
        }
      const standing = await rows(
        store.db,
        sql<{ id: number }>`select id from merges where undone_at is null`,
      )
      for (const { id } of standing) await undoMerge(store, id, anna)
      for (const { id, canonical_id } of await rows(
        store.db,
        sql<{ id: number; canonical_id: number }>`select id, canonical_id from customers`,
      ))
        assert.equal(canonical_id, id)
      for (let n = 0; n < 6; n++) assert.equal((await owner(store, mail(n))).canonical, home.get(n))
      const owned = await rows(
        store.db,
        sql<{ customer: number; home: number }>`
          select i.customer_id as customer, c.canonical_id as home
          from interactions i
          join customers c on c.id = i.customer_id`,
      )
      for (const each of owned) assert.equal(each.customer, each.home)
      const perHome = new Map<number, number>()
      for (const at of eventOwner.values()) perHome.set(at, (perHome.get(at) ?? 0) + 1)
      for (const [at, count] of perHome)
        assert.ok(
          owned.filter((each) => each.home === at).length > count,
          'an event stayed with somebody else',
        )
    }),
    { numRuns: 40 },
  )
})

test('a merge marks both for the map, is written down, and is refused beyond the limits unless said', async () => {
  await using store = await testStore()
  const origin = { source: 'api:1', again: 'keep' } as const
  const withUser = (email: string, user: string) =>
    event(email, {
      identities: [
        { kind: 'user_id', source: '', value: user },
        { kind: 'email', source: '', value: email },
      ],
    })
  await recordInteractions(store, [withUser('a@x.org', 'u1'), withUser('b@x.org', 'u2')], origin)
  const a = await owner(store, 'a@x.org')
  const b = await owner(store, 'b@x.org')
  await assert.rejects(mergeCustomers(store, { survivor: a.id, absorbed: b.id }, anna), /2 accounts/)
  await mergeCustomers(store, { survivor: a.id, absorbed: b.id, beyondLimits: true }, anna)
  const dirty = await rows(
    store.db,
    sql<{ id: number }>`select distinct customer_id as id from projection_dirty order by 1`,
  )
  assert.deepEqual(
    dirty.map(({ id }) => id),
    [a.id, b.id],
  )
  const written = await rows(store.db, sql<{ action: string }>`select action from audit`)
  assert.deepEqual(written, [{ action: 'joined' }])
})

test('who joined two customers is named as people know them: a person, a key by its name, an import', async () => {
  await using troth = await startTroth({ register: registerImports })
  const say = async (messageId: string, who: object) => {
    const sent = await troth.as('ingest')(
      '/v1/track',
      sending('POST', { ...who, event: 'Signed In', messageId }),
    )
    assert.equal(sent.status, 200, await sent.text())
  }
  await say('1', { userId: 'u1' })
  await say('2', { anonymousId: 'b1' })
  await say('3', { userId: 'u1', anonymousId: 'b1' })
  await bringIn(troth.store, 'name: crm\nsources: { t: t.csv }\ncustomers: select mail as email from t', {
    't.csv': 'mail\nbo@example.org\n',
  })
  await troth.store.jobs.drain()
  await say('4', { userId: 'u3' })
  await bringIn(
    troth.store,
    'name: old-crm\nsources: { t: t.csv }\ncustomers: select mail as email, id as user_id from t',
    {
      't.csv': 'id,mail\nu3,bo@example.org\n',
    },
  )
  await troth.store.jobs.drain()
  const joined = async () => {
    const answer = await troth.as('member')('/api/merges')
    return ((await answer.json()) as { items: { actor: string }[] }).items.map(({ actor }) => actor)
  }
  assert.deepEqual(await joined(), ['the import “old-crm”', 'the key “Shop”'])
  const one = await owner(troth.store, 'u1')
  const other = await owner(troth.store, 'bo@example.org')
  await mergeCustomers(
    troth.store,
    { survivor: one.canonical, absorbed: other.canonical, reason: 'the same', beyondLimits: true },
    anna,
  )
  assert.deepEqual((await joined())[0], 'Anna')
})
