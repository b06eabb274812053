import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePlacing, meets } from './placing.ts'
import type { PlacingRule, Stage, Touchpoint } from './schema.ts'

const stages: Stage[] = [
  { id: 1, name: 'Consider', side: 'before', position: 0 },
  { id: 2, name: 'Use', side: 'after', position: 1 },
]

function place(
  rules: Record<number, PlacingRule[]>,
  name: string,
  more: { channel?: string; properties?: object } = {},
) {
  const touchpoints = Object.entries(rules).map(
    ([id, list]): Touchpoint => ({
      id: Number(id),
      stageId: Number(id) < 10 ? 1 : 2,
      name: `touchpoint ${id}`,
      position: Number(id),
      by: 'customer',
      purpose: 'use',
      channel: null,
      rules: list,
    }),
  )
  const properties = (more.properties ?? {}) as Record<string, unknown>
  return compilePlacing(stages, touchpoints)({ name, channel: more.channel ?? '', properties })
}

test('an event is placed by its name, whatever its case, and nowhere when no rule knows it', () => {
  assert.equal(place({ 1: [{ event: 'Order Completed' }] }, 'order completed'), 1)
  assert.equal(place({ 1: [{ event: 'Order Completed' }] }, 'Order Completed Twice'), null)
  assert.equal(place({ 1: [{ event: 'Order *' }] }, 'Order Delivered'), 1)
})

test('the more specific rule wins over the earlier one', () => {
  const rules = {
    1: [{ event: 'Viewed *' }],
    2: [{ event: 'Viewed *', path: '/guides/*' }],
    3: [
      {
        event: 'Viewed *',
        path: '/guides/*',
        where: [{ property: 'lang', is: 'equals' as const, value: 'de' }],
      },
    ],
  }
  const guide = { properties: { path: '/guides/oak' } }
  assert.equal(place(rules, 'Viewed Guide', guide), 2)
  assert.equal(place(rules, 'Viewed Guide', { properties: { path: '/guides/oak', lang: 'DE' } }), 3)
  assert.equal(place(rules, 'Viewed Shop', { properties: { path: '/shop' } }), 1)
})

test('of equally specific rules the first in the order of the map wins', () => {
  assert.equal(place({ 12: [{ event: 'Call' }], 3: [{ event: 'Call' }] }, 'Call'), 3)
})

test('a rule that names nothing matches nothing', () => {
  assert.equal(place({ 1: [{}], 2: [{ where: [] }] }, 'Anything'), null)
})

test('conditions look at properties by path and compare numbers as numbers', () => {
  assert.equal(meets({ property: 'x', is: 'above', value: 9 }, '10'), true)
  assert.equal(meets({ property: 'x', is: 'below', value: 9 }, undefined), false)
  assert.equal(meets({ property: 'x', is: 'not', value: 'a' }, undefined), true)
  assert.equal(meets({ property: 'x', is: 'absent' }, ''), true)
  const byPath = {
    1: [
      {
        event: 'Order Completed',
        where: [{ property: 'products.0.sku', is: 'starts' as const, value: 'oak' }],
      },
    ],
  }
  assert.equal(place(byPath, 'Order Completed', { properties: { products: [{ sku: 'OAK-1' }] } }), 1)
  assert.equal(place(byPath, 'Order Completed', { properties: { products: [] } }), null)
})
