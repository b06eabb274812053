import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Seeded } from './seeded.ts'
import { assertFinite, near, told, untold } from './testing.ts'
import { decisionInterval, watchMean, watchShare } from './watch.ts'

const weekly = { periodsAYear: 52 }

test('the limit is that of the tables: 465 periods apart at five deviations', () => {
  near(decisionInterval(465), 5, 5e-3)
})

test('a share that jumps is noticed within weeks, and the week it began is named', () => {
  const chance = new Seeded(2)
  const weeks = Array.from({ length: 60 }, (_, week) => {
    const n = 150 + chance.below(100)
    return { hits: hits(chance, n, week < 40 ? 0.08 : 0.18), n }
  })
  const { turns, periods } = told(watchShare(weeks, { ...weekly, falseAlarms: 0.1 }))
  assert.equal(turns.length, 1)
  assert.equal(turns[0]?.direction, 'up')
  assert.ok(Math.abs((turns[0]?.since ?? 0) - 40) <= 2, `${turns[0]?.since}`)
  assert.ok((turns[0]?.sure ?? 99) <= 45)
  const before = periods[39]
  assert.ok((before?.low ?? 1) < 0.08 && (before?.high ?? 0) > 0.08 && (before?.high ?? 1) < 0.18)
})

test('one odd week is not a turn', () => {
  const chance = new Seeded(8)
  const weeks = Array.from({ length: 40 }, (_, week) => ({
    mean: week === 20 ? 40 : chance.normal(),
    n: 30,
  }))
  assert.deepEqual(told(watchMean(weeks, weekly)).turns, [])
})

// Each in-control series is two years of weeks in which nothing turns.
const quiet: [string, (chance: Seeded) => ReturnType<typeof watchMean>][] = [
  [
    'shares that differ between weeks beyond counting',
    (chance) =>
      watchShare(
        years(() => {
          const n = 100 + chance.below(400)
          return { hits: hits(chance, n, 1 / (1 + Math.exp(2 - 0.3 * chance.normal()))), n }
        }),
        weekly,
      ),
  ],
  [
    'rare shares',
    (chance) =>
      watchShare(
        years(() => {
          const n = 30 + chance.below(60)
          return { hits: hits(chance, n, 0.02), n }
        }),
        weekly,
      ),
  ],
  [
    'few and skewed ratings',
    (chance) =>
      watchMean(
        years(() => {
          const n = 1 + chance.below(20)
          let sum = 0
          for (let i = 0; i < n; i++) sum += chance.next() < 0.7 ? 5 : 1 + chance.below(4)
          return { mean: sum / n, n }
        }),
        weekly,
      ),
  ],
  [
    'weeks that take after the week before by .3',
    (chance) => {
      let last = chance.normal()
      return watchMean(
        years(() => {
          last = 0.3 * last + Math.sqrt(0.91) * chance.normal()
          return { mean: last, n: 10 }
        }),
        weekly,
      )
    },
  ],
]

for (const [name, series] of quiet)
  test(`fewer false alarms a year than the one it allows itself: ${name}`, () => {
    const chance = new Seeded(21)
    let alarms = 0
    for (let i = 0; i < 150; i++) alarms += told(series(chance)).turns.length
    assert.ok(alarms / 300 < 0.95, `${alarms / 300} a year`)
  })

test('watching sixty series together costs each of them patience', () => {
  const chance = new Seeded(5)
  let alarms = 0
  for (let i = 0; i < 120; i++) {
    const weeks = years(() => ({ mean: chance.normal(), n: 5 }))
    alarms += told(watchMean(weeks, { ...weekly, series: 60 })).turns.length
  }
  // Two years of sixty series twice over: 4 false alarms allowed.
  assert.ok(alarms <= 8, `${alarms}`)
})

test('too little, or nothing that varies, gives the reason or no turn', () => {
  untold(watchShare([], weekly))
  untold(watchShare(Array(20).fill({ hits: 0, n: 0 }), weekly))
  untold(watchMean(Array(7).fill({ mean: 3, n: 4 }), weekly))
  assert.deepEqual(told(watchMean(Array(30).fill({ mean: 3, n: 4 }), weekly)).turns, [])
  assert.deepEqual(told(watchShare(Array(30).fill({ hits: 5, n: 5 }), weekly)).turns, [])
  const gaps = told(
    watchMean([...Array(10).fill({ mean: 3, n: 0 }), ...Array(10).fill({ mean: 3, n: 4 })], weekly),
  )
  assert.equal(gaps.periods[3]?.value, null)
})

test('law: whatever comes, numbers are finite and a turn begins before it is sure', () => {
  const week = fc.record({ hits: fc.nat(30), n: fc.nat(30) })
  fc.assert(
    fc.property(fc.array(week, { minLength: 8, maxLength: 40 }), (weeks) => {
      const found = watchShare(weeks, weekly)
      assertFinite(found)
      if ('cannotTell' in found) return
      for (const { since, sure } of found.turns) assert.ok(since <= sure && sure < weeks.length)
      for (const { low, high } of found.periods) if (low !== null && high !== null) assert.ok(low <= high)
    }),
  )
})

function years<Week>(week: () => Week): Week[] {
  return Array.from({ length: 104 }, week)
}

function hits(chance: Seeded, n: number, share: number): number {
  let found = 0
  for (let i = 0; i < n; i++) if (chance.next() < share) found++
  return found
}
