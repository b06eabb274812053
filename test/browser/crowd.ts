// Enough of a company that every question of "learn" has figures to draw: courted, promised, late and in time,
// rated in words, come back, with money spent, a change logged and a test recorded.
import assert from 'node:assert/strict'
import { sending, type TestTroth } from '../troth.ts'

const dayMs = 86_400_000
const many = 90

/** Put in by the events API, like anybody's; the map is there already (see `oneOfEach`). */
export async function crowd(troth: TestTroth): Promise<void> {
  const batch = Array.from({ length: many }, (_, who) => life(who)).flat()
  for (let from = 0; from < batch.length; from += 300) {
    const sent = await troth.as('ingest')(
      '/v1/batch',
      sending('POST', { batch: batch.slice(from, from + 300) }),
    )
    assert.equal(sent.status, 200, await sent.text())
  }
  await troth.store.jobs.drain()
  const owner = troth.as('owner')
  const map = (await (await owner('/api/insights/map')).json()) as {
    touchpoints: { id: number; reached: number }[]
  }
  const [busy, other] = map.touchpoints.toSorted((a, b) => b.reached - a.reached)
  assert.ok(busy && other)
  const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10)
  const calls = [
    ['/api/budgets', { touchpointId: busy.id, startsOn: day(700), endsOn: day(1), amountMinor: 500_000 }],
    ['/api/budgets', { touchpointId: other.id, startsOn: day(700), endsOn: day(1), amountMinor: 200_000 }],
    ['/api/improvements', { touchpointId: busy.id, what: 'A call the day before', madeOn: day(200) }],
    [
      '/api/holdout-results',
      {
        touchpointId: other.id,
        name: 'Half of them got a letter',
        endedOn: day(30),
        arms: [
          { spendMinor: 0, customers: 900, returned: 160 },
          { spendMinor: 300, customers: 900, returned: 230 },
        ],
      },
    ],
  ] as const
  for (const [path, body] of calls) {
    const made = await owner(path, sending('POST', body))
    assert.equal(made.status, 201, `${path}: ${await made.text()}`)
  }
  await troth.store.jobs.drain()
  await troth.store.projection?.catchUp()
}

/** One customer's two years; who is late, content or back is fixed by their number. */
function life(who: number) {
  const name = `Crowd ${who}`
  const start = 720 - who * 5
  const late = who % 3 === 0
  const back = who % (late ? 6 : 2) === 0
  let number = 0
  const track = (event: string, ago: number, properties: object = {}) => ({
    type: 'track',
    userId: name,
    event,
    timestamp: new Date(Date.now() - Math.max(1, ago) * dayMs).toISOString(),
    messageId: `${name} ${number++}`,
    properties,
  })
  const order = (id: string, ago: number, promised: number) =>
    track('Order Completed', ago, {
      order_id: `${name} ${id}`,
      total: 400 + 10 * who,
      currency: 'EUR',
      promised_delivery_date: new Date(Date.now() - promised * dayMs).toISOString().slice(0, 10),
      promised_in: who % 2 === 0 ? 'page' : 'proposal',
      promised_on: who % 2 === 0 ? 'Delivery times' : 'Offer B',
    })
  if (who % 5 === 4)
    return [
      track('Ad Clicked', start),
      track('Product Viewed', start - 2),
      track('Proposal Declined', start - 9, {
        reason: who % 2 === 0 ? 'too expensive' : 'takes too long',
        competitor: 'Elm & Sons',
      }),
    ]
  return [
    track('Ad Clicked', start),
    ...(who % 2 === 0 ? [track('Product Viewed', start - 3)] : []),
    order('a', start - 8, start - 28),
    track('Order Delivered', start - (late ? 34 : 24), { order_id: `${name} a` }),
    track('Product Reviewed', start - 40, {
      order_id: `${name} a`,
      rating: late ? 2 : 5,
      review_body: late
        ? `Days late again, nobody told us, and table ${who} creaks`
        : `Came when promised, lovely oak, table ${who} is a joy`,
    }),
    ...(back
      ? [
          order('b', start - 150, start - 170),
          track('Order Delivered', start - 168, { order_id: `${name} b` }),
        ]
      : []),
  ]
}
