// What goes along with a broken promise: the stars given after it came, and coming back, by how far off it
// was. Lateness acts as a step at the promise and then a plateau, so it is shown as a curve of groups.
import { sql } from 'kysely'
import { doseEdges, type Edge, meanOfDoses, within } from '../stats/dose-response.ts'
import type { Mean } from '../stats/means.ts'
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
  const edges = doseEdges([...stars, ...back])
  const shareOf = (lines: typeof back) =>
    wilson(
      total(lines, (line) => line.back),
      total(lines, ({ n }) => n),
    )
  const group = (edge: Edge) => ({
    stars: meanOfDoses(stars.filter(within(edge))),
    cameBack: shareOf(back.filter(within(edge))),
  })
  const kept = group([null, 0])
  const broken = {
    stars: meanOfDoses(stars.filter(({ gap }) => gap > 0)),
    cameBack: shareOf(back.filter(({ gap }) => gap > 0)),
  }
  return {
    horizon,
    doses: edges.map(([from, to]) => ({ from, to, ...group([from, to]) })),
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
