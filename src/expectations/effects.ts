// What goes along with a broken promise: the stars given after it came, and coming back, by how far off it
// was. Lateness acts as a step at the promise and then a plateau, so it is shown as a curve of groups.
import { sql } from 'kysely'
import { type Mean, meanFrom } from '../stats/means.ts'
import { type Difference, newcombe, type Share, wilson } from '../stats/proportions.ts'
import { type Db, rows } from '../store/database.ts'
import { answers } from './answers.ts'
import { type ExpectationFilter, picked } from './filter.ts'

interface Dose {
  /** The gap of this group, both ends included; null: without end. Days, minor units or points. */
  from: number | null
  to: number | null
  /** Stars given once it had come. */
  stars: Mean
  /** Who bought again within the horizon after it came, of those seen for that long. */
  cameBack: Share
}

export interface DoseResponse {
  /** Days within which coming back counts. */
  horizon: number
  doses: Dose[]
  kept: { stars: Mean; cameBack: Share }
  broken: { stars: Mean; cameBack: Share }
  /** Broken minus kept. */
  starsDifference: Difference | null
  cameBackDifference: Difference | null
  /** Decided too recently to know who comes back. */
  tooRecent: number
}

/** By the gap against the last word; only answers that were given after it had come. */
export async function doseResponse(
  db: Db,
  filter: ExpectationFilter & { ruleId: number },
  horizon = 365,
): Promise<DoseResponse> {
  const stars = await rows(
    db,
    sql<{ gap: number; n: number; sum: number; squares: number }>`
      with e as (${picked(filter)}), ${answers(sql`e`)}
      select gap, count(*)::integer as n, sum(stars)::double precision as sum,
        sum(stars * stars)::double precision as squares
      from answer
      where moment in ('in time', 'came late') and gap is not null
      group by 1
      order by 1`,
  )
  // Whoever came back is seen by any later purchase; one without a date of sale can't tell.
  const back = await rows(
    db,
    sql<{ gap: number; n: number; back: number; recent: number }>`
      with e as (${picked(filter)}),
      seen as (
        select max(sold_at) as until
        from purchases
      ),
      followed as (
        select e.gap, e.came_at + make_interval(days => ${horizon}) <= least(seen.until, now()) as seen_long,
          exists (
            select 1
            from customers c
            join purchases p on p.customer_id = c.id
            where c.canonical_id = e.canonical_id
              and p.id is distinct from e.purchase_id
              and p.sold_at > e.came_at
              and p.sold_at <= e.came_at + make_interval(days => ${horizon})
          ) as back
        from e
        cross join seen
        where e.came_at is not null and e.gap is not null
      )
      select gap, count(*) filter (where seen_long)::integer as n,
        count(*) filter (where seen_long and back)::integer as back,
        count(*) filter (where seen_long is not true)::integer as recent
      from followed
      group by 1
      order by 1`,
  )
  const edges = edgesFor([...stars, ...back])
  const within = (from: number | null, to: number | null) => (line: { gap: number }) =>
    (from === null || line.gap >= from) && (to === null || line.gap <= to)
  const meanOf = (lines: typeof stars) =>
    meanFrom(
      total(lines, ({ n }) => n),
      total(lines, ({ sum }) => sum),
      total(lines, ({ squares }) => squares),
    )
  const shareOf = (lines: typeof back) =>
    wilson(
      total(lines, (line) => line.back),
      total(lines, ({ n }) => n),
    )
  const group = (from: number | null, to: number | null) => ({
    stars: meanOf(stars.filter(within(from, to))),
    cameBack: shareOf(back.filter(within(from, to))),
  })
  const kept = group(null, 0)
  const broken = {
    stars: meanOf(stars.filter(({ gap }) => gap > 0)),
    cameBack: shareOf(back.filter(({ gap }) => gap > 0)),
  }
  return {
    horizon,
    doses: edges.map(([from, to]) => ({ from, to, ...group(from, to) })),
    kept,
    broken,
    starsDifference: between(broken.stars, kept.stars),
    cameBackDifference: newcombe(broken.cameBack, kept.cameBack),
    tooRecent: total(back, ({ recent }) => recent),
  }
}

function total<Line>(lines: Line[], read: (line: Line) => number): number {
  return lines.reduce((sum, line) => sum + read(line), 0)
}

/** The difference of two independent means; their half widths add as squares. */
function between(a: Mean, b: Mean): Difference | null {
  if (a.value === null || b.value === null || a.low === null || b.low === null) return null
  const half = Math.hypot(a.value - a.low, b.value - b.low)
  const value = a.value - b.value
  return { value, low: value - half, high: value + half }
}

type Edge = [number | null, number | null]

const dayEdges: Edge[] = [
  [null, -15],
  [-14, -8],
  [-7, -4],
  [-3, -1],
  [0, 0],
  [1, 2],
  [3, 5],
  [6, 10],
  [11, 20],
  [21, null],
]

/** Days as people count them; for what is spread otherwise (cents), fifths of each side of the promise. */
function edgesFor(lines: { gap: number }[]): Edge[] {
  const gaps = [...new Set(lines.map(({ gap }) => gap))].toSorted((a, b) => a - b)
  const largest = Math.max(...gaps.map(Math.abs), 0)
  if (largest <= 400 && gaps.every(Number.isInteger)) return dayEdges
  const cut = (side: number[]): number[] =>
    [0.2, 0.4, 0.6, 0.8]
      .map((share) => side[Math.floor(side.length * share)])
      .filter((each) => each !== undefined)
  const bounds = [
    ...new Set([...cut(gaps.filter((gap) => gap <= 0)), 0, ...cut(gaps.filter((gap) => gap > 0))]),
  ]
  return [null, ...bounds].map((from, index) => [
    from === null ? null : from + Number.EPSILON * Math.max(1, Math.abs(from)),
    bounds[index] ?? null,
  ])
}
