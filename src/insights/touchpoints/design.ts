// Which columns a buyer becomes: controls first (what equals are equal in), then for each touchpoint a group:
// met there, felt badly, felt well. Met but not asked is met and neither. Experience stands as two steps rather
// than one slope, because it acts in steps (a broken promise is a step and then a plateau), and so that
// bad and good may weigh differently.
import type { Rows } from '../../stats/rows.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { type Activity, type ActivityColumns, halfLevel } from './activity.ts'
import type { Buyers } from './buyers.ts'
import { type Controls, controlsOf } from './controls.ts'
import type { Touched } from './touched.ts'

/** Experiences nearer to 0 than this are neither good nor bad. */
const band = 0.1

export function feelingOf(felt: number): 'bad' | 'good' | null {
  return felt < -band ? 'bad' : felt > band ? 'good' : null
}

/** A column needs as many with it and as many without it. */
export const fewestEach = 30
/** At most one column of a touchpoint for so many buyers. */
const buyersPerColumn = 12

/** Where a touchpoint's columns are; null: too few with it or without it. */
export interface GroupColumns {
  /** Place in the list of touchpoints. */
  place: number
  met: number | null
  bad: number | null
  good: number | null
}

/** Which columns there are, and what each buyer's values are taken from. */
export interface Plan {
  /** All columns of controls, the activity level among them. */
  controls: number[]
  groups: GroupColumns[]
  activity: ActivityColumns
  period: Controls['period']
  /** How many there are, with columns or without. */
  touchpoints: number
  from: {
    /** Columns with a value for every buyer. */
    full: Float64Array[]
    controls: Controls
    places: Places
    /** How many columns are zero for most. */
    sparse: number
  }
}

export interface Design extends Plan {
  rows: Rows
}

/** How many buyers met a touchpoint, and how many felt badly or well there. */
export interface Met {
  met: number
  bad: number
  good: number
}

export function metCounts(touched: Touched, touchpoints: number): Met[] {
  const counts = Array.from({ length: touchpoints }, () => ({ met: 0, bad: 0, good: 0 }))
  for (let entry = 0; entry < touched.touchpoint.length; entry++) {
    const here = counts[touched.touchpoint[entry] as number] as Met
    const felt = touched.felt[entry] as number
    here.met++
    if (felt < -band) here.bad++
    else if (felt > band) here.good++
  }
  return counts
}

export function designOf(
  buyers: Buyers,
  columns: Columns<Column>,
  touched: Touched,
  met: readonly Met[],
  activity: Activity,
): Design {
  const plan = planOf(controlsOf(buyers, columns), met, activity)
  return { ...plan, rows: rowsOf(plan, touched, buyers.outcome) }
}

export function planOf(controls: Controls, met: readonly Met[], activity: Activity): Plan {
  const full = [controls.value, activity.level]
  const first = full.length + controls.count
  const groups = chosenGroups(met, activity.level.length, first)
  const columnsSoFar = first + groups.reduce((sum, group) => sum + inGroup(group).length, 0)
  const without = activity.touchpoints
    .flatMap(({ place, factor }) => {
      const group = groups.find((each) => each.place === place)
      return group ? [{ place, factor, group: inGroup(group) }] : []
    })
    .map((each, index) => ({ ...each, column: columnsSoFar + index }))
  return {
    controls: Array.from({ length: first }, (_, each) => each),
    groups,
    activity: {
      level: 1,
      controls: Array.from({ length: first }, (_, each) => each).filter((each) => each !== 1),
      without,
      chance: activity.chance,
    },
    period: controls.period,
    touchpoints: met.length,
    from: {
      full,
      controls,
      places: places(groups, without, activity, met.length),
      sparse: columnsSoFar + without.length - full.length,
    },
  }
}

/** The buyers from … to − 1. */
export function rowsOf(
  { from: { full, controls, places, sparse } }: Pick<Plan, 'from'>,
  touched: Touched,
  outcome: Float64Array,
  from = 0,
  to = outcome.length,
): Rows {
  const entries = (touched.starts[to] as number) - (touched.starts[from] as number)
  const rows = new SparseRows(to - from, entries, full.length)
  for (let buyer = from; buyer < to; buyer++) {
    addControls(rows, controls, buyer, full.length)
    addTouchpoints(rows, touched, buyer, places)
    rows.endRow()
  }
  return {
    n: to - from,
    full: full.map((each) => each.subarray(from, to)),
    sparse: rows.whole(sparse),
    outcome: outcome.subarray(from, to),
  }
}

export function inGroup({ met, bad, good }: GroupColumns): number[] {
  return [met, bad, good].filter((each) => each !== null)
}

/** Groups of columns that enough buyers have and enough don't; with many, those that divide the buyers best. */
function chosenGroups(met: readonly Met[], n: number, first: number): GroupColumns[] {
  const divides = (count: number) => Math.min(count, n - count)
  const wanted = met
    .flatMap((each, place) =>
      (['met', 'bad', 'good'] as const).map((what) => ({ place, what, divides: divides(each[what]) })),
    )
    .filter((each) => each.divides >= fewestEach)
    .toSorted((a, b) => b.divides - a.divides || a.place - b.place)
    .slice(0, Math.floor(n / buyersPerColumn))
  let next = first
  return met.flatMap((_, place) => {
    const column = (what: 'met' | 'bad' | 'good') =>
      wanted.some((each) => each.place === place && each.what === what) ? next++ : null
    const group = { place, met: column('met'), bad: column('bad'), good: column('good') }
    return inGroup(group).length > 0 ? [group] : []
  })
}

/** By touchpoint, where its columns are; −1: it has none. */
interface Places {
  met: Int32Array
  bad: Int32Array
  good: Int32Array
  without: Int32Array
  /** 1 where its steps count as activity. */
  active: Uint8Array
}

function places(
  groups: GroupColumns[],
  without: { place: number; column: number }[],
  activity: Activity,
  touchpoints: number,
): Places {
  const none = () => new Int32Array(touchpoints).fill(-1)
  const where: Places = {
    met: none(),
    bad: none(),
    good: none(),
    without: none(),
    active: new Uint8Array(touchpoints),
  }
  for (const { place, met, bad, good } of groups) {
    where.met[place] = met ?? -1
    where.bad[place] = bad ?? -1
    where.good[place] = good ?? -1
  }
  for (const { place, column } of without) where.without[place] = column
  for (const { place } of activity.touchpoints) where.active[place] = 1
  return where
}

function addControls(sparse: SparseRows, controls: Controls, buyer: number, first: number): void {
  let next = first
  for (const flag of controls.flags) {
    if (flag[buyer] === 1) sparse.add(next, 1)
    next++
  }
  for (const choice of controls.choices) {
    const chosen = choice.of[buyer] as number
    if (chosen >= 0) sparse.add(next + chosen, 1)
    next += choice.columns
  }
}

function addTouchpoints(sparse: SparseRows, touched: Touched, buyer: number, where: Places): void {
  const begin = touched.starts[buyer] as number
  const end = touched.starts[buyer + 1] as number
  let steps = 0
  for (let entry = begin; entry < end; entry++) {
    const place = touched.touchpoint[entry] as number
    const felt = touched.felt[entry] as number
    const met = where.met[place] as number
    if (met >= 0) sparse.add(met, 1)
    const bad = where.bad[place] as number
    if (felt < -band && bad >= 0) sparse.add(bad, 1)
    const good = where.good[place] as number
    if (felt > band && good >= 0) sparse.add(good, 1)
    if (where.active[place] === 1) steps += touched.before[entry] as number
  }
  if (steps === 0) return
  for (let entry = begin; entry < end; entry++) {
    const without = where.without[touched.touchpoint[entry] as number] as number
    if (without < 0) continue
    const change = halfLevel(steps - (touched.before[entry] as number)) - halfLevel(steps)
    if (change !== 0) sparse.add(without, change)
  }
}

/** Sparse columns, written row by row with their columns ascending. */
class SparseRows {
  private readonly starts: Uint32Array
  private readonly before: number
  private index: Uint16Array
  private value: Float64Array
  private count = 0
  private row = 0

  /** @param before columns that stand in front of the sparse ones */
  constructor(rows: number, entries: number, before: number) {
    this.starts = new Uint32Array(rows + 1)
    this.before = before
    const room = Math.ceil(1.4 * entries) + 6 * rows + 16
    this.index = new Uint16Array(room)
    this.value = new Float64Array(room)
  }

  add(column: number, value: number): void {
    if (this.count === this.index.length) this.grow()
    this.index[this.count] = column - this.before
    this.value[this.count++] = value
  }

  endRow(): void {
    this.starts[++this.row] = this.count
  }

  whole(columns: number): NonNullable<Rows['sparse']> {
    return {
      columns,
      starts: this.starts,
      index: this.index.subarray(0, this.count),
      value: this.value.subarray(0, this.count),
    }
  }

  private grow(): void {
    const index = new Uint16Array(this.index.length * 2)
    index.set(this.index)
    this.index = index
    const value = new Float64Array(this.value.length * 2)
    value.set(this.value)
    this.value = value
  }
}
