import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultRules, factKinds } from './schema.ts'
import { type Evidence, stand } from './stand.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const at = (days: number) => start + days * day
const now = at(100)
const sale: Evidence = { kind: 'sale', at: at(0), key: 'A', what: 'oak table', value: 234000, unit: 'EUR' }
const rating = (days: number, value: number): Evidence => ({ kind: 'rating', at: at(days), value })
const stateOf = (...facts: Evidence[]) => stand(facts, defaultRules, now).state

test('who has not bought is courted, whatever they say', () => {
  assert.equal(stateOf(), 'courting')
  assert.equal(stateOf(rating(1, 100)), 'courting')
  assert.equal(stateOf({ kind: 'referral', at: at(2) }), 'courting')
})

test('a sale proves our effort, not their choice', () => {
  assert.equal(stateOf(sale), 'unproven')
  assert.equal(stateOf(rating(-3, 100), sale), 'unproven')
  assert.equal(stateOf(sale, { kind: 'care', at: at(9) }), 'unproven')
})

test('a good answer, buying again, renewing or two kept promises confirm the choice', () => {
  assert.equal(stateOf(sale, rating(5, 50)), 'validated')
  assert.equal(stateOf(sale, { ...sale, at: at(30), key: 'B' }), 'validated')
  assert.equal(stateOf(sale, { kind: 'renewal', at: at(30) }), 'validated')
  const kept: Evidence = { kind: 'kept', at: at(9), key: 'p1', what: 'Delivery on 10 January' }
  assert.equal(stateOf(sale, kept), 'unproven')
  assert.equal(stateOf(sale, kept, { ...kept, key: 'p2', at: at(11) }), 'validated')
})

test('something bad puts the choice in doubt until something good comes after it', () => {
  assert.equal(stateOf(sale, rating(5, -50)), 'doubting')
  assert.equal(stateOf(sale, rating(5, -50), rating(8, 50)), 'validated')
  assert.equal(stateOf(sale, rating(5, 50), rating(8, -50)), 'doubting')
  assert.equal(stateOf(sale, rating(5, -50), rating(8, 0)), 'doubting')
  assert.equal(stateOf(sale, { kind: 'complaint', at: at(4) }), 'doubting')
  assert.equal(stateOf(sale, { kind: 'return', at: at(4) }), 'doubting')
})

test('a broken promise weighs until it is made good', () => {
  const broken: Evidence = { kind: 'broken', at: at(9), key: 'p1', value: 4, unit: 'days' }
  assert.equal(stateOf(sale, broken), 'doubting')
  assert.equal(stateOf(sale, broken, { kind: 'mended', at: at(12), key: 'p1' }), 'unproven')
  assert.equal(stateOf(sale, broken, { kind: 'mended', at: at(12), key: 'another' }), 'doubting')
})

test('three calls for help in a month are a doubt, three in a year are not', () => {
  const calls = (...days: number[]) => days.map((each): Evidence => ({ kind: 'help', at: at(each) }))
  assert.equal(stateOf(sale, ...calls(3, 4, 5)), 'doubting')
  assert.equal(stateOf(sale, ...calls(3, 40, 80)), 'unproven')
})

test('a cancelled purchase, a missed renewal or a year of doubt lose the customer', () => {
  const cancelled: Evidence = { kind: 'cancellation', at: at(3), key: 'A' }
  assert.equal(stateOf(sale, cancelled), 'lost')
  assert.equal(stateOf(sale, { ...sale, at: at(1), key: 'B' }, cancelled), 'validated')
  assert.equal(stateOf(sale, cancelled, { ...sale, at: at(9), key: 'B' }), 'validated')
  assert.equal(stateOf(sale, { kind: 'renewal_missed', at: at(50) }), 'lost')
  assert.equal(stateOf(sale, { kind: 'renewal_missed', at: at(50) }, rating(60, 100)), 'lost')
  const doubted = [sale, rating(5, -100)]
  assert.deepEqual(stand(doubted, defaultRules, at(369)).state, 'doubting')
  const lost = stand(doubted, defaultRules, at(371))
  assert.deepEqual([lost.state, lost.since], ['lost', at(370)])
})

test('who brings others is an advocate, unless they have come to doubt', () => {
  const referral: Evidence = { kind: 'referral', at: at(20), what: 'Elena' }
  assert.equal(stateOf(sale, referral), 'advocate')
  assert.equal(stateOf(sale, referral, rating(30, -100)), 'doubting')
})

test('a confirmation wears off after two years', () => {
  const facts = [sale, rating(5, 100)]
  const standing = stand(facts, defaultRules, now)
  assert.equal(standing.changesAt, at(5 + 730))
  assert.equal(stand(facts, defaultRules, at(5 + 730)).state, 'unproven')
  assert.equal(stand(facts, { ...defaultRules, confirmedForDays: 0 }, at(3000)).state, 'validated')
})

test('the facts that decided come first and say so', () => {
  const { facts } = stand(
    [sale, rating(4, 100), { kind: 'broken', at: at(9), key: 'p', what: 'Delivery on Thursday' }],
    defaultRules,
    now,
  )
  assert.deepEqual(
    facts.map((fact) => [fact.kind, fact.decided, fact.speaks]),
    [
      ['broken', true, 'against'],
      ['rating', false, 'for'],
      ['sale', false, 'neither'],
    ],
  )
})

const someEvidence = fc.array(
  fc.record({
    kind: fc.constantFrom(...factKinds),
    at: fc.integer({ min: 0, max: 40 }).map((each) => at(each * 30)),
    value: fc.constantFrom(-100, -50, 0, 50, 100),
    key: fc.constantFrom('A', 'B', 'C'),
  }),
  { maxLength: 14 },
)
const someRules = fc.record({
  keptPromises: fc.integer({ min: 0, max: 3 }),
  brokenPromises: fc.integer({ min: 0, max: 2 }),
  lostAfterDays: fc.constantFrom(0, 100, 365),
  confirmedForDays: fc.constantFrom(0, 200, 730),
  impressions: fc.boolean(),
})

test('the same facts in any order give the same standing', () => {
  fc.assert(
    fc.property(
      someEvidence.chain((facts) =>
        fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
      ),
      someRules,
      ([facts, shuffled], rules) => {
        const all = { ...defaultRules, ...rules }
        assert.deepEqual(stand(shuffled, all, at(900)), stand(facts, all, at(900)))
      },
    ),
  )
})

test('a standing holds until the time it names, and no longer', () => {
  fc.assert(
    fc.property(someEvidence, someRules, fc.integer({ min: 0, max: 1200 }), (facts, rules, days) => {
      const all = { ...defaultRules, ...rules }
      const here = stand(facts, all, at(days))
      const later = here.changesAt
      if (later === null) {
        assert.equal(stand(facts, all, at(100_000)).state, here.state)
        return
      }
      assert.ok(later > at(days))
      assert.equal(stand(facts, all, later - 1).state, here.state)
      const comes = facts.some((fact) => fact.at === later)
      if (!comes) assert.notEqual(stand(facts, all, later).state, here.state)
    }),
  )
})
