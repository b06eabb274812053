import { test } from 'node:test'
import { drawMoments } from './block-moments.ts'
import { Forms } from './forms.ts'
import { Seeded } from './seeded.ts'
import { drawnRows, near, told } from './testing.ts'

test('a form is in each part what its rows make of it, whatever columns it reads and in which order', () => {
  const rows = drawnRows(37, 9, 4)
  const draws = told(drawMoments(rows, { replicates: 2 }))
  const columns = [7, 2, 5, 0]
  const { scale } = draws.whole
  const values = [rows.outcome, ...columns.map((column) => rows.full[column] as Float64Array)]
  // as moments hold them: brought to at most 1, and here about their means
  const scaled = values.map((each, i) => {
    const place = i === 0 ? scale.length - 1 : (columns[i - 1] as number) + 1
    const mean = each.reduce((sum, value) => sum + value, 0) / each.length
    return each.map((value) => (value - mean) / (scale[place] as number))
  })
  const random = new Seeded(8)
  const drawn = (size: number) => Float64Array.from({ length: size }, () => random.normal())
  const wanted = [5, 2, 3, 5, 1].map((size) => ({ a: drawn(size), b: drawn(size), c: drawn(size) }))
  const forms = new Forms(draws, columns, wanted.length)
  for (const [form, { a, b, c }] of wanted.entries()) {
    forms.add(form, a, b, 1)
    forms.add(form, c, c, -2)
  }
  const { width, values: found } = forms.ofParts()
  const along = (vector: Float64Array, row: number) =>
    vector.reduce((sum, weight, i) => sum + weight * (scaled[i]?.[row] ?? 0), 0)
  for (let row = 0; row < rows.n; row++)
    for (const [form, { a, b, c }] of wanted.entries())
      near(found[row * width + form], along(a, row) * along(b, row) - 2 * along(c, row) ** 2, 1e-9)
})
