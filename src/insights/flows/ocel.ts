// Object-centric event logs as OCEL 2.0, in its JSON form: customers and purchases are objects, and a step is
// an event of both. Values are strings, as the standard's schema has them; their types are declared.
import type { PoolClient } from 'pg'
import type { Journeys } from './cases.ts'
import {
  customersOf,
  type LogPlace,
  type LogPurchase,
  type LogStep,
  livesOf,
  logPlaces,
  logSteps,
  purchasesOf,
} from './log-rows.ts'

/** The time of what holds from the beginning. */
const always = '1970-01-01T00:00:00.000Z'

export async function* ocel(client: PoolClient, { scope }: Journeys): AsyncGenerator<string> {
  const places = await logPlaces(client)
  yield `{"objectTypes":${JSON.stringify(objectTypes)},\n"eventTypes":${JSON.stringify(eventTypes(places))},\n"objects":[`
  const objects = new Listing()
  for await (const lives of livesOf(client, scope)) {
    for await (const customers of customersOf(client, scope, lives))
      yield objects.text(
        customers.map(({ id, kind }) => ({
          id: customerId(id),
          type: 'customer',
          attributes: [{ name: 'kind', time: always, value: kind }],
          relationships: [],
        })),
      )
    for await (const purchases of purchasesOf(client, scope, lives))
      yield objects.text(purchases.map(purchaseObject))
  }
  yield '],\n"events":['
  const events = new Listing()
  // a step belongs to its customer and its purchase at once: what one journey is plays no part
  for await (const steps of logSteps(client, { scope, of: 'customer' }))
    yield events.text(steps.map((step) => event(step, places.get(step.touchpoint_id))))
  yield ']}\n'
}

const objectTypes = [
  { name: 'customer', attributes: [{ name: 'kind', type: 'string' }] },
  {
    name: 'purchase',
    attributes: [
      { name: 'kind', type: 'string' },
      { name: 'key', type: 'string' },
      { name: 'state', type: 'string' },
      { name: 'value', type: 'float' },
      { name: 'currency', type: 'string' },
    ],
  },
]

function eventTypes(places: Map<number, LogPlace>) {
  const attributes = [
    { name: 'event', type: 'string' },
    { name: 'channel', type: 'string' },
    { name: 'stage', type: 'string' },
    { name: 'side_of_sale', type: 'string' },
    { name: 'experience', type: 'float' },
    { name: 'evidence', type: 'string' },
  ]
  return [...places.values()].map(({ name }) => ({ name, attributes }))
}

function customerId(id: number): string {
  return `customer ${id}`
}

function purchaseId(id: number): string {
  return `purchase ${id}`
}

function purchaseObject(purchase: LogPurchase) {
  const time = purchase.sold_at?.toISOString() ?? always
  return {
    id: purchaseId(purchase.id),
    type: 'purchase',
    attributes: [
      { name: 'kind', time: always, value: purchase.kind },
      { name: 'key', time: always, value: purchase.key },
      { name: 'state', time, value: purchase.state },
      ...(purchase.value_minor === null
        ? []
        : [{ name: 'value', time, value: String(purchase.value_minor / 100) }]),
      ...(purchase.currency === null ? [] : [{ name: 'currency', time, value: purchase.currency }]),
    ],
    relationships: [{ objectId: customerId(purchase.customer_id), qualifier: 'bought by' }],
  }
}

const evidences = ['', 'said', 'inferred', 'impression']

function event(step: LogStep, place: LogPlace | undefined) {
  const { experience, evidence } = step
  return {
    id: `interaction ${step.id}`,
    type: place?.name ?? 'unknown',
    time: step.at.toISOString(),
    attributes: [
      { name: 'event', value: step.name },
      ...(step.channel ? [{ name: 'channel', value: step.channel }] : []),
      ...(place
        ? [
            { name: 'stage', value: place.stage },
            { name: 'side_of_sale', value: place.side },
          ]
        : []),
      ...(experience === null
        ? []
        : [
            { name: 'experience', value: String(experience / 100) },
            { name: 'evidence', value: evidences[evidence ?? 0] ?? '' },
          ]),
    ],
    relationships: [
      { objectId: customerId(step.customer_id), qualifier: 'customer' },
      ...(step.purchase_id === null
        ? []
        : [{ objectId: purchaseId(step.purchase_id), qualifier: 'purchase' }]),
    ],
  }
}

/** An array written piece by piece. */
class Listing {
  private begun = false

  text(items: object[]): string {
    let text = ''
    for (const item of items) {
      text += `${this.begun ? ',' : ''}\n${JSON.stringify(item)}`
      this.begun = true
    }
    return text
  }
}
