import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { sampleDays } from './calendar.ts'
import type { Bought, Latent } from './life.ts'
import { sampleEvents, sampleLives } from './sample-events.ts'
import * as truth from './truth.ts'

// What is written in truth.ts, found again in what is generated, with knowledge of what nobody can see.

const end = new Date('2026-11-22T08:00:00Z')
interface Case {
  latent: Latent
  bought: Bought
  late: boolean
}
const lives: Latent[] = []
let delivered: Case[] = []
let events = 0

before(() => {
  for (const { latent, events: happened } of sampleLives({ end })) {
    lives.push(latent)
    events += happened.length
  }
  delivered = lives.flatMap((latent) =>
    latent.purchases
      .filter((bought) => bought.deliveredDay <= sampleDays)
      .map((bought) => ({ latent, bought, late: bought.deliveredDay > bought.promisedDay })),
  )
})

describe('the sample company', () => {
  test('is as large as a furniture maker with twenty thousand customers', () => {
    assert.ok(lives.length > 18_500 && lives.length <= 20_000, `${lives.length} people`)
    assert.ok(events > 230_000 && events < 270_000, `${events} interactions`)
    const buyers = lives.filter((latent) => latent.purchases.length > 0).length
    assert.ok(buyers > 5_500 && buyers < 7_500, `${buyers} buyers`)
  })

  test('is the same for the same seed and end, and another for another seed', () => {
    const print = (seed: number) => {
      const hash = createHash('sha256')
      for (const event of sampleEvents({ seed, customers: 300, end })) hash.update(JSON.stringify(event))
      return hash.digest('hex')
    }
    assert.equal(print(7), print(7))
    assert.notEqual(print(7), print(8))
  })

  test('moves with its end and stays what it is', () => {
    const nextWeek = new Date(end.getTime() + 7 * 86_400_000)
    const [now = [], later = []] = [end, nextWeek].map((until) => [
      ...sampleEvents({ customers: 200, end: until }),
    ])
    assert.deepEqual(
      later.map((event) => event.messageId),
      now.map((event) => event.messageId),
    )
    // summer time begins and ends at other distances from the end: an hour
    later.forEach((event, position) => {
      const before = now[position]?.at.getTime() ?? 0
      assert.ok(Math.abs(event.at.getTime() - before - 7 * 86_400_000) <= 3_600_000)
    })
  })

  test('ends now: nothing lies in the future, and the last days are alive', () => {
    let last = 0
    let recent = 0
    for (const event of sampleEvents({ customers: 2_000, end })) {
      assert.ok(event.at <= end && event.receivedAt <= end)
      last = Math.max(last, event.at.getTime())
      if (event.at.getTime() > end.getTime() - 7 * 86_400_000) recent++
    }
    assert.ok(end.getTime() - last < 86_400_000)
    assert.ok(recent > 50, `${recent} in the last week`)
  })

  test('has events twice, late and out of turn', () => {
    const seen = new Set<string>()
    const tally = { twice: 0, late: 0, swapped: 0, all: 0 }
    for (const { events: happened } of sampleLives({ customers: 2_000, end }))
      happened.forEach((event, position) => {
        tally.all++
        if (seen.has(event.messageId)) tally.twice++
        seen.add(event.messageId)
        if (event.receivedAt.getTime() - event.at.getTime() > 86_400_000 / 2) tally.late++
        if (event.at < (happened[position - 1]?.at ?? event.at)) tally.swapped++
      })
    for (const share of [tally.twice, tally.late, tally.swapped].map((count) => count / tally.all))
      assert.ok(share > 0.003 && share < 0.03, JSON.stringify(tally))
  })
})

describe('the truths of the sample company', () => {
  test('a broken delivery date and a care call move coming back, newsletters and cards do not', () => {
    const found = logistic(
      delivered.map(({ bought }) => (bought.comesBack ? 1 : 0)),
      delivered.map(({ latent, bought, late }) => [
        1,
        latent.activity,
        Number(late),
        Number(bought.careCall),
        Number(latent.company),
        Number(latent.newsletter),
        Number(bought.anniversaryCard),
      ]),
    )
    const written = [
      truth.comingBack.base,
      truth.comingBack.activity,
      truth.comingBack.brokenDelivery,
      truth.comingBack.careCall,
      truth.comingBack.company,
      truth.comingBack.newsletter,
      truth.comingBack.anniversaryCard,
    ]
    written.forEach((effect, position) => {
      const { estimate = 0, error = 0 } = found[position] ?? {}
      assert.ok(
        Math.abs(estimate - effect) < 3 * error,
        `effect ${position}: ${estimate} ± ${error}, written ${effect}`,
      )
    })
    const broken = found[2]
    assert.ok((broken?.estimate ?? 0) < -4 * (broken?.error ?? 1), 'enough to see it')
  })

  test('newsletters seem to bring people back to whoever does not know their activity', () => {
    const gap = difference(
      delivered,
      ({ latent }) => latent.newsletter,
      ({ bought }) => bought.comesBack,
    )
    assert.ok(gap > 0.06, `${gap}`)
  })

  test('cards seem to bring people back to whoever counts them over a whole life', () => {
    const buyers = lives.filter((latent) => latent.purchases.length > 0)
    const gap = difference(
      buyers,
      (latent) =>
        latent.purchases.some((bought) => bought.anniversaryCard && bought.deliveredDay + 365 <= sampleDays),
      (latent) => latent.purchases.length > 1,
    )
    assert.ok(gap > 0.06, `${gap}`)
  })

  test('told beforehand, less than half as many complain', () => {
    const late = delivered.filter((each) => each.late)
    const told = share(
      late.filter(({ bought }) => bought.toldBeforehand),
      ({ bought }) => bought.complained,
    )
    const notTold = share(
      late.filter(({ bought }) => !bought.toldBeforehand),
      ({ bought }) => bought.complained,
    )
    assert.ok(Math.abs(told - truth.complaint.lateTold) < 0.05, `${told}`)
    assert.ok(Math.abs(notTold - truth.complaint.lateNotTold) < 0.06, `${notTold}`)
  })

  test('six weeks hold about 71 times in 100 and eight weeks about 90', () => {
    const kept = (weeks: number) =>
      share(
        delivered.filter(({ bought }) => bought.weeksSaid === weeks && !bought.movedByCustomer),
        ({ late }) => !late,
      )
    assert.ok(Math.abs(kept(6) - 0.71) < 0.04, `${kept(6)}`)
    assert.ok(Math.abs(kept(8) - 0.9) < 0.03, `${kept(8)}`)
  })

  test('the same wait is worth more than a star to those who were told so', () => {
    const waited8 = delivered.filter(({ bought }) => {
      const days = bought.deliveredDay - bought.orderDay
      return days > 49 && days <= 56 && !bought.movedByCustomer
    })
    const stars = (weeks: number) => {
      const opinions = waited8
        .filter(({ bought }) => bought.weeksSaid === weeks)
        .map(({ bought }) => bought.opinion)
      return opinions.reduce((sum, each) => sum + each, 0) / opinions.length
    }
    assert.ok(stars(8) - stars(6) > 1, `${stars(8)} against ${stars(6)}`)
  })

  test('too few got a discount for anybody to know', () => {
    const discounted = lives.filter((latent) => latent.discount && latent.purchases.length > 0).length
    assert.ok(discounted > 25 && discounted < 60, `${discounted}`)
  })
})

function share<Item>(items: Item[], is: (item: Item) => boolean): number {
  return items.filter(is).length / items.length
}

function difference<Item>(
  items: Item[],
  exposed: (item: Item) => boolean,
  is: (item: Item) => boolean,
): number {
  return (
    share(items.filter(exposed), is) -
    share(
      items.filter((item) => !exposed(item)),
      is,
    )
  )
}

/** Logistic regression by Newton's method; estimates with their standard errors. */
function logistic(y: number[], x: number[][]): { estimate: number; error: number }[] {
  const width = x[0]?.length ?? 0
  let beta = new Array<number>(width).fill(0)
  let inverse: number[][] = []
  for (let step = 0; step < 12; step++) {
    const gradient = new Array<number>(width).fill(0)
    const hessian = Array.from({ length: width }, () => new Array<number>(width).fill(0))
    x.forEach((row, i) => {
      const p = truth.logistic(row.reduce((sum, value, j) => sum + value * (beta[j] ?? 0), 0))
      row.forEach((value, j) => {
        gradient[j] = (gradient[j] ?? 0) + value * ((y[i] ?? 0) - p)
        const line = hessian[j] ?? []
        row.forEach((other, k) => {
          line[k] = (line[k] ?? 0) + value * other * p * (1 - p)
        })
      })
    })
    inverse = invert(hessian)
    beta = beta.map(
      (b, j) => b + (inverse[j] ?? []).reduce((sum, value, k) => sum + value * (gradient[k] ?? 0), 0),
    )
  }
  return beta.map((estimate, j) => ({ estimate, error: Math.sqrt(inverse[j]?.[j] ?? 0) }))
}

/** Gauss–Jordan. */
function invert(matrix: number[][]): number[][] {
  const n = matrix.length
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))])
  for (let i = 0; i < n; i++) {
    const pivotRow = work[i] ?? []
    const pivot = pivotRow[i] ?? 1
    for (let j = 0; j < 2 * n; j++) pivotRow[j] = (pivotRow[j] ?? 0) / pivot
    work.forEach((row, k) => {
      if (k === i) return
      const factor = row[i] ?? 0
      for (let j = 0; j < 2 * n; j++) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0)
    })
  }
  return work.map((row) => row.slice(n))
}
