import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sigmoid } from '../stats/logistic.ts'
import { Seeded } from '../stats/seeded.ts'
import { fitScore } from './fit.ts'
import { type ComingBack, landmarksOf, type Past } from './landmarks.ts'
import { defaultModel, ledgerOf, logOddsOf, type ScoreModel } from './score.ts'

const dayMs = 86_400_000
const asOf = Date.UTC(2026, 0, 1)

interface Life {
  /** [days before the end of the record, value, whether it was said] */
  pieces: [number, number, boolean?][]
  /** [days before the end, minor units] */
  sales: [number, number?][]
  returns?: [number, number?][]
}

function past(lives: Life[], comingBack: ComingBack = 'again'): Past {
  const at = (days: number) => asOf - days * dayMs
  const rows = <Item extends unknown[]>(items: (life: Life) => Item[]) =>
    lives.flatMap((life, customer) =>
      items(life)
        .toSorted((a, b) => Number(b[0]) - Number(a[0]))
        .map((item) => ({ customer, item })),
    )
  const columns = <Item extends unknown[]>(
    items: { customer: number; item: Item }[],
    read: (item: Item) => number,
  ) => Float64Array.from(items, ({ item }) => read(item))
  const [pieces, sales, returns] = [
    rows((life) => life.pieces),
    rows((life) => life.sales),
    rows((life) => life.returns ?? []),
  ]
  const customers = (items: { customer: number }[]) => Float64Array.from(items, ({ customer }) => customer)
  return {
    comingBack,
    usedBefore: false,
    asOf,
    pieces: {
      customer: customers(pieces),
      at: columns(pieces, ([days]) => at(days)),
      value: columns(pieces, ([, value]) => value),
      said: columns(pieces, ([, , said]) => (said === false ? 0 : 1)),
    },
    sales: {
      customer: customers(sales),
      at: columns(sales, ([days]) => at(days)),
      minor: columns(sales, ([, minor]) => minor ?? 100),
    },
    returns: {
      customer: customers(returns),
      at: columns(returns, ([days]) => at(days)),
      until: columns(returns, ([, days]) => (days === undefined ? Number.NaN : at(days))),
    },
  }
}

test('a customer at a date is what was known then, and what came within the time after', () => {
  // A year's horizon: three in four return sales came within 200 to 365 days.
  const found = landmarksOf(
    past([
      {
        pieces: [
          [700, 1],
          [500, -0.5, false],
          [100, 1],
        ],
        sales: [[1200], [900, 300], [300]],
      },
      {
        pieces: [
          [1100, 0],
          [1000, 0],
        ],
        sales: [[1200]],
      },
      { pieces: [[400, 0]], sales: [[1200]] },
    ]),
  )
  assert.ok('rows' in found)
  assert.equal(found.horizonDays, 365)
  assert.deepEqual(
    found.dates.map((at) => Math.round((asOf - at) / dayMs)),
    [365, 730, 821, 913, 1004, 1095],
  )
  assert.deepEqual(
    found.rows.map(({ landmark, from, to, sales, minor, lastRating, rated, outcome }) => [
      landmark,
      from,
      to,
      sales,
      minor,
      lastRating,
      rated,
      outcome,
    ]),
    [
      [0, 0, 2, 2, 400, 1, 1, 1],
      [0, 3, 5, 1, 100, 0, 1, 0],
      [1, 3, 5, 1, 100, 0, 1, 0],
      [2, 3, 5, 1, 100, 0, 1, 0],
      [3, 3, 5, 1, 100, 0, 1, 0],
    ],
  )
  assert.equal(Math.round(found.rows[0]?.recencyDays ?? 0), 535)
})

test('where contracts are renewed, who still has one came back; where people buy once, who brought somebody', () => {
  const life = (returns: Life['returns']): Life => ({
    pieces: [
      [1000, 1],
      [900, 1],
    ],
    sales: [[1200]],
    ...(returns ? { returns } : {}),
  })
  const outcomes = (comingBack: ComingBack, lives: Life[]) => {
    const found = landmarksOf(past(lives, comingBack))
    assert.ok('rows' in found)
    return found.rows.filter(({ landmark }) => landmark === 0).map(({ outcome }) => outcome)
  }
  // never ends, ends in time, ended before, another one follows
  assert.deepEqual(
    outcomes('renew', [life([[1200]]), life([[1200, 100]]), life([[1200, 500]]), life([[1200, 100], [50]])]),
    [1, 0, 1],
  )
  assert.deepEqual(outcomes('referral', [life([[500]]), life([[200]]), life(undefined)]), [0, 1, 0])
})

/** Customers who buy again, or not, as the weights say of what they experienced until then. */
function company(
  seed: number,
  truth: (pieces: Life['pieces'], at: number) => number,
  customers = 2000,
): Past {
  const random = new Seeded(seed)
  return past(
    Array.from({ length: customers }, () => {
      const life: Life = { pieces: [], sales: [[1600 + 200 * random.next()]] }
      for (let days = 1590; days > 0; days -= 40 + 260 * random.next())
        life.pieces.push([days, Math.round(200 * random.next() - 100) / 100])
      for (let at = 1460; at > 0; at -= 30)
        if (
          random.next() <
          sigmoid(
            truth(
              life.pieces.filter(([days]) => days >= at),
              at,
            ) - 2,
          )
        )
          life.sales.push([at - 29 * random.next()])
      return life
    }),
  )
}

test('weights that are there are found, and the score is called predictive', () => {
  const truth: ScoreModel = {
    halfLifeDays: 90,
    firstBonus: 0,
    start: -0.8,
    good: 2,
    bad: 6,
    peak: 0,
    last: 0,
    first: 0,
  }
  const { model, judgement } = fitScore(
    company(7, (pieces, at) => {
      const now = asOf - at * dayMs
      const columns = {
        at: Float64Array.from(pieces, ([days]) => asOf - days * dayMs),
        value: Float64Array.from(pieces, ([, value]) => value),
      }
      return logOddsOf(ledgerOf(columns, 0, pieces.length, now, truth), columns.value, truth)
    }),
  )
  assert.equal(judgement.cannotTell, null)
  assert.equal(judgement.claim, 'predictive')
  assert.equal(judgement.fittedModelUsed, true)
  assert.ok([60, 90, 180].includes(model.halfLifeDays ?? 0), `half-life ${model.halfLifeDays}`)
  assert.ok(model.bad > 1.5 * model.good, `${model.bad} against ${model.good}`)
  const score = judgement.foretellers.find(({ by }) => by === 'score')
  assert.ok(score?.slope && score.slope.low < 1 && score.slope.high > 1, JSON.stringify(score?.slope))
  assert.ok(judgement.bins.length > 5)
})

test('where coming back has nothing to do with experiences, the weights of the beginning stay', () => {
  const { model, judgement } = fitScore(company(3, () => -0.5))
  assert.equal(judgement.claim, 'descriptive')
  assert.equal(judgement.fittedModelUsed, false)
  assert.deepEqual(model, defaultModel)
})

test('a score that says no more than the mean rating is not called predictive', () => {
  const { judgement } = fitScore(
    company(5, (pieces) => -1 + (2.5 * pieces.reduce((sum, [, value]) => sum + value, 0)) / pieces.length),
  )
  const over = (what: string) => judgement.gains.find((gain) => gain.over === what)
  assert.ok((over('purchases')?.low ?? 0) > 0)
  assert.ok((over('purchases and mean rating')?.low ?? 1) <= 0)
  assert.equal(judgement.claim, 'descriptive')
})

test('too little, nobody, all the same and one class are said in words', () => {
  const same: Life = {
    pieces: [
      [1500, 1],
      [1400, 1],
    ],
    sales: [[1600]],
  }
  const cases: [Past, RegExp][] = [
    [past([]), /^nothing was bought$/],
    [past([{ pieces: [[10, 1]], sales: [[20]] }]), /^sales are known for 20 days and 75 are needed/],
    [
      past([same]),
      /^to find the weights on there are 8 cases, each a customer at a date: 0 came back and 8 did not, and it takes 50 of each$/,
    ],
    [past(Array.from({ length: 500 }, () => same)), /0 came back and 4,000 did not/],
    [
      past(Array.from({ length: 500 }, () => ({ ...same, sales: [[1600], [1200], [900], [500], [100]] }))),
      / came back and 0 did not/,
    ],
  ]
  for (const [given, words] of cases) {
    const { model, judgement } = fitScore(given)
    assert.match(judgement.cannotTell ?? '', words)
    assert.equal(judgement.claim, 'descriptive')
    assert.deepEqual(model, defaultModel)
    assert.ok(!JSON.stringify(judgement).includes('NaN'))
  }
})

test('experiences that are all the same foretell nothing, without a fault', () => {
  const random = new Seeded(2)
  const { judgement } = fitScore(
    past(
      Array.from({ length: 800 }, () => ({
        pieces: [
          [1500, 1],
          [1400, 1],
        ],
        sales: [[1600], ...[1000, 700, 300].filter(() => random.next() < 0.4).map((at): [number] => [at])],
      })),
    ),
  )
  assert.equal(judgement.cannotTell, null)
  assert.equal(judgement.claim, 'descriptive')
  assert.equal(judgement.fittedModelUsed, false)
})
