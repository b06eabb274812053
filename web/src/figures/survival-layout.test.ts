import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CurveStep, layoutSurvival, type SurvivalGroup } from './survival-layout.ts'

const measure = (text: string) => text.length * 6.4
const words = { unit: 'days', happened: 'had come back' }
const step = (time: number, share: number, atRisk: number): CurveStep => ({
  time,
  share,
  low: share - 0.05,
  high: share + 0.05,
  atRisk,
})
const group = (name: string, curve: CurveStep[], median: number | null = null): SurvivalGroup => ({
  id: name,
  name,
  n: 100,
  curve,
  median: { value: median, low: null, high: null, n: 100 },
})

test('a curve is dashed from where few are still followed, and its band ends there', () => {
  const drawing = layoutSurvival(
    [group('All', [step(0, 0, 100), step(100, 0.3, 50), step(200, 0.5, 10), step(300, 0.6, 4)], 200)],
    800,
    measure,
    { ...words, few: 20 },
  )
  const [curve] = drawing.curves
  const end = (path: string) => Number(/H([\d.]+)V[\d.]+$/.exec(path)?.[1])
  assert.ok(curve && curve.line !== '' && curve.dashed !== '' && curve.band !== '')
  assert.ok(end(curve.line) < end(curve.dashed))
  assert.ok(curve.median && drawing.half === curve.median.y)
  const last = drawing.marks.at(-1)?.say.replaceAll('\u00a0', ' ')
  assert.equal(
    last,
    'All: 60 % (55 % to 65 %) had come back within 300 days; only 4 were still followed then.',
  )
})

test('how many are still followed stands below each mark of the axis', () => {
  const drawing = layoutSurvival([group('All', [step(10, 0.1, 90), step(50, 0.2, 60)])], 800, measure, words)
  const at = (time: number) =>
    drawing.curves[0]?.atRisk[drawing.xTicks.findIndex((tick) => tick.text === String(time))]?.text
  assert.deepEqual([at(0), at(10), at(45)], ['100', '90', '90'])
})

test('names of curves that end together stand apart', () => {
  const drawing = layoutSurvival(
    ['A', 'B', 'C', 'D'].map((name) => group(name, [step(0, 0, 99), step(90, 0.3, 40)])),
    800,
    measure,
    words,
  )
  const heights = drawing.curves.map((curve) => curve.name?.y ?? 0).sort((a, b) => a - b)
  for (const [index, y] of heights.entries()) if (index > 0) assert.ok(y - (heights[index - 1] ?? 0) >= 14.9)
})

test('no name stands where another curve runs; the legend has it', () => {
  const drawing = layoutSurvival(
    [
      group('first bought in 2024', [
        step(0, 0, 99),
        step(90, 0.3, 60),
        step(120, 0.31, 50),
        step(400, 0.32, 40),
      ]),
      group('first bought in 2026', [step(0, 0, 99), step(90, 0.31, 40)]),
    ],
    800,
    measure,
    words,
  )
  assert.deepEqual(
    drawing.curves.map((curve) => curve.name?.text ?? null),
    ['first bought in 2024', null],
  )
})

test('ten thousand steps are drawn as fast as the screen can show', () => {
  const long = Array.from({ length: 10_000 }, (_, index) => step(index, index / 20_000, 20_000 - index))
  const drawing = layoutSurvival([group('All', long)], 800, measure, words)
  assert.ok((drawing.curves[0]?.line.match(/H/g)?.length ?? 0) <= 800)
})

test('a group that nobody was followed in is left out', () => {
  assert.deepEqual(layoutSurvival([group('All', [])], 800, measure, words).marks, [])
})
