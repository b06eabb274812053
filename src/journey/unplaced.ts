// Events that no rule places: by name, most first, with where each probably belongs.
import { sql } from 'kysely'
import { type Db, row, rows } from '../store/database.ts'
import { aboutHowMany } from './preview.ts'
import { readJourney } from './queries.ts'
import type { PreviewExample, Unplaced } from './schema.ts'
import { suggest } from './suggesting.ts'

const mostNames = 1_000
/** Counting a name stops here: "more than 10,000" says enough. */
const mostCounted = 10_000
const examplesEach = 3
/** As many names as this with one beginning are shown as that beginning. */
const manyAlike = 4

export interface UnplacedBox {
  items: Unplaced[]
  /** Interactions without a place among the names looked at, and about how many interactions there are at all. */
  count: number
  of: number
  /** True when there are more names than were looked at. */
  moreNames: boolean
}

export async function unplacedBox(db: Db, options: { limit: number }): Promise<UnplacedBox> {
  const [named, of, { stages }] = await Promise.all([countByName(db), aboutHowMany(db), readJourney(db)])
  const groups = groupAlike(named.names).slice(0, options.limit)
  const items = await Promise.all(
    groups.map(async (group) => {
      const { channels, examples } = await readExamples(db, group.sampleNames)
      return {
        event: group.event,
        names: group.names,
        count: group.count,
        more: group.more,
        channels,
        examples,
        suggestions: suggest({ name: group.event, channels }, stages),
      }
    }),
  )
  const count = named.names.reduce((sum, each) => sum + each.count, 0)
  return { items, count, of: Math.max(of, count), moreNames: named.more }
}

/** How many names wait for a place, and about how many interactions: cheap enough for a home page. */
export async function unplacedCount(db: Db): Promise<{ names: number; interactions: number; more: boolean }> {
  const { names, more } = await countByName(db)
  return {
    names: groupAlike(names).length,
    interactions: names.reduce((sum, each) => sum + each.count, 0),
    more: more || names.some((each) => each.more),
  }
}

interface Named {
  name: string
  count: number
  more: boolean
}

/** Steps through the index of unplaced events, one descent a name; never more rows a name than it takes to say "many". */
async function countByName(db: Db): Promise<{ names: Named[]; more: boolean }> {
  const found = await rows(
    db,
    sql<Named>`
      with recursive names as (
        (select name from interactions where touchpoint_id is null order by name limit 1)
        union all
        select (
          select i.name
          from interactions i
          where i.touchpoint_id is null and i.name > n.name
          order by i.name
          limit 1
        )
        from names n
        where n.name is not null
      ),
      some_names as (
        select name
        from names
        where name is not null
        limit ${mostNames + 1}
      )
      select n.name, least(c.count, ${mostCounted}::integer) as count, c.count > ${mostCounted}::integer as more
      from some_names n
      cross join lateral (
        select count(*)::integer as count
        from (
          select 1
          from interactions i
          where i.touchpoint_id is null and i.name = n.name
          limit ${mostCounted + 1}
        ) as counted
      ) as c
      cross join lateral (
        select i.judgement
        from interactions i
        where i.touchpoint_id is null and i.name = n.name
        limit 1
      ) as first
      where not first.judgement
      order by c.count desc, n.name`,
  )
  return { names: found.slice(0, mostNames), more: found.length > mostNames }
}

interface Group extends Named {
  event: string
  names: number
  sampleNames: string[]
}

/** Names that differ only in what they end with (a page address, a number) become one: "Viewed /products/*". */
export function groupAlike(names: readonly Named[]): Omit<Group, 'name'>[] {
  const byBeginning = new Map<string, Named[]>()
  for (const each of names) {
    const beginning = beginningOf(each.name) ?? each.name
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), each])
  }
  return [...byBeginning]
    .flatMap(([beginning, alike]) =>
      alike.length >= manyAlike
        ? [{ event: beginning, alike }]
        : alike.map((each) => ({ event: each.name, alike: [each] })),
    )
    .map(({ event, alike }) => ({
      event,
      names: alike.length,
      count: alike.reduce((sum, each) => sum + each.count, 0),
      more: alike.some((each) => each.more),
      sampleNames: alike.slice(0, 3).map((each) => each.name),
    }))
    .toSorted((a, b) => b.count - a.count)
}

function beginningOf(name: string): string | undefined {
  const page = /^(Viewed \/[^/?#]+\/)./.exec(name)?.[1] ?? /^(Viewed \/)./.exec(name)?.[1]
  if (page) return `${page}*`
  const numbered = /^(\P{Nd}{4,})\p{Nd}/u.exec(name)?.[1]
  return numbered ? `${numbered}*` : undefined
}

async function readExamples(
  db: Db,
  names: readonly string[],
): Promise<{ channels: string[]; examples: PreviewExample[] }> {
  const channels = await row(
    db,
    sql<{ channels: string[] | null }>`
      select array_agg(distinct channel) filter (where channel <> '') as channels
      from (
        select channel
        from interactions
        where touchpoint_id is null and name = any(${names}::text[])
        limit 300
      ) as several`,
  )
  const examples = await rows(
    db,
    sql<Omit<PreviewExample, 'at'> & { at: Date }>`
      select i.id, c.canonical_id as "customerId", known.name as "customerName", i.at, i.name, i.channel,
        i.properties ->> 'path' as path
      from (
        select *
        from interactions
        where touchpoint_id is null and name = any(${names}::text[])
        limit ${examplesEach}
      ) as i
      join customers c on c.id = i.customer_id
      join customers known on known.id = c.canonical_id
      order by i.at desc`,
  )
  return {
    channels: channels?.channels ?? [],
    examples: examples.map((each) => ({ ...each, at: each.at.toISOString() })),
  }
}
