// Bars from one ground, and how something is spread around the promise.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutBars } from './bar-layout.ts'
import { layoutHistogram } from './histogram-layout.ts'

const measure = (text: string) => text.length * 6.4

test('two sides share one scale, so that the longer bar is the larger figure, and stay inside', () => {
  const row = (id: string, bad: number, good: number) => ({
    id,
    name: id,
    opposite: { value: bad, text: `${bad}`, tone: 'bad' as const },
    bar: { value: good, text: `${good}`, tone: 'good' as const },
    say: id,
  })
  for (const width of [300, 900]) {
    const { rows, ground } = layoutBars([row('late', 40, 10), row('kind', 0, 20)], width, measure, [
      'bad',
      'good',
    ])
    const [late, kind] = rows.map(({ bars }) => bars)
    assert.ok(Math.abs((late?.[0]?.width ?? 0) - 4 * (late?.[1]?.width ?? 0)) < 0.01)
    assert.equal(kind?.[0]?.width, 0)
    assert.equal((late?.[0]?.x ?? 0) + (late?.[0]?.width ?? 0), ground)
    for (const bar of [...(late ?? []), ...(kind ?? [])]) {
      const end = bar.anchor === 'end' ? bar.textX - measure(bar.text) : bar.textX + measure(bar.text)
      assert.ok(end >= 0 && end <= width, `${bar.text} at ${end} of ${width}`)
    }
  }
  assert.deepEqual(layoutBars([], 300, measure).marks, [])
})

test('what came by the promised day stands on the good side, and an empty step is no bar', () => {
  const bins = [
    { from: -2, to: -1, n: 4 },
    { from: -1, to: 0, n: 0 },
    { from: 0, to: 1, n: 2 },
  ]
  const options = { formatTick: String, say: () => 'so many' }
  const { bars, marks, promiseX } = layoutHistogram(bins, 600, measure, options)
  assert.deepEqual(
    bars.map(({ tone }) => tone),
    ['good', 'bad'],
  )
  assert.ok((bars[0]?.height ?? 0) > (bars[1]?.height ?? 0))
  assert.ok((bars[0]?.x ?? 0) < promiseX && (bars[1]?.x ?? 0) > promiseX)
  assert.equal(marks[0]?.say, 'so many: 4.')
})
