// Judges customers anew from what happened to them, and writes what differs from what was judged before.
// It may run as often and in whatever order it likes: a batch that came in, a due time that passed, a rule
// that changed and a corrected event all end in the same call.
import { sql } from 'kysely'
import { compilePlacing, loadMap, type Place } from '../journey/journey.ts'
import { rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { judgedByHand, judgedByRule, sameJudgement } from './columns.ts'
import { settle } from './course.ts'
import { judge, judgeGiven } from './judge.ts'
import type { Calendar, Judgement, Settlement } from './judgement.ts'
import {
  digitsOf,
  type Event,
  type Life,
  loadLives,
  readCalendar,
  type Stored,
  type StoredSettlement,
} from './loading.ts'
import { listRules, type RuleEra, type StoredRule } from './rules.ts'
import type { Rule } from './schema.ts'
import { type Difference, writeDifferences } from './writing.ts'

/** Customers judged in one transaction. */
const chunk = 200

export const dueQueue = 'expectations.due'
/** What falls due within this time gets a job of its own; the sweep each minute finds what lies further off. */
export const near = 90_000

export interface ReplayOptions {
  /** Only these rules; expectations made by hand are then left alone. */
  ruleIds?: number[]
  /** Expectations made or changed by hand just now: they are announced even if judging finds them as they are. */
  announce?: number[]
  now?: Date
}

export interface Replayed {
  /** Expectations that were not known before. */
  opened: number
  /** Those that are judged otherwise now, or are gone. */
  changed: number
}

/** Judges the lives of these customers (any of their ids). */
export async function judgeCustomers(
  store: Store,
  customers: number[],
  options: ReplayOptions = {},
): Promise<Replayed> {
  const total: Replayed = { opened: 0, changed: 0 }
  for (let start = 0; start < customers.length; start += chunk) {
    store.jobs.stopping.throwIfAborted()
    const some = customers.slice(start, start + chunk)
    const began = performance.now()
    const { opened, changed } = await transaction(store.db, (tx) => judgeWithin(store, tx, some, options))
    await store.load.giveWay(performance.now() - began)
    total.opened += opened
    total.changed += changed
  }
  if (total.opened + total.changed > 0) store.projection?.wake()
  return total
}

/** The same within the caller's transaction. At most a few hundred customers. */
export async function judgeWithin(
  store: Store,
  tx: Tx,
  customers: number[],
  { ruleIds, announce = [], now = new Date() }: ReplayOptions = {},
): Promise<Replayed> {
  await holdLives(tx, customers)
  const rules = (await listRules(tx)).filter(({ id }) => !ruleIds || ruleIds.includes(id))
  const lives = await loadLives(tx, customers, rules)
  const { currency } = await readCalendar(tx)
  const placing = new Placing(tx)
  const differences: Difference[] = []
  for (const life of lives) {
    const calendar = { now: now.getTime(), timeZone: life.timeZone, currency, digits: digitsOf }
    differences.push(
      ...(await judgeLife(life, rules, calendar, placing, { rulesOnly: ruleIds !== undefined, announce })),
    )
  }
  await writeDifferences(store, tx, differences, now.getTime())
  await wakeAtDue(store, tx, differences, now.getTime())
  const opened = differences.filter((each) => each.fresh).length
  return { opened, changed: differences.length - opened }
}

/** Two workers never judge one life at once: the later one sees what the earlier one wrote. */
async function holdLives(tx: Tx, customers: number[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(7702, (life.id % 2147483647)::integer)
    from (
      select distinct canonical_id as id
      from customers
      where id = any(${customers}::bigint[])
      order by canonical_id
    ) as life`.execute(tx)
}

async function judgeLife(
  life: Life,
  rules: StoredRule[],
  calendar: Calendar,
  placing: Placing,
  { rulesOnly, announce }: { rulesOnly: boolean; announce: number[] },
): Promise<Difference[]> {
  const stored = new Map(life.stored.map((each) => [`${each.ruleId} ${each.opening}`, each]))
  const events = new Map(life.events.map((event) => [event.id, event]))
  const found: Difference[] = []
  const compare = async (
    judged: Difference['judged'],
    judgement: Judgement,
    before: Stored | undefined,
    rule: Rule | null,
  ) => {
    if (!judged) return
    if (before && sameJudgement(judged, judgement.moves, before) && !announce.includes(before.id)) return
    found.push({
      judged,
      ...(before ? { stored: before } : {}),
      fresh: !before,
      moves: judgement.moves,
      openedAtTouchpoint: touchpointOf(events, judgement.openedBy),
      decidedAtTouchpoint:
        judgement.state === 'open'
          ? null
          : judgement.decidedBy === null
            ? await placing.placeOf(rule?.kept.event, touchpointOf(events, judgement.openedBy))
            : touchpointOf(events, judgement.decidedBy),
    })
  }
  for (const rule of rules)
    for (const era of rule.eras)
      for (const judgement of judge(era.rule, eventsOf(life, rule.id), calendar, era)) {
        const key = `${rule.id} ${judgement.opening}`
        const before = stored.get(key)
        // Said again under a later version: the promise of that purchase is the one it was opened under.
        if (!before && found.some(({ judged }) => judged && `${judged.ruleId} ${judged.opening}` === key))
          continue
        stored.delete(key)
        const settled = withSettlement(judgement, before?.settled ?? null, termsOf(era, calendar))
        await compare(judgedByRule(settled, rule.id, era, before), settled, before, era.rule)
      }
  for (const [, before] of stored) {
    if (before.ruleId !== null)
      found.push({
        stored: before,
        fresh: false,
        moves: [],
        openedAtTouchpoint: null,
        decidedAtTouchpoint: null,
      })
    else if (!rulesOnly) {
      const judgement = judgeByHand(before, life, calendar)
      await compare(judgedByHand(judgement, before), judgement, before, null)
    }
  }
  return found
}

function judgeByHand(before: Stored, life: Life, calendar: Calendar): Judgement {
  const { precision, firstDueFrom, firstDueAt, dueText } = before
  const due =
    precision && firstDueFrom !== null && firstDueAt !== null
      ? { from: firstDueFrom, at: firstDueAt, precision, text: dueText }
      : null
  const limit = before.thresholdLimit ?? 'at most'
  const judgement = judgeGiven({ ...before, due, limit }, before.watch ?? {}, eventsOf(life, null), calendar)
  const { dimension } = before
  return withSettlement(judgement, before.settled, { dimension, limit, timeZone: calendar.timeZone })
}

/** Moves that a person entered carry the rule's id; the same opening under another rule is not meant. */
function eventsOf(life: Life, ruleId: number | null): Event[] {
  return life.events.filter(
    ({ properties, name }) => name !== 'Promise Moved' || (properties['rule_id'] ?? null) === ruleId,
  )
}

type Terms = Parameters<typeof settle>[2]

function termsOf({ rule }: RuleEra, calendar: Calendar): Terms {
  return {
    dimension: rule.dimension,
    limit: rule.threshold?.limit ?? 'at most',
    timeZone: rule.timeZone ?? calendar.timeZone,
  }
}

function withSettlement(judgement: Judgement, settled: StoredSettlement | null, terms: Terms): Judgement {
  if (!settled) return judgement
  const given: Settlement = { ...settled, state: settled.state ?? 'kept' }
  const result = settle(judgement, given, terms)
  if (settled.state !== null) return result
  // Only when it came was entered: whether that was in time is worked out.
  const late = (result.gap ?? 0) > 0
  return { ...result, state: late ? 'broken' : 'kept' }
}

function touchpointOf(events: Map<number, Event>, id: number | null): number | null {
  return id === null ? null : (events.get(id)?.touchpointId ?? null)
}

/** Where what was promised would have happened: what ran out of time is about that touchpoint. */
class Placing {
  private readonly tx: Tx
  private place: Place | undefined
  constructor(tx: Tx) {
    this.tx = tx
  }

  async placeOf(event: string | undefined, otherwise: number | null): Promise<number | null> {
    if (!event || event.endsWith('*')) return otherwise
    if (!this.place) {
      const map = await loadMap(this.tx)
      this.place = compilePlacing(map.stages, map.touchpoints)
    }
    return this.place({ name: event, channel: '', properties: {} }) ?? otherwise
  }
}

/** A job for each time at which something soon runs out. */
async function wakeAtDue(store: Store, tx: Tx, differences: Difference[], now: number): Promise<void> {
  const times = differences
    .map(({ judged }) => (judged?.state === 'open' ? judged.dueAt : null))
    .filter((at) => at !== null && at >= now && at < now + near)
  for (const at of new Set(times)) await wakeAt(store, tx, at ?? now)
}

export async function wakeAt(store: Store, tx: Tx, at: number): Promise<void> {
  await store.jobs.enqueue(tx, dueQueue, {}, { startAfter: new Date(at + 250) })
}

/** Judges what was open when its time ran out. Gives how many customers had something run out. */
export async function judgeDue(store: Store, now = new Date()): Promise<number> {
  for (let judged = 0; ; ) {
    const due = await rows(
      store.db,
      sql<{ id: number }>`
        select distinct customer_id as id
        from (
          select customer_id
          from expectations
          where state = 'open' and due_at <= ${now}
          order by due_at
          limit 2000
        ) as due`,
    )
    if (due.length === 0) return judged
    const { changed } = await judgeCustomers(
      store,
      due.map(({ id }) => id),
      { now },
    )
    // What doesn't change although its time ran out would come back for ever.
    if (changed === 0) return judged
    judged += due.length
  }
}
