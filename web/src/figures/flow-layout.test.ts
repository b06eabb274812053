import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gather } from './flow-gather.ts'
import { layoutFlow } from './flow-layout.ts'
import { overlaps } from './room.ts'

const measure = (text: string) => text.length * 6.4
const stages = ['Discover', 'Decide', 'Receive', 'Return'].map((name, index) => ({
  id: name,
  name,
  side: index < 2 ? ('before' as const) : ('after' as const),
}))
const place = (id: string, stageId: string) => ({ id, name: `Touchpoint ${id}`, stageId })
const link = (from: string, to: string, n: number) => ({ from, to, n, share: n / 100 })
const flows = fc
  .record({
    places: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }),
    links: fc.array(
      fc.tuple(fc.nat({ max: 59 }), fc.nat({ max: 59 }), fc.integer({ min: 1, max: 1_000_000_000 })),
      { maxLength: 200 },
    ),
  })
  .map(({ places, links }) => ({
    stages,
    places: places.map((stage, index) => place(String(index), stages[stage]?.id ?? '')),
    links: [
      ...new Map(
        links.map(([from, to, n]) => [
          `${from % places.length} ${to % places.length}`,
          link(String(from % places.length), String(to % places.length), n),
        ]),
      ).values(),
    ],
  }))

test('no touchpoint of a flow lies on another or outside the picture, however many there are', () => {
  fc.assert(
    fc.property(flows, fc.integer({ min: 280, max: 1600 }), (input, width) => {
      const drawing = layoutFlow(input, width, measure)
      const boxes = drawing.marks.map((mark) => mark.box)
      for (const [index, box] of boxes.entries()) {
        assert.ok(box && box.left >= 0 && box.right <= drawing.width && box.top >= 0)
        assert.ok(box.bottom <= drawing.height)
        for (const other of boxes.slice(index + 1)) assert.ok(other && !overlaps(box, other))
      }
      const paths = (drawing.layers?.lines ?? drawing.arcs?.arcs ?? []).map((each) => each.path)
      assert.doesNotMatch(paths.join(), /NaN|Infinity/)
    }),
    { numRuns: 60 },
  )
})

test('a step over several stages is led past the touchpoints in its way', () => {
  const { layers } = layoutFlow(
    {
      stages,
      places: [place('a', 'Discover'), place('b', 'Decide'), place('c', 'Receive'), place('d', 'Return')],
      links: [link('a', 'b', 50), link('b', 'c', 50), link('c', 'd', 50), link('a', 'd', 40)],
    },
    1000,
    measure,
  )
  const long = layers?.lines.find((line) => line.link.from === 'a' && line.link.to === 'd')
  const through = [...(long?.path.matchAll(/L([\d.]+),([\d.]+)/g) ?? [])].map(([, , y]) => Number(y))
  assert.equal(through.length, 2)
  for (const [index, y] of through.entries()) {
    const node = layers?.nodes.find((each) => each.column === index + 1)
    assert.ok(node && (y < node.box.top || y > node.box.bottom))
  }
})

test('two lines that would cross are uncrossed where the order allows it', () => {
  const { layers } = layoutFlow(
    {
      stages,
      places: [place('a', 'Discover'), place('b', 'Discover'), place('c', 'Decide'), place('d', 'Decide')],
      links: [link('a', 'd', 50), link('b', 'c', 50)],
    },
    1000,
    measure,
  )
  const y = (id: string) => layers?.nodes.find((node) => node.place.id === id)?.box.top ?? 0
  assert.equal(Math.sign(y('a') - y('b')), Math.sign(y('d') - y('c')))
})

test('too many touchpoints: the most met keep their names, the others of a stage stand together', () => {
  const places = Array.from({ length: 20 }, (_, index) =>
    place(String(index), index < 10 ? 'Discover' : 'Return'),
  )
  const links = places.slice(1).map((each, index) => link(String(index), each.id, (index + 1) * 10))
  const found = gather({ stages, places, links, most: 8 })
  assert.equal(found.gatheredPlaces, 12)
  assert.ok(found.places.some((each) => each.name === '10 others' && each.stageId === 'Discover'))
  const sum = (list: { n: number }[]) => list.reduce((total, each) => total + each.n, 0)
  assert.equal(sum(found.links), sum(links), 'no step is lost')
})

test('of too many steps the commonest are drawn, and of each touchpoint one that leads on', () => {
  const places = Array.from({ length: 10 }, (_, index) => place(String(index), 'Discover'))
  const links = places.flatMap((from) =>
    places.map((to) => link(from.id, to.id, from.id === '0' ? 1 : 100 + Number(to.id))),
  )
  const found = gather({ stages, places, links, mostLinks: 20 })
  assert.ok(found.links.some((each) => each.from === '0'))
  assert.equal(found.links.length + found.hiddenLinks, 100)
})

test('a touchpoint says what comes after it and before it', () => {
  const { marks } = layoutFlow(
    {
      stages,
      places: [place('a', 'Discover'), place('b', 'Decide')],
      links: [{ ...link('a', 'b', 41), wait: '3 days' }],
    },
    900,
    measure,
  )
  assert.deepEqual(
    marks.map((mark) => mark.say.replaceAll('\u00a0', ' ')),
    [
      'Touchpoint a: after it comes Touchpoint b (41 %, about 3 days later).',
      'Touchpoint b: nothing comes often enough after it to be shown; before it Touchpoint a (41 times).',
    ],
  )
})
