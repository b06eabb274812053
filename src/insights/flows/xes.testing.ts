// What the XES standard's schema (IEEE 1849, XSD) asks of a file, checked without a validator of XML schemas:
// well-formed, elements in their order, every attribute of its type; and what its text asks besides: keys of
// declared extensions, classifiers and events by the globals.
import assert from 'node:assert/strict'

interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
}

export interface XesTrace {
  attributes: Record<string, string>
  events: Record<string, string>[]
}

/** The traces of a file that is as the schema wants it. @throws AssertionError saying what is not */
export function readXes(text: string): { attributes: Record<string, string>; traces: XesTrace[] } {
  const log = parse(text)
  assert.equal(log.name, 'log')
  only(log, ['xes.version', 'xes.features'])
  assert.match(log.attributes['xes.version'] ?? '', /^\d+(\.\d+)?$/, 'xes.version is a decimal')
  inOrder(log, ['extension', 'global', 'classifier', 'attribute', 'trace', 'event'])
  const prefixes = new Set(log.children.filter(named('extension')).map(extensionPrefix))
  const globals = new Map(log.children.filter(named('global')).map((each) => globalOf(each, prefixes)))
  for (const each of log.children.filter(named('classifier'))) {
    only(each, ['name', 'scope', 'keys'])
    assert.match(each.attributes['name'] ?? '', ncName)
    const keys = (each.attributes['keys'] ?? '').split(' ')
    for (const key of keys) assert.ok(globals.get('event')?.includes(key), `${key} is not global`)
  }
  return {
    attributes: attributesOf(log, prefixes),
    traces: log.children.filter(named('trace')).map((trace) => {
      only(trace, [])
      inOrder(trace, ['attribute', 'event'])
      const attributes = attributesOf(trace, prefixes)
      for (const key of globals.get('trace') ?? []) assert.ok(key in attributes, `a trace has no ${key}`)
      return {
        attributes,
        events: trace.children.filter(named('event')).map((event) => {
          only(event, [])
          inOrder(event, ['attribute'])
          const told = attributesOf(event, prefixes)
          for (const key of globals.get('event') ?? []) assert.ok(key in told, `an event has no ${key}`)
          return told
        }),
      }
    }),
  }
}

const ncName = /^[A-Za-z_][\w.-]*$/
const types: Record<string, RegExp> = {
  string: /^/,
  id: /^/,
  date: /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  int: /^-?\d+$/,
  float: /^-?\d+(\.\d+)?(e-?\d+)?$/i,
  boolean: /^(true|false|1|0)$/,
}

function named(name: string) {
  return (element: Element) => element.name === name
}

function only({ name, attributes }: Element, allowed: string[]): void {
  for (const key of Object.keys(attributes))
    assert.ok(allowed.includes(key), `${name} has an attribute ${key}`)
}

function inOrder(element: Element, order: string[]): void {
  let last = 0
  for (const child of element.children) {
    const place = order.indexOf(child.name in types ? 'attribute' : child.name)
    assert.ok(place >= 0, `${child.name} in ${element.name}`)
    assert.ok(place >= last, `${child.name} stands too late in ${element.name}`)
    last = place
  }
}

function extensionPrefix(element: Element): string {
  only(element, ['name', 'prefix', 'uri'])
  const { name = '', prefix = '', uri = '' } = element.attributes
  assert.match(name, ncName)
  assert.match(prefix, ncName)
  assert.match(uri, /^http:\/\/www\.xes-standard\.org\/\w+\.xesext$/)
  return prefix
}

function globalOf(element: Element, prefixes: Set<string>): [string, string[]] {
  only(element, ['scope'])
  return [element.attributes['scope'] ?? '', Object.keys(attributesOf(element, prefixes))]
}

function attributesOf(element: Element, prefixes: Set<string>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { name, attributes, children } of element.children) {
    const type = types[name]
    if (!type) continue
    assert.deepEqual(Object.keys(attributes), ['key', 'value'])
    assert.deepEqual(children, [])
    const { key = '', value = '' } = attributes
    assert.match(key, /^[A-Za-z_:][\w.:-]*$/, `${key} is no name`)
    const [prefix, rest] = key.split(':')
    if (rest !== undefined) assert.ok(prefixes.has(prefix ?? ''), `no extension for ${key}`)
    assert.match(value, type, `${key} is no ${name}: ${value}`)
    assert.ok(!(key in found), `${key} twice`)
    found[key] = value
  }
  return found
}

const letters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Elements, their attributes and nothing else. @throws AssertionError where it is not well-formed */
function parse(text: string): Element {
  const [declaration] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(text) ?? []
  assert.ok(declaration, 'no declaration')
  const root: Element = { name: '', attributes: {}, children: [] }
  const open = [root]
  const tag = /\s*<(\/?)([\w.:-]+)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>/y
  tag.lastIndex = declaration.length
  while (tag.lastIndex < text.trimEnd().length) {
    const from = tag.lastIndex
    const found = tag.exec(text)
    assert.ok(found, `not well-formed at ${text.slice(from, from + 60)}`)
    const [, closing, name = '', given = '', empty] = found
    if (closing) {
      assert.equal(open.pop()?.name, name)
      continue
    }
    const element: Element = { name, attributes: {}, children: [] }
    for (const [, key = '', value = ''] of given.matchAll(/([\w.:-]+)="([^"]*)"/g)) {
      assert.ok(!(key in element.attributes), `${key} twice`)
      element.attributes[key] = unescaped(value)
    }
    open.at(-1)?.children.push(element)
    if (!empty) open.push(element)
  }
  assert.equal(open.length, 1, 'not closed')
  const [log] = root.children
  assert.ok(log && root.children.length === 1)
  return log
}

function unescaped(value: string): string {
  assert.doesNotMatch(value, /&(?!(amp|lt|gt|quot|apos|#\d+);)/)
  return value.replaceAll(/&(#?\w+);/g, (_, name: string) =>
    name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (letters[name] ?? ''),
  )
}
