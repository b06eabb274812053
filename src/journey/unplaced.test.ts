import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testStore } from '../store/testing.ts'
import { suggest } from './suggesting.ts'
import { templates } from './templates/templates.ts'
import { groupAlike, unplacedBox } from './unplaced.ts'

test('foreign spellings, other languages and vendors’ names find the touchpoint they belong to', () => {
  const first = (name: string) => suggest({ name, channels: [] }, templates.commerce.stages)[0]?.touchpoint
  assert.equal(first('parcelDelivered'), 'Delivery')
  assert.equal(first('order_shipped'), 'Word on the order')
  assert.equal(first('Lieferung zugestellt'), 'Delivery')
  assert.equal(first('Rechnung versendet'), 'Invoice and payment')
  assert.equal(first('zendesk.ticket.created'), 'Support contact')
  assert.equal(first('Trustpilot Review'), 'Review')
  assert.equal(first('Reklamation eingegangen'), 'Complaint')
  assert.equal(first('Warenkorb aktualisiert'), 'Basket')
  assert.equal(first('nps_response'), 'Survey answer')
  assert.equal(first('Montage erledigt'), 'Assembly and fitting')
})

test('a name that says nothing gets no suggestion', () => {
  assert.deepEqual(suggest({ name: 'Xyzzy Sent', channels: [] }, templates.commerce.stages), [])
  assert.deepEqual(suggest({ name: 'evt_created', channels: [] }, templates.commerce.stages), [])
})

test('for an event that this map has no place for, the touchpoint to make is suggested with its stage', () => {
  const stages = templates.commerce.stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.filter((each) => each.name !== 'Complaint' && each.name !== 'Making good'),
  }))
  const [suggestion] = suggest({ name: 'complaint_received', channels: [] }, stages)
  assert.equal(suggestion?.touchpointId, null)
  assert.equal(suggestion?.touchpoint, 'Complaint')
  assert.equal(suggestion?.stage, 'Get help')
  assert.deepEqual(suggestion?.add?.purpose, 'help')
})

test('names that differ only in a number or a page are one line', () => {
  const named = (name: string, count: number) => ({ name, count, more: false })
  const groups = groupAlike([
    ...Array.from({ length: 6 }, (_, index) => named(`Viewed /products/${index}`, 10)),
    ...Array.from({ length: 5 }, (_, index) => named(`Mailing ${index}`, 1)),
    named('Viewed /about/us', 4),
    named('Odd Thing', 70),
  ])
  assert.deepEqual(
    groups.map(({ event, names, count }) => ({ event, names, count })),
    [
      { event: 'Odd Thing', names: 1, count: 70 },
      { event: 'Viewed /products/*', names: 6, count: 60 },
      { event: 'Mailing *', names: 5, count: 5 },
      { event: 'Viewed /about/us', names: 1, count: 4 },
    ],
  )
})

test('the box counts unplaced events by name with channels and examples, and leaves our own judgements out', async () => {
  await using store = await testStore()
  await sql`
    insert into customers (id, canonical_id, name, first_seen_at, last_seen_at)
    values (1, 2, 'Old name', now(), now()), (2, 2, 'Ada', now(), now())`.execute(store.db)
  await sql`
    insert into interactions (customer_id, at, name, channel, source, touchpoint_id, judgement)
    select 1, now(), name, channel, 'test', touchpoint_id, judgement
    from (
      values ('Odd Thing', 'web', null::integer, false), ('Odd Thing', 'email', null, false),
        ('Other Thing', '', null, false), ('Known Thing', 'web', 5, false), ('Expectation Broken', '', null, true)
    ) as v(name, channel, touchpoint_id, judgement)`.execute(store.db)
  const box = await unplacedBox(store.db, { limit: 10 })
  assert.deepEqual(
    box.items.map(({ event, count, more, channels }) => ({ event, count, more, channels })),
    [
      { event: 'Odd Thing', count: 2, more: false, channels: ['email', 'web'] },
      { event: 'Other Thing', count: 1, more: false, channels: [] },
    ],
  )
  assert.deepEqual(
    [box.items[0]?.examples[0]?.customerId, box.items[0]?.examples[0]?.customerName],
    [2, 'Ada'],
  )
})
