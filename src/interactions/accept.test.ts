import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { acceptMessage, isPlain, type MessageType, messageSchema, messageTypes } from './accept.ts'

const receivedAt = new Date('2026-05-01T12:00:00.000Z')

function accept(message: unknown, type?: MessageType) {
  return acceptMessage(message, type, { receivedAt, country: 'DE', newId: () => 'made' })
}
function accepted(message: unknown, type?: MessageType) {
  const result = accept(message, type)
  assert.ok(!('refused' in result), JSON.stringify(result))
  return result
}
function refused(message: unknown, type?: MessageType): string {
  const result = accept(message, type)
  assert.ok('refused' in result, JSON.stringify(result))
  return result.refused
}

test('a wrong client clock is set right by the time between the event and its sending', () => {
  const message = {
    type: 'track',
    userId: 'u',
    event: 'A',
    originalTimestamp: '2031-01-01T00:00:00Z',
    sentAt: '2031-01-01T00:00:10Z',
  }
  assert.equal(accepted(message).at.toISOString(), '2026-05-01T11:59:50.000Z')
})

test('the past is welcome, the future and the absurd are refused with the reason', () => {
  const at = (timestamp: string) => ({ type: 'track', userId: 'u', event: 'A', timestamp })
  assert.equal(accepted(at('1999-12-31T23:00:00Z')).at.getUTCFullYear(), 1999)
  assert.match(refused(at('2026-05-02T12:00:00Z')), /in the future/)
  assert.match(refused(at('0001-01-01T00:00:00Z')), /before 1970/)
  assert.match(refused(at('next tuesday')), /not an RFC 3339 time/)
})

test('a message that says nobody, or a placeholder, is refused', () => {
  assert.match(refused({ type: 'track', event: 'A' }), /whose/)
  assert.match(refused({ type: 'track', event: 'A', userId: 'null' }), /no value/)
  assert.match(refused({ type: 'identify', traits: { email: 'info@firma.de' } }), /several people share/)
  assert.match(refused({ type: 'track', userId: 'u' }), /must name its event/)
  assert.match(refused({ userId: 'u', event: 'A' }), /type/)
})

test('identities come out in one form', () => {
  const { identities } = accepted({
    type: 'identify',
    userId: 42,
    anonymousId: ' a-1 ',
    traits: { email: ' Mia@Example-Shop.DE ', phone: '0170 1234567' },
    context: { externalIds: [{ id: '7', type: 'CRM' }] },
  })
  assert.deepEqual(identities, [
    { kind: 'user_id', source: '', value: '42' },
    { kind: 'anonymous_id', source: '', value: 'a-1' },
    { kind: 'email', source: '', value: 'mia@example-shop.de' },
    { kind: 'phone', source: '', value: '+491701234567' },
    { kind: 'external', source: 'crm', value: '7' },
  ])
})

test('pages are interactions with their path, identify and group are not', () => {
  const page = accepted(
    { anonymousId: 'a', name: 'Tables that last', context: { page: { path: '/guides/tables' } } },
    'page',
  )
  assert.equal(page.name, 'Viewed Tables that last')
  assert.deepEqual(page.properties, { path: '/guides/tables' })
  assert.equal(page.channel, 'web')
  assert.equal(accepted({ type: 'identify', userId: 'u' }).name, undefined)
  assert.deepEqual(
    accepted({ type: 'group', userId: 'u', groupId: 'g', traits: { name: 'Brandt' } }).company,
    {
      key: 'g',
      traits: { name: 'Brandt' },
    },
  )
})

test('what no database stores is refused, not mangled', () => {
  assert.match(refused({ type: 'track', userId: 'u', event: 'A', properties: { x: 'a\u0000b' } }), /NUL/)
  assert.match(
    refused({ type: 'track', userId: 'u', event: 'A', properties: { x: '\ud800' } }),
    /half a character/,
  )
  let deep: unknown = 1
  for (let i = 0; i < 5_000; i++) deep = { deep }
  assert.match(refused({ type: 'track', userId: 'u', event: 'A', properties: { deep } }), /deep/)
  assert.match(refused([]), /message/)
})

test('what is let through at a glance the schema lets through as it is', () => {
  const right = fc.constantFrom(undefined, null)
  const wrong = fc.constantFrom(
    0,
    -1.5,
    Number.POSITIVE_INFINITY,
    true,
    [],
    {},
    { a: 1 },
    [1],
    'a',
    'a'.repeat(501),
  )
  const long = fc.constantFrom('', 'a', 'a'.repeat(500), 'a'.repeat(512), 'a'.repeat(513))
  const any = fc.oneof({ weight: 20, arbitrary: right }, wrong, long)
  const message = fc.record(
    {
      type: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(undefined, ...messageTypes) }, any),
      ...Object.fromEntries(
        Object.keys(messageSchema.shape)
          .filter((name) => name !== 'type')
          .map((name) => [name, any]),
      ),
      unknown: any,
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  let seen = 0
  fc.assert(
    fc.property(fc.oneof(message, any), (raw) => {
      const read = messageSchema.safeParse(raw)
      assert.equal(isPlain(raw), read.success)
      if (read.success) assert.deepEqual(read.data, raw)
      seen += Number(read.success)
    }),
    { numRuns: 2_000 },
  )
  assert.ok(seen > 200 && seen < 1_800, `${seen} let through`)
})
