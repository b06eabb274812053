// What is held equal when two groups are compared: everything was known before the promise was made, except
// the wait, which belongs to the comparison itself ("the same wait, promised otherwise").
import { type Rows, sparseColumns } from '../../stats/rows.ts'
import type { Cases } from './cases.ts'

export interface Controls {
  full: Float64Array[]
  /** Which cell of each factor a row lies in, −1 for none; one column a cell. */
  factors: { cells: number; of: Int32Array }[]
  /** In words, for the reader. */
  names: string[]
}

/** A month, or a channel, with fewer rows than this is put together with the rest. */
const fewestInCell = 30
/** Rows there must be for each thing that is held equal, lest the answer be made of noise. */
const rowsPerColumn = 8

/**
 * The columns for `rows` (rows of Cases, one may come several times). `wait`: hold it equal too. With few rows
 * fewer things are held equal; months and channels go first.
 */
export function controlsFor(cases: Cases, rows: Int32Array, { wait }: { wait: boolean }): Controls {
  const take = (values: Float64Array, change = (value: number) => value) =>
    Float64Array.from(rows, (row) => change(values[row] as number))
  const months = monthsOf(cases, rows)
  const channels = cellsOf(take(cases.channel))
  const offered: { name: string; full: Float64Array[]; factor?: Controls['factors'][number] | undefined }[] =
    [
      ...(wait && !sameThing(take(cases.wait), take(cases.gap))
        ? [{ name: 'the wait', full: waited(take(cases.wait)) }]
        : []),
      {
        name: 'how active they had been',
        full: [take(cases.activity, Math.log1p), take(cases.boughtBefore, (n) => Math.min(n, 2))],
      },
      {
        name: 'the value',
        full: [
          take(cases.value, (minor) => Math.log1p(Math.max(0, minor || 0))),
          take(cases.value, (minor) => Number(Number.isNaN(minor))),
        ],
      },
      { name: 'whether it is a company', full: [take(cases.company)] },
      ...(months ? [{ name: months.name, full: [], factor: months.factor }] : []),
      ...(channels ? [{ name: 'the channel they came by', full: [], factor: channels }] : []),
    ]
  const controls: Controls = { full: [], factors: [], names: [] }
  let columns = 0
  for (const { name, full, factor } of offered) {
    const varying = full.filter(varies)
    const more = varying.length + (factor?.cells ?? 0)
    if (more === 0 || (columns + more) * rowsPerColumn > rows.length) continue
    columns += more
    controls.full.push(...varying)
    if (factor) controls.factors.push(factor)
    controls.names.push(name)
  }
  return controls
}

/** Rows for a regression: the columns asked about come first. `units`: whose row each is. */
export function rowsWith(
  outcome: Float64Array,
  asked: Float64Array[],
  { full, factors }: Controls,
  units: Int32Array,
): Rows {
  const n = outcome.length
  const row: number[] = []
  const column: number[] = []
  for (let at = 0; at < n; at++) {
    let first = 0
    for (const { cells, of } of factors) {
      const cell = of[at] as number
      if (cell >= 0) {
        row.push(at)
        column.push(first + cell)
      }
      first += cells
    }
  }
  const cells = factors.reduce((sum, factor) => sum + factor.cells, 0)
  return {
    n,
    full: [...asked, ...full],
    outcome,
    units: renumbered(units),
    ...(cells === 0
      ? {}
      : {
          sparse: sparseColumns(n, cells, {
            row: Int32Array.from(row),
            column: Int32Array.from(column),
            value: new Float64Array(row.length).fill(1),
          }),
        }),
  }
}

/**
 * Where everybody was told the same, to wait longer is to get it later: the one can't be told from the other,
 * and the wait is not held equal.
 */
function sameThing(wait: Float64Array, gap: Float64Array): boolean {
  const rows = [...wait.keys()].filter((row) => !Number.isNaN(wait[row]) && !Number.isNaN(gap[row]))
  const mean = (values: Float64Array) =>
    rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length
  const [waits, gaps] = [mean(wait), mean(gap)]
  let [ww, gg, wg] = [0, 0, 0]
  for (const row of rows) {
    const w = (wait[row] as number) - waits
    const g = (gap[row] as number) - gaps
    ww += w * w
    gg += g * g
    wg += w * g
  }
  return !(wg * wg < 0.9 * ww * gg)
}

/** Weeks, and their square about the mean: a long wait may weigh otherwise than a short one. */
function waited(days: Float64Array): Float64Array[] {
  const weeks = days.map((each) => (Number.isNaN(each) ? 0 : Math.min(each / 7, 520)))
  const mean = weeks.reduce((sum, each) => sum + each, 0) / Math.max(1, weeks.length)
  return [weeks, weeks.map((each) => (each - mean) ** 2)]
}

/** By month, or by quarter or year where months hold too few; undefined where even years do. */
function monthsOf(cases: Cases, rows: Int32Array) {
  const month = Float64Array.from(rows, (row) => {
    const date = new Date((cases.openedAt[row] as number) / 1000)
    return date.getUTCFullYear() * 12 + date.getUTCMonth()
  })
  for (const { name, months } of [
    { name: 'the month', months: 1 },
    { name: 'the quarter', months: 3 },
    { name: 'the year', months: 12 },
  ]) {
    const factor = cellsOf(month.map((each) => Math.floor(each / months)))
    // the largest cell has no column of its own
    if (factor && (factor.cells + 1) * fewestInCell * 2 <= rows.length) return { name, factor }
  }
  return undefined
}

/** A column for each value that is common enough, but for the commonest: that is what they are compared with. */
function cellsOf(values: Float64Array): Controls['factors'][number] | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [, ...common] = [...counts]
    .filter(([, n]) => n >= fewestInCell)
    .toSorted(([a, n], [b, m]) => m - n || a - b)
    .map(([value]) => value)
  const rare = [...counts].reduce((sum, [, n]) => sum + (n < fewestInCell ? n : 0), 0)
  const cells = common.length + (rare > 0 && counts.size > common.length + 1 ? 1 : 0)
  if (cells === 0) return undefined
  const place = new Map(common.map((value, index) => [value, index]))
  const of = Int32Array.from(values, (value) => {
    const known = place.get(value)
    if (known !== undefined) return known
    return (counts.get(value) ?? 0) >= fewestInCell ? -1 : common.length
  })
  return { cells, of }
}

function varies(values: Float64Array): boolean {
  return values.some((value) => value !== values[0])
}

/** The same order without gaps, as a regression wants its units. */
function renumbered(units: Int32Array): Int32Array {
  const known = new Map<number, number>()
  return units.map((unit) => {
    const found = known.get(unit)
    if (found !== undefined) return found
    known.set(unit, known.size)
    return known.size - 1
  })
}
