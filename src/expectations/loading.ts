// What judging needs of the customers it is about: their lives, and what was judged before.
import { type RawBuilder, sql } from 'kysely'
import { minorDigits } from '../interactions/interactions.ts'
import type { PlacingRule } from '../journey/schema.ts'
import { type Db, row, rows } from '../store/database.ts'
import { movedByHand } from './judge.ts'
import type { Happening, Settlement } from './judgement.ts'
import { escapeLike } from './openings.ts'
import type { StoredRule } from './rules.ts'
import type { Dimension, Precision, SourceKind, State, Watch } from './schema.ts'

/** A row of `expectations`, its times as milliseconds. */
export interface Stored {
  id: number
  customerId: number
  purchaseId: number | null
  ruleId: number | null
  ruleVersion: number | null
  opening: string
  statement: string
  statedBy: 'us' | 'customer'
  sourceKind: SourceKind
  sourceName: string | null
  dimension: Dimension
  precision: Precision | null
  firstDueFrom: number | null
  firstDueAt: number | null
  dueFrom: number | null
  dueAt: number | null
  dueText: string | null
  threshold: number | null
  thresholdLimit: 'at most' | 'at least' | null
  currency: string | null
  state: State
  awaited: boolean
  gap: number | null
  firstGap: number | null
  actual: number | null
  moves: number
  movedBy: 'us' | 'customer' | null
  toldAt: number | null
  toldBefore: boolean | null
  openedAt: number
  openedBy: number | null
  cameAt: number | null
  decidedAt: number | null
  decidedBy: number | null
  watch: Partial<Watch> | null
  settled: StoredSettlement | null
  /** As they were said, the earliest first. */
  moved: StoredMove[]
}

/** A row of `expectation_moves`, its times as milliseconds. */
export interface StoredMove {
  at: number
  dueFrom: number
  dueAt: number
  dueText: string | null
  movedBy: 'us' | 'customer'
  toldAt: number | null
  interactionId: number
  counted: boolean
}

/** `state` null: worked out from when it came. */
export interface StoredSettlement extends Omit<Settlement, 'state'> {
  state: Settlement['state'] | null
  by: string
  note: string | null
}

export type Event = Happening & { touchpointId: number | null }

export interface Life {
  canonicalId: number
  timeZone: string
  events: Event[]
  stored: Stored[]
}

export interface Workspace {
  timeZone: string
  currency: string
}

export async function readCalendar(db: Db): Promise<Workspace> {
  const found = await row(db, sql<Workspace>`select time_zone as "timeZone", currency from workspace`)
  return found ?? { timeZone: 'UTC', currency: 'EUR' }
}

export function digitsOf(currency: string): number {
  return minorDigits(currency)
}

/** The lives of these customers, with what happened in them that any of the rules looks at. */
export async function loadLives(db: Db, customers: number[], rules: StoredRule[]): Promise<Life[]> {
  const workspace = await readCalendar(db)
  const members = await rows(
    db,
    sql<{ id: number; canonicalId: number; timeZone: string | null }>`
      select m.id, m.canonical_id as "canonicalId", c.time_zone as "timeZone"
      from customers m
      join customers c on c.id = m.canonical_id
      where m.canonical_id in (
        select canonical_id
        from customers
        where id = any(${customers}::bigint[])
      )`,
  )
  const lives = new Map<number, Life>()
  const lifeOf = new Map<number, Life>()
  for (const { id, canonicalId, timeZone } of members) {
    let life = lives.get(canonicalId)
    if (!life) {
      life = { canonicalId, timeZone: timeZone || workspace.timeZone, events: [], stored: [] }
      lives.set(canonicalId, life)
    }
    lifeOf.set(id, life)
  }
  const ids = members.map(({ id }) => id)
  const stored = await loadStored(db, ids, rules)
  for (const each of stored) lifeOf.get(each.customerId)?.stored.push(each)
  const matches = [
    ...rules.flatMap(({ eras }) => eras.flatMap(({ rule }) => matchesOf(rule).concat(rule.opened))),
    ...stored.flatMap(({ watch }) => (watch ? matchesOf(watch) : [])),
  ]
  for (const event of await loadEvents(db, ids, matches)) lifeOf.get(event.customerId)?.events.push(event)
  return [...lives.values()]
}

async function loadStored(db: Db, ids: number[], rules: StoredRule[]): Promise<Stored[]> {
  const found = await rows(
    db,
    sql<Record<string, unknown>>`
      select id, customer_id as "customerId", purchase_id as "purchaseId", rule_id as "ruleId",
        rule_version as "ruleVersion", opening, statement, stated_by as "statedBy",
        source_kind as "sourceKind", source_name as "sourceName", dimension, precision,
        first_due_from as "firstDueFrom", first_due_at as "firstDueAt", due_from as "dueFrom",
        due_at as "dueAt", due_text as "dueText", threshold, threshold_limit as "thresholdLimit", currency,
        state, awaited, gap, first_gap as "firstGap", actual, moves, moved_by as "movedBy",
        told_at as "toldAt", told_before as "toldBefore", opened_at as "openedAt", opened_by as "openedBy",
        came_at as "cameAt", decided_at as "decidedAt", decided_by as "decidedBy", watch, settled,
        (
          select coalesce(json_agg(json_build_object(
            'at', ${milliseconds('m.at')}, 'dueFrom', ${milliseconds('m.due_from')},
            'dueAt', ${milliseconds('m.due_at')}, 'dueText', m.due_text, 'movedBy', m.moved_by,
            'toldAt', ${milliseconds('m.told_at')}, 'interactionId', m.interaction_id, 'counted', m.counted
          ) order by m.at), '[]')
          from expectation_moves m
          where m.customer_id = expectations.customer_id and m.expectation_id = expectations.id
        ) as moved
      from expectations
      where customer_id = any(${ids}::bigint[])
        and (rule_id is null or rule_id = any(${rules.map(({ id }) => id)}::bigint[]))
      order by id`,
  )
  return found.map(
    (each) =>
      Object.fromEntries(
        Object.entries(each).map(([key, value]) => [key, value instanceof Date ? value.getTime() : value]),
      ) as unknown as Stored,
  )
}

function milliseconds(column: string): RawBuilder<unknown> {
  return sql`(extract(epoch from ${sql.ref(column)}) * 1000)::bigint`
}

async function loadEvents(db: Db, ids: number[], matches: PlacingRule[]): Promise<Event[]> {
  const names = new Set<string>([movedByHand.toLowerCase()])
  const beginnings: string[] = []
  let any = false
  for (const { event } of matches) {
    if (event === undefined || event === '*') any = true
    else if (event.endsWith('*')) beginnings.push(`${escapeLike(event.slice(0, -1).toLowerCase())}%`)
    else names.add(event.toLowerCase())
  }
  const found = await rows(
    db,
    sql<Omit<Event, 'at'> & { at: Date }>`
      select id, customer_id as "customerId", at, name, channel, properties, purchase_id as "purchaseId",
        touchpoint_id as "touchpointId"
      from interactions
      where customer_id = any(${ids}::bigint[])
        and not judgement
        and (${any}
          or lower(name) = any(${[...names]}::text[])
          or lower(name) like any(${beginnings}::text[]))`,
  )
  return found.map((each) => ({ ...each, at: each.at.getTime() }))
}

function matchesOf(watch: Partial<Watch>): PlacingRule[] {
  return [watch.kept, watch.broken, watch.withdrawn, watch.moved?.on, watch.told].filter(
    (each) => each !== undefined,
  )
}
