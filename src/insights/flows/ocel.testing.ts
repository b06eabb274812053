// The schema that the OCEL 2.0 standard publishes for its JSON form, and what its text asks besides: types
// declared, names and ids said once, nothing that points nowhere, values as their declared type.
import assert from 'node:assert/strict'
import { z } from 'zod'

const declared = z.array(
  z.object({
    name: z.string(),
    attributes: z.array(
      z.object({ name: z.string(), type: z.enum(['string', 'time', 'integer', 'float', 'boolean']) }),
    ),
  }),
)
const relationships = z.array(z.object({ objectId: z.string(), qualifier: z.string() }))
const time = z.iso.datetime({ offset: true })

const schema = z.object({
  eventTypes: declared,
  objectTypes: declared,
  events: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      time,
      attributes: z.array(z.object({ name: z.string(), value: z.string() })),
      relationships,
    }),
  ),
  objects: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      attributes: z.array(z.object({ name: z.string(), value: z.string(), time })),
      relationships,
    }),
  ),
})

const values: Record<string, RegExp> = {
  string: /^/,
  time: /^\d{4}-/,
  integer: /^-?\d+$/,
  float: /^-?\d+(\.\d+)?(e-?\d+)?$/,
  boolean: /^(true|false)$/,
}

/** A log that is as the standard wants it. @throws where it is not */
export function readOcel(text: string): z.infer<typeof schema> {
  const log = schema.strict().parse(JSON.parse(text))
  const ids = new Set(log.objects.map((object) => object.id))
  assert.equal(ids.size, log.objects.length, 'an object twice')
  assert.equal(new Set(log.events.map((event) => event.id)).size, log.events.length, 'an event twice')
  for (const [types, items] of [
    [log.eventTypes, log.events],
    [log.objectTypes, log.objects],
  ] as const) {
    const known = new Map(
      types.map((type) => [type.name, new Map(type.attributes.map((each) => [each.name, each.type]))]),
    )
    assert.equal(known.size, types.length, 'a type twice')
    for (const item of items) {
      const attributes = known.get(item.type)
      assert.ok(attributes, `${item.type} is not declared`)
      for (const { name, value } of item.attributes) {
        const type = attributes.get(name)
        assert.ok(type, `${name} of ${item.type} is not declared`)
        assert.match(value, values[type] ?? /^$/, `${name} is no ${type}: ${value}`)
      }
      for (const { objectId } of item.relationships)
        assert.ok(ids.has(objectId), `${item.id} points to ${objectId}, which is not there`)
    }
  }
  return log
}
