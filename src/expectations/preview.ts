// What a rule would say about the past, before it is saved: the latest customers it would open something
// for are judged, and nothing is written.
import { sql } from 'kysely'
import { customerSummaries } from '../customers/customers.ts'
import { matchesRule } from '../journey/journey.ts'
import type { PlacingRule } from '../journey/schema.ts'
import { type Share, wilson } from '../stats/proportions.ts'
import { type Db, rows } from '../store/database.ts'
import { judge } from './judge.ts'
import { digitsOf, loadLives, readCalendar } from './loading.ts'
import { openingIn } from './openings.ts'
import type { Rule, State } from './schema.ts'

/** Customers judged: enough to see whether a rule means what it says, little enough to wait for. */
const sample = 500

export interface Preview {
  /** Openings found in all of history. */
  openings: number
  /** Of these customers, the latest that it would be about, how it would have gone. */
  customers: number
  expectations: number
  /** Opening events that name no time (or no threshold) that can be read. */
  unreadable: number
  states: Record<State, number>
  overdue: number
  kept: Share
  /** For each event the rule waits for, how often it is in all of history: none may be a misspelling. */
  events: { role: string; event: string; seen: number }[]
  examples: {
    customerId: number
    customer: string
    openedAt: string
    due: string | null
    state: State
    awaited: boolean
    gap: number | null
  }[]
}

export async function previewRule(db: Db, rule: Rule): Promise<Preview> {
  const latest = await rows(
    db,
    sql<{ id: number }>`
      select c.canonical_id as id
      from (
        select i.customer_id, i.at
        from interactions i
        where ${openingIn(rule.opened)}
        order by i.at desc
        limit ${sample * 4}
      ) as i
      join customers c on c.id = i.customer_id
      group by c.canonical_id
      order by max(i.at) desc
      limit ${sample}`,
  )
  const { currency } = await readCalendar(db)
  const stored = {
    id: 0,
    name: '',
    version: 0,
    statement: '',
    rule,
    active: true,
    createdAt: new Date(),
    retiredAt: null,
    eras: [{ version: 0, statement: '', rule, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }],
  }
  const lives = await loadLives(
    db,
    latest.map(({ id }) => id),
    [stored],
  )
  const now = Date.now()
  const judged = lives.flatMap((life) =>
    judge(rule, life.events, { now, timeZone: life.timeZone, currency, digits: digitsOf }).map((each) => ({
      canonicalId: life.canonicalId,
      ...each,
    })),
  )
  const states: Record<State, number> = { open: 0, kept: 0, exceeded: 0, broken: 0, withdrawn: 0 }
  for (const { state } of judged) states[state]++
  const opened = lives.flatMap(({ events }) => events.filter((event) => matchesRule(rule.opened, event)))
  const openedBy = new Set(judged.map(({ openedBy: id }) => id))
  // One purchase whose promise is said again has one expectation: the repetitions are not unreadable.
  const known = new Set(judged.map(({ purchaseId }) => purchaseId))
  const unreadable = opened.filter(
    (event) => !openedBy.has(event.id) && (event.purchaseId === null || !known.has(event.purchaseId)),
  ).length
  const shown = judged.toSorted((a, b) => b.openedAt - a.openedAt).slice(0, 8)
  const names = new Map(
    (
      await customerSummaries(
        db,
        shown.map(({ canonicalId }) => canonicalId),
      )
    ).map(({ id, label }) => [id, label]),
  )
  return {
    openings: await countOf(db, rule.opened),
    customers: lives.length,
    expectations: judged.length,
    unreadable,
    states,
    overdue: judged.filter(({ awaited }) => awaited).length,
    kept: wilson(states.kept + states.exceeded, states.kept + states.exceeded + states.broken),
    events: await eventsSeen(db, rule),
    examples: shown.map((each) => ({
      customerId: each.canonicalId,
      customer: names.get(each.canonicalId) ?? String(each.canonicalId),
      openedAt: new Date(each.openedAt).toISOString(),
      due: each.due ? new Date(each.due.at - 1).toISOString() : null,
      state: each.state,
      awaited: each.awaited,
      gap: each.gap,
    })),
  }
}

async function eventsSeen(db: Db, rule: Rule): Promise<Preview['events']> {
  const roles: [string, PlacingRule | undefined][] = [
    ['made by', rule.opened],
    ['kept by', rule.kept],
    ['broken by', rule.broken],
    ['withdrawn by', rule.withdrawn],
    ['moved by', rule.moved?.on],
    ['told by', rule.told],
  ]
  const found: Preview['events'] = []
  for (const [role, match] of roles)
    if (match) found.push({ role, event: match.event ?? 'anything', seen: await countOf(db, match) })
  return found
}

async function countOf(db: Db, match: PlacingRule): Promise<number> {
  const [counted] = await rows(
    db,
    sql<{ n: number }>`
      select count(*)::integer as n
      from interactions i
      where ${openingIn(match)}`,
  )
  return counted?.n ?? 0
}
