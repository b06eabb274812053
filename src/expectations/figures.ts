// How the promises stand: counted, with intervals, by promise and by where they were made.
import { sql } from 'kysely'
import { type Share, wilson } from '../stats/proportions.ts'
import { type Db, rows } from '../store/database.ts'
import { decided, decidedByFirst, type ExpectationFilter, held, heldByFirst, picked } from './filter.ts'
import type { SourceKind } from './schema.ts'

export interface Counts {
  /** Kept, not counting exceeded. */
  kept: number
  exceeded: number
  /** Broken, overdue ones included. */
  broken: number
  /** Broken because time ran out, and still awaited. */
  overdue: number
  open: number
  withdrawn: number
  /** Broken, and nobody has made it good. */
  unmended: number
  /** Kept or exceeded, of those that are decided: by the last word, and by the first. */
  byLastWord: Share
  byFirstWord: Share
}

interface RuleCounts extends Counts {
  /** Null: single ones made by hand or by a file. */
  ruleId: number | null
  name: string
}

export interface SourceCounts extends Counts {
  kind: SourceKind
  name: string | null
}

export interface Summary {
  all: Counts
  rules: RuleCounts[]
  /** By kind; and by name where one is known, persons never. */
  sources: SourceCounts[]
}

interface Line {
  ruleId: number | null
  rule: string | null
  kind: SourceKind
  source: string | null
  kept: number
  exceeded: number
  broken: number
  overdue: number
  open: number
  withdrawn: number
  unmended: number
  decided: number
  held: number
  decidedByFirst: number
  heldByFirst: number
}

/** Persons who made promises are one source here: insights/effects tells them apart, to whom it may. */
export async function summary(db: Db, filter: ExpectationFilter): Promise<Summary> {
  const lines = await rows(
    db,
    sql<Line>`
      with e as (${picked(filter)})
      select e.rule_id as "ruleId", r.name as rule, e.source_kind as kind,
        case when e.source_kind <> 'person' then e.source_name end as source,
        count(*) filter (where e.state = 'kept')::integer as kept,
        count(*) filter (where e.state = 'exceeded')::integer as exceeded,
        count(*) filter (where e.state = 'broken')::integer as broken,
        count(*) filter (where e.state = 'broken' and e.awaited)::integer as overdue,
        count(*) filter (where e.state = 'open')::integer as open,
        count(*) filter (where e.state = 'withdrawn')::integer as withdrawn,
        count(*) filter (where e.state = 'broken' and e.mended_at is null)::integer as unmended,
        count(*) filter (where ${decided})::integer as decided,
        count(*) filter (where ${held})::integer as held,
        count(*) filter (where ${decidedByFirst})::integer as "decidedByFirst",
        count(*) filter (where ${decidedByFirst} and ${heldByFirst})::integer as "heldByFirst"
      from e
      left join expectation_rules r on r.id = e.rule_id
      group by 1, 2, 3, 4
      order by 1 nulls last, 3, 4 nulls first`,
  )
  const ruleIds = [...new Set(lines.map(({ ruleId }) => ruleId))]
  const kinds = [...new Set(lines.map(({ kind }) => kind))]
  const sources = kinds.flatMap((kind) => {
    const ofKind = lines.filter((line) => line.kind === kind)
    const names = [...new Set(ofKind.map(({ source }) => source).filter((name) => name !== null))]
    return [
      { kind, name: null, ...add(ofKind) },
      ...names.map((name) => ({ kind, name, ...add(ofKind.filter((line) => line.source === name)) })),
    ]
  })
  return {
    all: add(lines),
    rules: ruleIds.map((ruleId) => {
      const ofRule = lines.filter((line) => line.ruleId === ruleId)
      return { ruleId, name: ofRule[0]?.rule ?? 'Said one by one', ...add(ofRule) }
    }),
    sources,
  }
}

function add(lines: Line[]): Counts {
  const sum = (read: (line: Line) => number) => lines.reduce((total, line) => total + read(line), 0)
  return {
    kept: sum((line) => line.kept),
    exceeded: sum((line) => line.exceeded),
    broken: sum((line) => line.broken),
    overdue: sum((line) => line.overdue),
    open: sum((line) => line.open),
    withdrawn: sum((line) => line.withdrawn),
    unmended: sum((line) => line.unmended),
    byLastWord: wilson(
      sum((line) => line.held),
      sum((line) => line.decided),
    ),
    byFirstWord: wilson(
      sum((line) => line.heldByFirst),
      sum((line) => line.decidedByFirst),
    ),
  }
}

export interface Gaps {
  dimension: 'days' | 'money' | 'points'
  currency: string | null
  n: number
  median: number | null
  /** 10th and 90th of 100. */
  low: number | null
  high: number | null
  /** Broken with nothing to measure yet. */
  awaited: number
  /** Equal steps; the first and the last take in whatever lies beyond. */
  bins: { from: number; to: number; n: number }[]
}

/** How far off what came was, against the last word (or the first), for one promise. Positive is worse than said. */
export async function gaps(
  db: Db,
  filter: ExpectationFilter & { ruleId: number },
  word: 'first' | 'last' = 'last',
): Promise<Gaps> {
  const gap = word === 'last' ? sql`e.gap` : sql`e.first_gap`
  const found = await rows(
    db,
    sql<{ gap: number; n: number }>`
      with e as (${picked(filter)})
      select ${gap} as gap, count(*)::integer as n
      from e
      where ${gap} is not null
      group by 1
      order by 1`,
  )
  const [rest] = await rows(
    db,
    sql<{ awaited: number; dimension: Gaps['dimension'] | null; currency: string | null }>`
      with e as (${picked(filter)})
      select count(*) filter (where e.awaited)::integer as awaited, max(e.dimension) as dimension,
        max(e.currency) as currency
      from e`,
  )
  const n = found.reduce((total, each) => total + each.n, 0)
  return {
    dimension: rest?.dimension ?? 'days',
    currency: rest?.currency ?? null,
    n,
    median: quantile(found, n, 0.5),
    low: quantile(found, n, 0.1),
    high: quantile(found, n, 0.9),
    awaited: rest?.awaited ?? 0,
    bins: binned(found, n),
  }
}

function quantile(values: { gap: number; n: number }[], n: number, share: number): number | null {
  let seen = 0
  for (const each of values) {
    seen += each.n
    if (seen >= n * share) return each.gap
  }
  return null
}

/** Around the promise, wide enough for 96 of 100, in steps that are easy to read; the promise itself is an edge. */
function binned(values: { gap: number; n: number }[], n: number): Gaps['bins'] {
  if (n === 0) return []
  const low = quantile(values, n, 0.02) ?? 0
  const high = quantile(values, n, 0.98) ?? 0
  const step = niceStep((Math.max(high, 0) - Math.min(low, 0)) / 40)
  const first = Math.floor(Math.min(low, 0) / step) * step
  const last = Math.max(Math.ceil(Math.max(high, 0) / step) * step, step)
  const bins: Gaps['bins'] = []
  // A bin holds from < gap ≤ to: on the day is the last of what is kept.
  for (let from = first - step; from < last; from += step) bins.push({ from, to: from + step, n: 0 })
  for (const each of values) {
    const index = Math.ceil((each.gap - first) / step - 1e-9)
    const bin = bins[Math.min(Math.max(index, 0), bins.length - 1)]
    if (bin) bin.n += each.n
  }
  return bins
}

function niceStep(least: number): number {
  let scale = 1
  for (;;) {
    for (const step of [1, 2, 5]) if (step * scale >= least) return step * scale
    scale *= 10
  }
}
