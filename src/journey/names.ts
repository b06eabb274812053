import { sql } from 'kysely'
import { type Db, rows } from '../store/database.ts'
import { matchesText } from './placing.ts'
import type { PlacingRule } from './schema.ts'

/** With more names than this (a page name per product), events are looked at one by one instead of by name. */
const mostNames = 5_000

/** The names that stored events go by, each found by one step in the index. Null: too many to list. */
export async function eventNames(db: Db, most = mostNames): Promise<string[] | null> {
  const found = await rows(
    db,
    sql<{ name: string | null }>`
      with recursive names as (
        (select name from interactions order by name limit 1)
        union all
        select (select i.name from interactions i where i.name > n.name order by i.name limit 1)
        from names n
        where n.name is not null
      )
      select name
      from names
      where name is not null
      limit ${most + 1}`,
  )
  return found.length > most ? null : found.flatMap(({ name }) => (name === null ? [] : [name]))
}

/** The stored names that one of the rules may match. Null: any name. */
export async function namesMatching(db: Db, rules: readonly PlacingRule[]): Promise<string[] | null> {
  if (rules.some((rule) => !rule.event)) return null
  const names = await eventNames(db)
  return names?.filter((name) => rules.some((rule) => mayMatchName(rule, name))) ?? null
}

/** Whether a rule can match events of this name, given the right channel and properties. */
export function mayMatchName(rule: PlacingRule, name: string): boolean {
  return !rule.event || matchesText(rule.event, name)
}

/** What a rule can be made of: the names and channels that stored events have. */
export async function knownEvents(db: Db): Promise<{ names: string[]; channels: string[] }> {
  const names = (await eventNames(db, 2_000)) ?? []
  const channels = await rows(
    db,
    sql<{ channel: string }>`
      select channel
      from (
        select channel
        from interactions
        limit 20000
      ) as several
      where channel <> ''
      group by channel
      order by count(*) desc
      limit 50`,
  )
  return { names, channels: channels.map(({ channel }) => channel) }
}
