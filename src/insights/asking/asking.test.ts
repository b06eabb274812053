import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { temporaryFolder, testStore } from '../../store/testing.ts'
import { Asking } from './asking.ts'
import { defineQuestion } from './kind.ts'
import { Runs } from './runs.ts'
import { sheetCsv } from './sheet.ts'
import { counted, statementSchema } from './statement.ts'

const nobodyLeaves = new AbortController().signal

test('who asks what is being counted already waits with the others, and it is counted once', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const slow = slowKind()
  const runs = new Runs(store)
  const both = [
    runs.answer(slow.kind, { of: 'a' }, nobodyLeaves),
    runs.answer(slow.kind, { of: 'a' }, nobodyLeaves),
  ]
  await slow.begun
  assert.deepEqual(
    runs.list().map(({ question, done, words }) => ({ question, done, words })),
    [{ question: 'slow', done: 0.5, words: 'Half' }],
  )
  slow.finish()
  const [one, other] = await Promise.all(both)
  assert.equal(one, other)
  assert.equal(slow.times, 1)
  assert.deepEqual(runs.list(), [])
})

test('an answer is kept until the data or a setting changes', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const slow = slowKind()
  slow.finish()
  const runs = new Runs(store)
  const times = async () => {
    await runs.answer(slow.kind, { of: 'a' }, nobodyLeaves)
    return slow.times
  }
  assert.equal(await times(), 1)
  assert.equal(await times(), 1)
  await sql`insert into audit (actor, action, subject) values ('somebody', 'changed', 'segment')`.execute(
    store.db,
  )
  assert.equal(await times(), 2)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  await store.projection?.catchUp()
  assert.equal(await times(), 3)
})

test('counting stops when nobody waits for it any more, and for everybody when somebody stops it', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const runs = new Runs(store)
  const slow = slowKind()
  const [first, second] = [new AbortController(), new AbortController()]
  const answers = [runs.answer(slow.kind, {}, first.signal), runs.answer(slow.kind, {}, second.signal)].map(
    outcome,
  )
  await slow.begun
  await sleep(100)
  first.abort()
  assert.equal(slow.signal?.aborted, false)
  second.abort()
  assert.equal(slow.signal?.aborted, true)
  assert.equal(await answers[0], 'nobody waits for this answer any more')

  const again = slowKind()
  const stopped = outcome(runs.answer(again.kind, {}, nobodyLeaves))
  await again.begun
  runs.cancel(runs.list()[0]?.id ?? 0)
  assert.match(await stopped, /stopped this count/)
  assert.throws(() => runs.cancel(99), /no count under way 99/)
})

test('a long query is interrupted, on the projection and on the database', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const long = {
    text: 'select count(*) as n from generate_series(1, 100000) a, generate_series(1, 1000000) b',
    values: [],
  }
  for (const where of [store, { ...store, projection: undefined }]) {
    const stop = new AbortController()
    const asking = new Asking(where, stop.signal)
    const asked = asking.rows('Everything', long)
    setTimeout(() => stop.abort(new Error('enough')), 100)
    await assert.rejects(asked, /enough/)
  }
})

test('long arithmetic runs beside everything else, tells how far it is, and can be ended', async () => {
  await using store = await testStore()
  const module = join(temporaryFolder('thinking'), 'sum.ts')
  writeFileSync(
    module,
    `export function sum(values: Float64Array, tell: (done: number, words: string) => void): number {
       tell(0.5, 'Adding')
       return values.reduce((a, b) => a + b, 0)
     }
     export function forever(_: null, tell: (done: number, words: string) => void): void {
       for (;;) tell(0.1, 'Still at it')
     }
     export function fails(): void { throw new Error('no such luck') }`,
  )
  const told: number[] = []
  const asking = new Asking(store, undefined, (progress) => told.push(progress.done))
  const values = Float64Array.of(1, 2, 3)
  assert.equal(await asking.think(pathToFileURL(module), 'sum', values, [values.buffer]), 6)
  assert.deepEqual(told, [0.5])
  assert.equal(values.length, 0)
  await assert.rejects(asking.think(pathToFileURL(module), 'fails', null), /no such luck/)
  const stop = new AbortController()
  const endless = new Asking(store, stop.signal).think(pathToFileURL(module), 'forever', null)
  setTimeout(() => stop.abort(new Error('enough')), 100)
  await assert.rejects(endless, /enough/)
})

test('a thread that was let go of is taken again, with all that it had read; one that was ended is not', async () => {
  await using store = await testStore()
  const module = join(temporaryFolder('thinking'), 'count.ts')
  writeFileSync(
    module,
    `let n = 0
     export function count(): number { return ++n }
     export function forever(): void { for (;;) {} }`,
  )
  const where = pathToFileURL(module)
  const asking = new Asking(store)
  assert.equal(await asking.think(where, 'count', null), 1)
  const again = asking.thinker(where)
  const other = asking.thinker(where)
  assert.deepEqual(await Promise.all([again.think('count', null), again.think('count', null)]), [2, 3])
  assert.equal(await other.think('count', null), 1)
  await other.stop()
  const endless = again.think('forever', null)
  await again.stop()
  await assert.rejects(endless, /was stopped/)
  assert.equal(await asking.think(where, 'count', null), 2)
})

test('columns are the same numbers from either engine', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const question = {
    text: 'select cast(g as integer) as n, case when g > 2 then cast(g as double precision) / 2 end as half, g > 1 as much from generate_series(1, 3) as s(g) order by g',
    values: [],
  }
  for (const where of [store, { ...store, projection: undefined }]) {
    const columns = await new Asking(where).columns('Three', question, ['n', 'half', 'much'])
    assert.deepEqual([...(columns['n'] ?? [])], [1, 2, 3])
    assert.deepEqual([...(columns['half'] ?? [])], [Number.NaN, Number.NaN, 1.5])
    assert.deepEqual([...(columns['much'] ?? [])], [0, 1, 1])
  }
})

test('the SQL behind a number can be run as it is', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const asking = new Asking(store)
  await asking.rows('Sales', {
    text: '\n      select $1::bigint as a,\n        $2::bigint as b',
    values: [-7, null],
  })
  assert.deepEqual(asking.queries, [{ about: 'Sales', sql: 'select -7::bigint as a,\n  null::bigint as b' }])
})

test('a table for spreadsheets quotes what needs it and disarms formulas', () => {
  const text = sheetCsv({
    name: 'a',
    title: 'A',
    columns: [
      { name: 'words', title: 'Words' },
      { name: 'n', title: 'N', unit: 'count' },
    ],
    rows: [['=1+1, "so"', null]],
  })
  assert.equal(text, 'words,n\r\n"\'=1+1, ""so""",\r\n')
})

function outcome(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'counted',
    (error: Error) => error.message,
  )
}

function slowKind() {
  const begun = Promise.withResolvers<void>()
  const finished = Promise.withResolvers<void>()
  const seen: { times: number; signal: AbortSignal | undefined } = { times: 0, signal: undefined }
  const kind = defineQuestion({
    name: 'slow',
    title: 'Slow',
    summary: 'Takes its time',
    asked: z.object({}),
    answer: z.object({ statements: z.array(statementSchema) }),
    async answering(asking) {
      seen.times++
      seen.signal = asking.signal
      asking.progress(0.5, 'Half')
      begun.resolve()
      await Promise.race([
        finished.promise,
        new Promise((_, reject) => {
          asking.signal.addEventListener('abort', () => reject(asking.signal.reason as Error))
        }),
      ])
      return { statements: [counted('Done.')] }
    },
    sheets: () => [],
  })
  return {
    kind,
    begun: begun.promise,
    finish: finished.resolve,
    get times() {
      return seen.times
    },
    get signal() {
      return seen.signal
    },
  }
}
