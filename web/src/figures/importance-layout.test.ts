import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ImportancePoint, layoutImportance } from './importance-layout.ts'

const measure = (text: string) => text.length * 6.4
const point = (
  name: string,
  importance: number,
  experience: number,
  quadrant: ImportancePoint['quadrant'],
) => ({
  id: name,
  name,
  importance: { value: importance, low: importance - 0.05, high: importance + 0.05, n: 900 },
  experience: { value: experience, low: experience - 0.06, high: experience + 0.06, n: 900 },
  quadrant,
})

test('what matters is high, what goes badly is left, and a quarter has a name only when something surely lies in it', () => {
  const drawing = layoutImportance(
    [point('Delivery', 0.3, -0.4, 'mend'), point('Assembly', 0.1, 0.3, null)],
    800,
    { matters: 0.2, measure },
  )
  const [delivery, assembly] = drawing.dots
  assert.ok(delivery && assembly && drawing.splitY !== null)
  assert.ok(delivery.x < drawing.splitX && delivery.y < drawing.splitY && delivery.tone === 'bad')
  assert.ok(assembly.x > drawing.splitX && assembly.y > drawing.splitY && assembly.tone === 'faint')
  assert.deepEqual(
    drawing.quarters.map((quarter) => quarter.quadrant),
    ['mend'],
  )
  assert.equal(
    drawing.marks[0]?.say,
    'Delivery: 30 % (25 % to 35 %) of what can be told apart; experience bad, −0.4 (−0.46 to −0.34), from 900 customers; matters, goes badly: mend first.'.replaceAll(
      ' %',
      '\u00a0%',
    ),
  )
})

test('one that matters far more than all others stands above the scale with its figure, and the others spread', () => {
  const others = [0.0025, 0.0021, 0.0012, 0.0008, 0.0004, 0.0001, 0.0001]
  const points = [
    point('Care call', 0.0142, 0.4, 'keep'),
    ...others.map((importance, index) => point(`Moment ${index}`, importance, index / 10 - 0.3, null)),
  ].map((each) => ({ ...each, importance: { ...each.importance, low: null, high: null } }))
  for (const width of [330, 800]) {
    const drawing = layoutImportance(points, width, { matters: 0.001, measure })
    const [call, ...rest] = drawing.dots
    assert.ok(call?.beyond && call.y < drawing.plot.top && call.y > 0)
    assert.equal(drawing.marks.length, points.length)
    const name = drawing.names.find(({ id }) => id === 'Care call')
    assert.equal(name?.text.replaceAll('\u00a0', ' '), 'Care call 1.4 %')
    const ys = rest.map(({ y }) => y)
    const { plot } = drawing
    assert.ok(Math.max(...ys) - Math.min(...ys) > (plot.bottom - plot.top) * 0.6, 'the others spread')
    assert.ok(ys.every((y) => y > plot.top && y < plot.bottom))
  }
  const near = layoutImportance(points.slice(1), 800, { matters: 0.001, measure })
  assert.equal(near.beyond, null)
})

test('a touchpoint that nobody was asked about stands beside the picture, as high as it matters', () => {
  const unasked = {
    ...point('Care call', 0.3, 0, null),
    experience: { value: null, low: null, high: null, n: 2 },
  }
  const drawing = layoutImportance([point('Delivery', 0.1, 0.4, null), unasked], 800, {
    matters: 0.2,
    measure,
  })
  const [call, delivery] = drawing.dots
  assert.ok(call && delivery && drawing.strip)
  assert.ok(call.x > drawing.strip.from && call.y < delivery.y && delivery.x < drawing.plot.right)
  assert.match(drawing.marks[0]?.say ?? '', /nobody said how it was/)
  const alone = layoutImportance([unasked], 800, { matters: null, measure })
  assert.ok(alone.marks.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
})

test('a touchpoint that too few met is not placed', () => {
  const unmet = { ...point('Repair', 0.1, 0, null), importance: { value: null, low: null, high: null, n: 2 } }
  assert.deepEqual(layoutImportance([unmet], 800, { matters: null, measure }).marks, [])
})

test('whatever the figures are, everything stands inside the picture', () => {
  const estimate = (min: number, max: number) =>
    fc
      .record({
        value: fc.option(fc.double({ min, max, noNaN: true }), { nil: null }),
        half: fc.option(fc.double({ min: 0, max: max - min, noNaN: true }), { nil: null }),
        n: fc.integer({ min: 0, max: 2_000_000_000 }),
      })
      .map(({ value, half, n }) => ({
        value,
        low: value === null || half === null ? null : value - half,
        high: value === null || half === null ? null : value + half,
        n,
      }))
  const points = fc.array(
    fc.record({
      name: fc.string({ maxLength: 80 }),
      importance: estimate(0, 1),
      experience: estimate(-1, 1),
      quadrant: fc.constantFrom('mend' as const, 'keep' as const, 'minor' as const, 'fine' as const, null),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(points, fc.integer({ min: 240, max: 1600 }), (given, width) => {
      const drawing = layoutImportance(
        given.map((each, index) => ({ ...each, id: String(index) })),
        width,
        { matters: 0.2, measure },
      )
      for (const { x, y, across, up } of drawing.dots)
        for (const value of [x, y, across?.from, across?.to, up?.from, up?.to])
          if (value !== undefined) assert.ok(value >= 0 && value <= Math.max(drawing.width, drawing.height))
      for (const mark of drawing.marks) assert.doesNotMatch(mark.say, /NaN|undefined|Infinity/)
    }),
    { numRuns: 60 },
  )
})
