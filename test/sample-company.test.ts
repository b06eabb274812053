import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { printFindings, readFindings } from '#src/insights/insights.ts'
import { recordInteractions } from '#src/interactions/interactions.ts'
import { registerJourney } from '#src/journey/journey.ts'
import { loadSample, removeSample } from '#src/sample/sample.ts'
import { row } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'
import { registerValidation } from '#src/validation/validation.ts'

const rooms = (store: Store) => {
  registerJourney(store)
  registerExpectations(store)
  registerValidation(store)
}
const settle = (store: Store) => store.jobs.drain()

interface Tally {
  interactions: number
  customers: number
  purchases: number
  broken: number
  standings: number
  touchpoints: number
}
async function tally(store: Store): Promise<Tally> {
  const found = await row(
    store.db,
    sql<Tally>`
      select (select count(*)::integer from interactions) as interactions,
        (select count(*)::integer from customers) as customers,
        (select count(*)::integer from purchases) as purchases,
        (select count(*)::integer from expectations where state = 'broken') as broken,
        (select count(*)::integer from standings) as standings,
        (select count(*)::integer from touchpoints) as touchpoints`,
  )
  assert.ok(found)
  return found
}

test('the sample company is loaded once, whatever interrupts it, and can be taken away again', async () => {
  await using store = await testStore(rooms)

  // interrupted after the second batch, then taken up again
  const stop = new AbortController()
  let batches = 0
  await loadSample(store, {
    customers: 900,
    settle,
    signal: stop.signal,
    onProgress: ({ step }) => {
      if (step === 'events' && ++batches === 2) stop.abort()
    },
  })
  const half = await tally(store)
  assert.ok(half.interactions > 2_000 && half.interactions < 6_000, `${half.interactions} when interrupted`)
  const steps: string[] = []
  await loadSample(store, { settle, onProgress: ({ step }) => steps.push(step) })
  assert.equal(steps.at(-1), 'done')
  const whole = await tally(store)
  assert.ok(whole.interactions > 9_000, `${whole.interactions} interactions`)
  assert.ok(whole.broken > 40 && whole.purchases > 300 && whole.standings > 700, JSON.stringify(whole))

  await loadSample(store, { settle })
  assert.deepEqual(await tally(store), whole, 'a second load adds nothing')

  const findings = await readFindings(store)
  const promise = findings.find(({ id }) => id === 'promise')
  assert.match(
    promise?.sentence ?? '',
    /^You say 6 weeks\. You keep it \d+ times in 100 \(\d+ to \d+\)\. To keep it/,
  )
  assert.equal(promise?.claim, 'counted')
  assert.match(findings.find(({ id }) => id === 'left-alone')?.sentence ?? '', /We looked at .*mail.*\.$/)
  const page = printFindings(findings, 60)
  for (const line of page.split('\n')) assert.ok(line.length <= 60, line)

  await removeSample(store)
  const after = await tally(store)
  assert.deepEqual(after, {
    interactions: 0,
    customers: 0,
    purchases: 0,
    broken: 0,
    standings: 0,
    touchpoints: 0,
  })
  assert.deepEqual(await readFindings(store), [])
})

test('it does not mix with customers of your own', async () => {
  await using store = await testStore(rooms)
  const at = new Date('2026-05-01T10:00:00Z')
  await recordInteractions(
    store,
    [
      {
        messageId: '1',
        at,
        receivedAt: at,
        identities: [{ kind: 'user_id', source: '', value: 'own' }],
        name: 'Order Completed',
      },
    ],
    { source: 'api:1', again: 'keep' },
  )
  await assert.rejects(loadSample(store, { customers: 10, settle }), /customers of your own/)
  await assert.rejects(removeSample(store), /no sample company/)
  assert.equal((await tally(store)).interactions, 1)
})
