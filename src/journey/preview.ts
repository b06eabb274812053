// What a draft of the map would do to the interactions that are stored, before it is saved: the same rules
// over the same rows as re-placing, only fewer of them. However much is stored, at most a bounded number of
// rows is looked at: all those whose name a changed rule can match, where that is few; else an even sample
// of the table, from which counts are scaled up and called "about".
import { type RawBuilder, sql } from 'kysely'
import { NotFound } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { flat, touchpointsOf } from './arrangement.ts'
import { consequenceOf, problemOfRule, tidied } from './change.ts'
import { eventNames, mayMatchName } from './names.ts'
import { compilePlacing, matchesRule, mayDependOnProperties } from './placing.ts'
import { readJourney } from './queries.ts'
import type { MapStage, MapTouchpoint, PlacingRule, Preview, PreviewExample } from './schema.ts'

/** Read in full when no more than this have a fitting name: about 100 ms. */
const mostByName = 20_000
/** Rows a sample is taken from, by whether a name narrows what is sent. */
const mostSampled = { named: 120_000, unnamed: 30_000 }
const examplesEach = 5

/**
 * Looks at what a draft would move: everywhere, or to, from and at one touchpoint of it. Rules that are not
 * finished yet match nothing.
 * @throws NotFound when the touchpoint is not on the draft
 */
export async function previewMap(
  store: Store,
  draft: { stages: MapStage[]; touchpointId?: number | undefined },
): Promise<Preview> {
  const present = await readJourney(store.db)
  const stages = withUsableRules(draft.stages)
  const focus = touchpointsOf(stages).find((each) => each.id === draft.touchpointId)
  if (draft.touchpointId !== undefined && !focus) throw new NotFound('touchpoint', draft.touchpointId)
  const before = touchpointsOf(present.stages).find((each) => each.id === draft.touchpointId)
  const rules = focus
    ? [...focus.rules, ...(before?.rules ?? [])]
    : consequenceOf(present.stages, stages).rules
  const allRules = touchpointsOf(stages).flatMap((each) => each.rules)
  const seen = await look(store.db, rules, allRules.filter(mayDependOnProperties))
  const { moves, taken } = follow(seen.found, stages, focus)
  const scale = (count: number) => Math.round(count / seen.share)
  return {
    sample: seen.share < 1,
    lookedAt: seen.lookedAt,
    of: Math.max(seen.of, seen.lookedAt),
    moves: await Promise.all(
      moves.map(async ({ from, to, count, examples }) => ({
        from,
        to,
        count: scale(count),
        examples: await readExamples(store.db, examples),
      })),
    ),
    taken: [...taken].map(([touchpointId, count]) => ({ touchpointId, count: scale(count) })),
  }
}

interface Found {
  customerId: number
  id: number
  name: string
  channel: string
  touchpointId: number | null
  properties: Record<string, unknown> | null
}

interface Move {
  from: number | null
  to: number | null
  count: number
  examples: Found[]
}

function follow(
  found: readonly Found[],
  stages: readonly MapStage[],
  focus: MapTouchpoint | undefined,
): { moves: Move[]; taken: Map<number, number> } {
  const map = flat(stages)
  const place = compilePlacing(map.stages, map.touchpoints)
  const moves = new Map<string, Move>()
  // What a rule of this touchpoint matches too, but a more specific or earlier one of another gets.
  const taken = new Map<number, number>()
  for (const each of found) {
    const event = { name: each.name, channel: each.channel, properties: each.properties ?? {} }
    const from = each.touchpointId
    const to = place(event)
    if (focus && to !== null && to !== focus.id && focus.rules.some((rule) => matchesRule(rule, event)))
      taken.set(to, (taken.get(to) ?? 0) + 1)
    if (focus ? to !== focus.id && from !== focus.id : to === from) continue
    const key = `${from}>${to}`
    const move = moves.get(key) ?? { from, to, count: 0, examples: [] }
    move.count++
    if (move.examples.length < examplesEach) move.examples.push(each)
    moves.set(key, move)
  }
  return { moves: [...moves.values()].toSorted((a, b) => b.count - a.count), taken }
}

function withUsableRules(stages: readonly MapStage[]): MapStage[] {
  return stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) => ({
      ...each,
      rules: each.rules.map(tidied).filter((rule) => problemOfRule(rule) === undefined),
    })),
  }))
}

interface Seen {
  found: Found[]
  /** Which part of what there is was looked at: 1 is all of it. */
  share: number
  lookedAt: number
  /** How many interactions there are to look at, roughly when only a sample was. */
  of: number
}

/** The interactions that one of the rules might match, or an even sample of them. */
async function look(db: Db, rules: readonly PlacingRule[], dependent: readonly PlacingRule[]): Promise<Seen> {
  const every = await eventNames(db)
  const names =
    every === null || rules.some((rule) => !rule.event)
      ? null
      : every.filter((name) => rules.some((rule) => mayMatchName(rule, name)))
  if (rules.length === 0 || names?.length === 0) return { found: [], share: 1, lookedAt: 0, of: 0 }
  const plain = every?.filter((name) => !dependent.some((rule) => mayMatchName(rule, name))) ?? []
  if (names) {
    const found = await readFound(db, plain, names, sql`limit ${mostByName + 1}`)
    if (found.length <= mostByName) return { found, share: 1, lookedAt: found.length, of: found.length }
  }
  const total = await aboutHowMany(db)
  const most = names ? mostSampled.named : mostSampled.unnamed
  if (total <= most) {
    const found = await readFound(db, plain, names, sql``)
    return { found, share: 1, lookedAt: found.length, of: found.length }
  }
  const share = most / total
  const found = await readFound(db, plain, names, sql``, share)
  return { found, share, lookedAt: found.length, of: Math.round(found.length / share) }
}

/** Properties come along only for names whose place can depend on them. */
async function readFound(
  db: Db,
  plain: readonly string[],
  names: readonly string[] | null,
  limit: RawBuilder<unknown>,
  share?: number,
): Promise<Found[]> {
  // The same seed every time, so that figures don't flicker while a rule is typed.
  const sample = share === undefined ? sql`` : sql`tablesample system (${share * 100}) repeatable (7)`
  return rows(
    db,
    sql<Found>`
      select customer_id as "customerId", id, name, channel, touchpoint_id as "touchpointId",
        case when not name = any(${plain}::text[]) then properties end as properties
      from interactions ${sample}
      where not judgement
        and (${names}::text[] is null or name = any(${names}::text[]))
      ${limit}`,
  )
}

/** As the planner reckons: rows per page when it last counted, times the pages there are now. */
export async function aboutHowMany(db: Db): Promise<number> {
  const found = await row(
    db,
    sql<{ about: number }>`
      select (
        pg_relation_size(oid) / 8192.0
          * case when relpages > 0 and reltuples >= 0 then reltuples / relpages else 20 end
      )::double precision as about
      from pg_class
      where oid = 'interactions'::regclass`,
  )
  return Math.round(found?.about ?? 0)
}

async function readExamples(db: Db, found: readonly Found[]): Promise<PreviewExample[]> {
  const examples = await rows(
    db,
    sql<Omit<PreviewExample, 'at'> & { at: Date }>`
      select i.id, c.canonical_id as "customerId", known.name as "customerName", i.at, i.name, i.channel,
        i.properties ->> 'path' as path
      from unnest(
        ${found.map((each) => each.customerId)}::bigint[],
        ${found.map((each) => each.id)}::bigint[]
      ) as wanted(customer_id, id)
      join interactions i on i.customer_id = wanted.customer_id and i.id = wanted.id
      join customers c on c.id = i.customer_id
      join customers known on known.id = c.canonical_id
      order by i.at desc`,
  )
  return examples.map((each) => ({ ...each, at: each.at.toISOString() }))
}
