import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Actor, Role } from '../../lib/http.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { effects } from './effects.ts'
import type { Effects } from './schema.ts'

test('an answer judges only what had happened when it was given', async () => {
  await using store = await company()
  // due on the 20th: came in time, came late, never came
  await promise(store, 1, {
    came: '2026-03-18',
    rated: [
      ['2026-03-10', 4],
      ['2026-03-19', 5],
    ],
  })
  await promise(store, 2, {
    came: '2026-03-28',
    rated: [
      ['2026-03-24', 1],
      ['2026-04-02', 4],
    ],
  })
  await promise(store, 3, {
    came: null,
    rated: [
      ['2026-03-30', 1],
      ['2026-08-01', 2],
    ],
  })
  // moved to the 30th on the 15th: on the 24th nothing was overdue
  await promise(store, 4, {
    came: '2026-03-28',
    due: '2026-03-30',
    moved: '2026-03-15',
    rated: [['2026-03-24', 3]],
  })
  const answer = await ask(store)
  assert.deepEqual(
    answer.moments.flatMap(({ moment, endings }) =>
      endings.map(({ ending, rating }) => [moment, ending, rating.n, rating.value]),
    ),
    [
      ['in time', 'came in time', 1, 5],
      ['not due yet', 'came in time', 2, 3.5],
      ['came late', 'came late', 1, 4],
      ['still waiting', 'came late', 1, 1],
      ['never came', 'never came', 2, 1.5],
    ],
  )
  assert.deepEqual([answer.counts.kept, answer.counts.late, answer.counts.neverCame], [2, 1, 1])
  // held against the first word, what we moved came late
  const first = await ask(store, { word: 'first' })
  assert.deepEqual([first.counts.kept, first.counts.late], [1, 2])
  // one late answer against one in time is never told as a difference
  assert.deepEqual(
    answer.comparisons.map(({ raw, adjusted }) => [raw, adjusted]),
    [
      [null, null],
      [null, null],
    ],
  )
  assert.ok(answer.statements.every((each) => !/NaN|null|undefined|Infinity/.test(each.text)))
})

test('coming back counts from when it came, another purchase only, and only of those followed for long enough', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 40; customer++) {
    const late = customer % 2 === 0
    await promise(store, customer, { came: late ? '2026-03-28' : '2026-03-18' })
    // while waiting; that is no coming back
    if (customer % 5 === 0) await purchase(store, customer, '2026-03-10')
    if (customer % (late ? 4 : 3) === 0) await purchase(store, customer, '2026-04-20')
  }
  await promise(store, 41, { came: '2026-07-25' })
  await step(store, 42, '2026-08-01')
  const answer = await ask(store, { horizon: 60 })
  const back = answer.comparisons.find(({ outcome }) => outcome === 'cameBack')
  assert.deepEqual([back?.of.n, back?.of.value, back?.against.n, back?.against.value], [20, 0.5, 20, 0.35])
  assert.equal(answer.counts.tooRecent, 1)
})

test('whoever made promises is named only when asked for, to themselves and to managers, and never ranked', async () => {
  await using store = await company()
  await people(store)
  const named = async (actor: Actor | null, people?: 'true') => {
    const answer = await ask(store, people ? { people } : {}, actor)
    return answer.people.map(({ name, held }) => [name, held.n])
  }
  const unasked = await ask(store, {}, member('o', 'Olga', 'owner'))
  assert.doesNotMatch(JSON.stringify(unasked), /Anna|Zoe|Cleo/)
  assert.deepEqual(
    unasked.sources.map(({ kind, name, held }) => [kind, name, held.n]),
    [['person', null, 85]],
  )
  // Zoe keeps more than Anna and still comes after her; five are too few to be shown
  const all = await ask(store, { people: 'true' }, member('o', 'Olga', 'owner'))
  assert.deepEqual(
    all.people.map(({ name }) => name),
    ['Anna', 'Zoe'],
  )
  assert.equal(all.fewPeople, 1)
  assert.deepEqual(await named(member('z', 'Zoe', 'member'), 'true'), [['Zoe', 40]])
  assert.deepEqual(await named(member('v', 'Vera', 'viewer'), 'true'), [])
  assert.deepEqual(
    await named({ kind: 'key', id: '1', name: 'Zoe', role: null, scopes: ['read'] }, 'true'),
    [],
  )
  assert.deepEqual(await named(null, 'true'), [])
  // a second Zoe: nobody knows which of them it was
  await sql`insert into auth.member (id, name, email, role) values ('y', 'zoe ', 'y@x.example', 'member')`.execute(
    store.db,
  )
  assert.deepEqual(await named(member('z', 'Zoe', 'member'), 'true'), [])
})

test('a place that says what does not hold is found among equals; too few are counted and not compared', async () => {
  await using store = await company()
  await sql`
    insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 300) g`.execute(store.db)
  await sql`
    insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, first_due_at, due_at,
      came_at, gap, first_gap, told_before, source_kind, source_name)
    select g, 1, 'o', 'by then', 'us', 'days', case when late then 'broken' else 'kept' end, '2026-03-01', '2026-03-20', '2026-03-20',
      case when late then timestamptz '2026-03-25' else '2026-03-18' end, case when late then 5 else -2 end,
      case when late then 5 else -2 end, case when late then false end, kind, name
    from (
      select g, kind, name, g % 10 < case name when 'Autumn' then 6 else 2 end as late
      from generate_series(1, 300) g
      cross join lateral (
        select case when g > 295 then 'page' else 'ad' end as kind, case when g > 295 then null when g <= 150 then 'Autumn' else 'Spring' end as name
      ) said
    ) made`.execute(store.db)
  const answer = await ask(store)
  const of = (name: string | null) => answer.sources.find((source) => source.name === name)
  assert.deepEqual([of('Autumn')?.held.value, of('Spring')?.held.value], [0.4, 0.8])
  assert.ok(of('Autumn')?.adjusted?.tells && (of('Autumn')?.adjusted?.value ?? 0) < -0.3)
  assert.deepEqual([of(null)?.held.n, of(null)?.held.value, of(null)?.adjusted], [5, null, null])
  assert.match(
    answer.statements.map(({ text }) => text).join('\n'),
    /“Autumn” \(an ad\) says holds 40 times in 100/,
  )
})

test('without a promise, or without an end to one, it says so', async () => {
  await using store = await company()
  const none = await ask(store)
  assert.deepEqual(
    none.statements.map(({ claim }) => claim),
    ['counted'],
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  await sql`insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, first_due_at, due_at)
    values (1, 1, 'o', 'by then', 'us', 'days', 'open', '0001-01-03', '9999-12-01', '9999-12-01')`.execute(
    store.db,
  )
  const open = await ask(store)
  assert.match(open.statements[0]?.text ?? '', /was made once and has not been decided yet/)
  assert.ok(open.statements.every((each) => !/NaN|null|undefined|Infinity/.test(each.text)))
  await assert.rejects(ask(store, { rule: 99 }), /no promise 99/)
})

async function ask(store: TestStore, asked: object = {}, actor: Actor | null = null): Promise<Effects> {
  await store.projection?.catchUp()
  const asking = new Asking(store, undefined, undefined, actor)
  return (await effects.answering(asking, effects.asked.parse(asked))) as Effects
}

async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Use', 'after', 1)`.execute(store.db)
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values (1, 1, 'Review', 1, 'customer', 'say')`.execute(
    store.db,
  )
  return store
}

/** Said on 1 March for the 20th, about a purchase of that day. */
async function promise(
  store: TestStore,
  who: number,
  given: { came: string | null; due?: string; moved?: string; rated?: [string, number][] },
): Promise<void> {
  const { came, due = '2026-03-20', moved, rated = [] } = given
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (${who}, ${who}, now(), now())`.execute(
    store.db,
  )
  await sql`insert into purchases (id, customer_id, key, state, sold_at, value_minor)
    values (${1000 + who}, ${who}, ${`p${who}`}, 'sold', '2026-03-01T12:00:00Z', 10000)`.execute(store.db)
  const days = (from: string) => (came === null ? null : (Date.parse(came) - Date.parse(from)) / 86_400_000)
  const late = came === null || came > due
  await sql`insert into expectations (id, customer_id, rule_id, purchase_id, opening, statement, stated_by, dimension, state, awaited, opened_at,
      first_due_at, due_at, came_at, decided_at, gap, first_gap, told_before, told_at)
    values (${who}, ${who}, 1, ${1000 + who}, 'o', 'by then', 'us', 'days', ${late ? 'broken' : 'kept'}, ${came === null},
      '2026-03-01T12:00:00Z', '2026-03-21', ${due}::date + 1, ${came}, ${came ?? due}, ${days(due)}, ${days('2026-03-20')},
      ${came === null || came > '2026-03-20' ? moved !== undefined : null}, ${moved ?? null})`.execute(
    store.db,
  )
  if (moved)
    await sql`insert into expectation_moves (customer_id, expectation_id, at, due_at, moved_by)
      values (${who}, ${who}, ${moved}, ${due}::date + 1, 'us')`.execute(store.db)
  for (const [day, stars] of rated)
    await sql`insert into interactions (customer_id, at, name, source, touchpoint_id, purchase_id, experience, evidence)
      values (${who}, ${`${day}T12:00:00Z`}, 'Review', 't', 1, ${1000 + who}, ${(stars - 3) * 50}, 1)`.execute(
      store.db,
    )
}

async function purchase(store: TestStore, who: number, day: string): Promise<void> {
  await sql`insert into purchases (customer_id, key, state, sold_at) values (${who}, gen_random_uuid()::text, 'sold', ${`${day}T12:00:00Z`})`.execute(
    store.db,
  )
}

async function step(store: TestStore, who: number, day: string): Promise<void> {
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (${who}, ${who}, now(), now())`.execute(
    store.db,
  )
  await sql`insert into interactions (customer_id, at, name, source) values (${who}, ${`${day}T12:00:00Z`}, 'Visit', 't')`.execute(
    store.db,
  )
}

/** Forty promises by Anna, forty by Zoe, five by Cleo; Olga owns the company. */
async function people(store: TestStore): Promise<void> {
  await sql`insert into auth.member (id, name, email, role) values
    ('o', 'Olga', 'o@x.example', 'owner'), ('z', 'Zoe', 'z@x.example', 'member'), ('v', 'Vera', 'v@x.example', 'viewer')`.execute(
    store.db,
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 85) g`.execute(store.db)
  await sql`
    insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, first_due_at, due_at,
      came_at, gap, first_gap, told_before, source_kind, source_name)
    select g, 1, 'o', 'by then', 'us', 'days', case when late then 'broken' else 'kept' end, '2026-03-01', '2026-03-20', '2026-03-20',
      case when late then timestamptz '2026-03-25' else '2026-03-18' end, case when late then 5 else -2 end,
      case when late then 5 else -2 end, case when late then false end, 'person',
      case when g <= 40 then 'Anna' when g <= 80 then 'Zoe' else 'Cleo' end
    from (select g, g % 10 < case when g <= 40 then 5 else 2 end as late from generate_series(1, 85) g) made`.execute(
    store.db,
  )
}

function member(id: string, name: string, role: Role): Actor {
  return { kind: 'member', id, name, role, scopes: [] }
}
