import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute, attributionMethods } from './attribution.ts'
import { attributeCustomers, type CustomerPaths } from './attribution-intervals.ts'
import { Seeded } from './seeded.ts'
import { near, told, untold } from './testing.ts'

const names = ['ad', 'visit', 'mail']

/** Half begin with an ad, then come visits and mail by chance; who was visited buys more often. */
function drawn(customers: number, seed: number): CustomerPaths {
  const random = new Seeded(seed)
  const paths = Array.from({ length: customers }, () => [
    ...(random.next() < 0.5 ? [0] : []),
    ...(random.next() < 0.6 ? [1] : []),
    ...(random.next() < 0.5 ? [2] : []),
  ])
  const won = Uint8Array.from(paths, (path) => (random.next() < (path.includes(1) ? 0.4 : 0.1) ? 1 : 0))
  const offsets = new Int32Array(customers + 1)
  for (const [index, path] of paths.entries()) offsets[index + 1] = (offsets[index] as number) + path.length
  return {
    touches: Int32Array.from(paths.flat()),
    offsets,
    won,
    worth: Float64Array.from(won, (each) => each * 100),
  }
}

test('customers one by one are credited as the same paths counted together', () => {
  const paths = drawn(300, 7)
  const one = told(attributeCustomers(names, paths, { replicates: 20 }))
  const together = told(
    attribute(
      names,
      Array.from(paths.won, (bought, index) => ({
        touches: paths.touches.subarray(paths.offsets[index], paths.offsets[index + 1]),
        won: bought,
        lost: 1 - bought,
        worth: bought * 100,
      })),
    ),
  )
  for (const [index, channel] of together.channels.entries())
    for (const method of attributionMethods) {
      near(one.channels[index]?.credit[method], channel.credit[method] ?? Number.NaN, 1e-9)
      near(one.channels[index]?.worth[method], 100 * (channel.credit[method] ?? Number.NaN), 1e-7)
    }
  assert.equal(one.worth, 100 * one.won)
})

test('the truth lies within the interval about as often as it says, customer by customer and in blocks', () => {
  const truth = told(attributeCustomers(names, drawn(200_000, 99), { replicates: 1, blocks: 20 }))
  for (const blocks of [1_000, 100]) {
    let within = 0
    let all = 0
    for (let seed = 1; seed <= 20; seed++) {
      const found = told(attributeCustomers(names, drawn(600, seed), { replicates: 80, blocks, seed }))
      for (const [channel, intervals] of found.intervals.entries())
        for (const [index, interval] of intervals.entries()) {
          const method = attributionMethods[index] ?? 'first'
          const share = (truth.channels[channel]?.credit[method] ?? 0) / truth.won
          all++
          if (interval && interval.low <= share && share <= interval.high) within++
        }
    }
    assert.ok(within / all > 0.86 && within / all < 0.995, `${within} of ${all} with ${blocks} blocks`)
  }
})

test('without a sale there is nothing to credit, and one customer has no interval that is worth its name', () => {
  const nobody = {
    touches: new Int32Array(),
    offsets: Int32Array.of(0),
    won: new Uint8Array(),
    worth: new Float64Array(),
  }
  untold(attributeCustomers(names, nobody))
  const single = {
    touches: Int32Array.of(0),
    offsets: Int32Array.of(0, 1),
    won: Uint8Array.of(1),
    worth: Float64Array.of(5),
  }
  const found = told(attributeCustomers(names, single))
  assert.deepEqual(found.intervals[0]?.[0], { low: 1, high: 1 })
})
