import { type RawBuilder, sql } from 'kysely'
import type { PlacingRule } from '../journey/schema.ts'

/** A condition on interactions `i` that holds for every one that may match; the rest is matched one by one. */
export function openingIn(match: PlacingRule): RawBuilder<unknown> {
  const { event } = match
  if (event === undefined || event === '*') return sql`not i.judgement`
  if (event.endsWith('*'))
    return sql`not i.judgement and lower(i.name) like ${`${escapeLike(event.slice(0, -1).toLowerCase())}%`}`
  return sql`not i.judgement and lower(i.name) = ${event.toLowerCase()}`
}

export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}
