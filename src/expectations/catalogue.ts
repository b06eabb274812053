// The promises the company makes: how often each is kept, where it is said, and what could be kept instead.
import { sql } from 'kysely'
import { type Share, wilson } from '../stats/proportions.ts'
import { type Followed, type WaitQuantile, waitQuantile } from '../stats/survival.ts'
import { type Db, rows } from '../store/database.ts'
import { type Counts, type SourceCounts, summary } from './figures.ts'
import { type ExpectationFilter, picked } from './filter.ts'
import { listRules, type StoredRule } from './rules.ts'

/** Fewer have come than this: no promise is drawn from it. */
const fewestForPromise = 30

interface Keepable {
  /** Days from the opening (or minor units, points) that could be kept 9 times in 10; null values: not enough. */
  value: number | null
  low: number | null
  high: number | null
  n: number
  /** "8 weeks", "12 days"; null when there is not enough to say. */
  say: string | null
}

/** What was said, by how long it was: customers told 6 weeks apart from those told 8. */
interface SaidWait {
  weeks: number
  byFirstWord: Share
  keepable: Keepable
}

export interface Promise_ {
  rule: StoredRule
  counts: Counts
  sources: SourceCounts[]
  keepable: Keepable
  saidWaits: SaidWait[]
}

/** Every promise with its figures. */
export async function catalogue(db: Db, filter: ExpectationFilter): Promise<Promise_[]> {
  const rules = await listRules(db)
  const found: Promise_[] = []
  for (const rule of rules) {
    if (filter.ruleId !== undefined && rule.id !== filter.ruleId) continue
    const own = { ...filter, ruleId: rule.id }
    const { all, sources } = await summary(db, own)
    const waits = await waitsOf(db, own)
    found.push({
      rule,
      counts: all,
      sources,
      keepable: keepableOf(rule, waits),
      saidWaits: rule.rule.dimension === 'days' ? await saidWaits(db, own, rule, waits) : [],
    })
  }
  return found
}

interface Wait extends Followed {
  weeks: number | null
  count: number
}

/** How long (how much) it took, grouped; what has not come yet counts with how long it has been waited for. */
async function waitsOf(db: Db, filter: ExpectationFilter): Promise<Wait[]> {
  return rows(
    db,
    sql<Wait>`
      with e as (${picked(filter)}),
      wait as (
        select e.dimension = 'days' as days,
          round(extract(epoch from e.first_due_at - e.opened_at) / 604800.0)::integer as weeks,
          e.actual is not null and e.came_at is not null as happened,
          case
            when e.actual is not null then e.actual
            else ceil(extract(epoch from (
              case when e.state = 'withdrawn' then e.decided_at else now() end
            ) - e.opened_at) / 86400.0)
          end as time
        from e
      )
      select time::double precision as time, happened, weeks, count(*)::integer as count
      from wait
      where days or happened
      group by 1, 2, 3`,
  )
}

function keepableOf(rule: StoredRule, waits: Wait[]): Keepable {
  const atLeast = rule.rule.threshold?.limit === 'at least'
  // "At least" is kept by the smallest: mirrored, it is the same question.
  const cases = atLeast ? waits.map((each) => ({ ...each, time: -each.time })) : waits
  const found = waitQuantile(cases, 0.9)
  if (found.happened < fewestForPromise || found.value === null)
    return { value: null, low: null, high: null, n: found.happened, say: null }
  const turned = (value: number | null) => (value === null ? null : atLeast ? -value : value)
  return {
    value: turned(found.value),
    low: turned(atLeast ? found.high : found.low),
    high: turned(atLeast ? found.low : found.high),
    n: found.happened,
    say: rule.rule.dimension === 'days' ? sayWait(found) : null,
  }
}

/** A wait as one would promise it: up to ten days in days, longer in whole weeks. */
function sayWait({ value }: Pick<WaitQuantile, 'value'>): string | null {
  if (value === null) return null
  const days = Math.ceil(value)
  if (days <= 0) return 'the same day'
  if (days <= 10) return days === 1 ? '1 day' : `${days} days`
  return `${Math.ceil(days / 7)} weeks`
}

async function saidWaits(
  db: Db,
  filter: ExpectationFilter,
  rule: StoredRule,
  waits: Wait[],
): Promise<SaidWait[]> {
  const said = await rows(
    db,
    sql<{ weeks: number; held: number; n: number }>`
      with e as (${picked(filter)})
      select round(extract(epoch from e.first_due_at - e.opened_at) / 604800.0)::integer as weeks,
        count(*) filter (where e.state in ('kept', 'exceeded')
          and (e.moved_by is distinct from 'us' or e.first_gap <= 0))::integer as held,
        count(*)::integer as n
      from e
      where e.state in ('kept', 'exceeded', 'broken')
      group by 1
      having count(*) >= ${fewestForPromise}
      order by 1`,
  )
  return said.map(({ weeks, held, n }) => ({
    weeks,
    byFirstWord: wilson(held, n),
    keepable: keepableOf(
      rule,
      waits.filter((each) => each.weeks === weeks),
    ),
  }))
}
