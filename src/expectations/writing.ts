// Writes what judging found, and nothing else: rows that differ, with their moves, and each judgement as an
// interaction on the timeline, recorded once and replaced when it is judged anew.
import { type RawBuilder, sql } from 'kysely'
import { customersChanged } from '../customers/customers.ts'
import { forgetInteractions, recordBatch } from '../interactions/interactions.ts'
import type { Incoming, Origin } from '../interactions/schema.ts'
import { rows, type Tx } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import type { Judged } from './columns.ts'
import type { Move } from './judgement.ts'
import type { Stored } from './loading.ts'

/** What became of one expectation. `judged` undefined: it was never opened after all. */
export interface Difference {
  judged?: Judged
  stored?: Stored
  /** Not known before. */
  fresh: boolean
  moves: Move[]
  /** The touchpoints that its opening and its decision are about. */
  openedAtTouchpoint: number | null
  decidedAtTouchpoint: number | null
}

const origin: Origin = { source: 'troth', again: 'replace' }

export async function writeDifferences(
  store: Store,
  tx: Tx,
  differences: Difference[],
  now: number,
): Promise<void> {
  const gone = differences.filter((each) => !each.judged)
  const changed = differences.filter((each) => each.judged && !each.fresh)
  const fresh = differences.filter((each) => each.judged && each.fresh)
  const taken = [...gone, ...changed].flatMap(noLongerSaid)
  await remove(tx, gone)
  await update(tx, changed)
  await insert(tx, fresh)
  await writeMoves(tx, [...changed, ...fresh])
  const untold = await forgetInteractions(tx, taken, origin)
  const incoming = [...changed, ...fresh].flatMap((each) => judgementsOf(each, now))
  // At most 2,000 in one call.
  for (let start = 0; start < incoming.length; start += 2_000)
    await recordBatch(store, tx, incoming.slice(start, start + 2_000), origin)
  await touch(store, tx, [...gone.map((each) => each.stored?.customerId ?? 0), ...untold])
}

async function remove(tx: Tx, gone: Difference[]): Promise<void> {
  if (gone.length === 0) return
  const owners = gone.map((each) => each.stored?.customerId)
  const ids = gone.map((each) => each.stored?.id)
  await sql`
    delete from expectation_moves m
    using unnest(${owners}::bigint[], ${ids}::bigint[]) as gone(customer_id, id)
    where m.customer_id = gone.customer_id and m.expectation_id = gone.id`.execute(tx)
  await sql`
    delete from expectations e
    using unnest(${owners}::bigint[], ${ids}::bigint[]) as gone(customer_id, id)
    where e.customer_id = gone.customer_id and e.id = gone.id`.execute(tx)
}

/** Whose judgements are gone without others in their place: the reactions must hear of it too. */
async function touch(store: Store, tx: Tx, customers: number[]): Promise<void> {
  if (customers.length === 0) return
  const canonical = await rows(
    tx,
    sql<{ id: number }>`
      select distinct canonical_id as id
      from customers
      where id = any(${customers}::bigint[])`,
  )
  await customersChanged(
    store,
    tx,
    canonical.map(({ id }) => id),
  )
}

async function update(tx: Tx, changed: Difference[]): Promise<void> {
  if (changed.length === 0) return
  const assignments = sql.join(
    columns.map(([name]) => sql`${sql.ref(name)} = ${sql.ref(`n.${name}`)}`),
    sql`, `,
  )
  await sql`
    update expectations e
    set ${assignments}, judged_at = now(), tx = pg_current_xact_id()
    from ${recordset(changed, sql`id bigint`)}
    where e.customer_id = n.customer_id and e.id = n.id`.execute(tx)
}

async function insert(tx: Tx, fresh: Difference[]): Promise<void> {
  if (fresh.length === 0) return
  const names = sql.join(
    columns.map(([name]) => sql.ref(name)),
    sql`, `,
  )
  const made = await rows(
    tx,
    sql<{ id: number; customerId: number; ruleId: number; opening: string }>`
      insert into expectations (${names})
      select ${names}
      from ${recordset(fresh)}
      returning id, customer_id as "customerId", rule_id as "ruleId", opening`,
  )
  const ids = new Map(made.map((each) => [`${each.customerId} ${each.ruleId} ${each.opening}`, each.id]))
  for (const each of fresh) {
    const { judged } = each
    const id = ids.get(`${judged?.customerId} ${judged?.ruleId} ${judged?.opening}`)
    if (judged && id !== undefined) each.stored = { ...judged, id, watch: null, settled: null, moved: [] }
  }
}

const instant = (time: number | null | undefined) =>
  time === null || time === undefined ? null : new Date(time).toISOString()

/** Each column with its type and where its value is. */
const columns: [string, RawBuilder<unknown>, (judged: Judged) => unknown][] = [
  ['customer_id', sql`bigint`, (judged) => judged.customerId],
  ['purchase_id', sql`bigint`, (judged) => judged.purchaseId],
  ['rule_id', sql`bigint`, (judged) => judged.ruleId],
  ['rule_version', sql`integer`, (judged) => judged.ruleVersion],
  ['opening', sql`text`, (judged) => judged.opening],
  ['statement', sql`text`, (judged) => judged.statement],
  ['stated_by', sql`text`, (judged) => judged.statedBy],
  ['source_kind', sql`text`, (judged) => judged.sourceKind],
  ['source_name', sql`text`, (judged) => judged.sourceName],
  ['dimension', sql`text`, (judged) => judged.dimension],
  ['precision', sql`text`, (judged) => judged.precision],
  ['first_due_from', sql`timestamptz`, (judged) => instant(judged.firstDueFrom)],
  ['first_due_at', sql`timestamptz`, (judged) => instant(judged.firstDueAt)],
  ['due_from', sql`timestamptz`, (judged) => instant(judged.dueFrom)],
  ['due_at', sql`timestamptz`, (judged) => instant(judged.dueAt)],
  ['due_text', sql`text`, (judged) => judged.dueText],
  ['threshold', sql`double precision`, (judged) => judged.threshold],
  ['threshold_limit', sql`text`, (judged) => judged.thresholdLimit],
  ['currency', sql`text`, (judged) => judged.currency],
  ['state', sql`text`, (judged) => judged.state],
  ['awaited', sql`boolean`, (judged) => judged.awaited],
  ['gap', sql`double precision`, (judged) => judged.gap],
  ['first_gap', sql`double precision`, (judged) => judged.firstGap],
  ['actual', sql`double precision`, (judged) => judged.actual],
  ['moves', sql`integer`, (judged) => judged.moves],
  ['moved_by', sql`text`, (judged) => judged.movedBy],
  ['told_at', sql`timestamptz`, (judged) => instant(judged.toldAt)],
  ['told_before', sql`boolean`, (judged) => judged.toldBefore],
  ['opened_at', sql`timestamptz`, (judged) => instant(judged.openedAt)],
  ['opened_by', sql`bigint`, (judged) => judged.openedBy],
  ['came_at', sql`timestamptz`, (judged) => instant(judged.cameAt)],
  ['decided_at', sql`timestamptz`, (judged) => instant(judged.decidedAt)],
  ['decided_by', sql`bigint`, (judged) => judged.decidedBy],
]

/** The judged rows as a table `n` with the columns above (and the stored row's id). */
function recordset(differences: Difference[], id?: RawBuilder<unknown>): RawBuilder<unknown> {
  const records = differences.map(({ judged, stored }) => ({
    ...(stored ? { id: stored.id } : {}),
    ...(judged ? Object.fromEntries(columns.map(([name, , value]) => [name, value(judged)])) : {}),
  }))
  const definitions = sql.join([
    ...(id ? [id] : []),
    ...columns.map(([name, type]) => sql`${sql.ref(name)} ${type}`),
  ])
  return sql`jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as n(${definitions})`
}

async function writeMoves(tx: Tx, differences: Difference[]): Promise<void> {
  const moved = differences.filter((each) => (each.judged?.moves ?? 0) > 0 || (each.stored?.moves ?? 0) > 0)
  if (moved.length === 0) return
  const owners = moved.map((each) => each.stored?.customerId)
  const ids = moved.map((each) => each.stored?.id)
  await sql`
    delete from expectation_moves m
    using unnest(${owners}::bigint[], ${ids}::bigint[]) as gone(customer_id, id)
    where m.customer_id = gone.customer_id and m.expectation_id = gone.id`.execute(tx)
  const lines = moved.flatMap(({ stored, moves }) => moves.map((move) => ({ stored, move })))
  await sql`
    insert into expectation_moves (
      customer_id, expectation_id, at, due_from, due_at, due_text, moved_by, told_at, interaction_id, counted
    )
    select *
    from unnest(
      ${lines.map(({ stored }) => stored?.customerId)}::bigint[],
      ${lines.map(({ stored }) => stored?.id)}::bigint[],
      ${lines.map(({ move }) => instant(move.at))}::timestamptz[],
      ${lines.map(({ move }) => instant(move.due.from))}::timestamptz[],
      ${lines.map(({ move }) => instant(move.due.at))}::timestamptz[],
      ${lines.map(({ move }) => move.due.text)}::text[],
      ${lines.map(({ move }) => move.movedBy)}::text[],
      ${lines.map(({ move }) => instant(move.toldAt))}::timestamptz[],
      ${lines.map(({ move }) => move.interactionId)}::bigint[],
      ${lines.map(({ move }) => move.counted)}::boolean[]
    )
    on conflict do nothing`.execute(tx)
}

const names = {
  kept: 'Expectation Kept',
  exceeded: 'Expectation Exceeded',
  broken: 'Expectation Broken',
  withdrawn: 'Expectation Withdrawn',
} as const

/** What the timeline says of it: that it was opened, each move that counted, and how it was decided. */
function judgementsOf(difference: Difference, now: number): Incoming[] {
  const { judged, stored, moves } = difference
  if (!judged || !stored) return []
  const about = {
    expectation: stored.id,
    statement: judged.statement,
    ...(judged.dueAt === null ? {} : { due: instant(judged.dueAt), precision: judged.precision }),
    ...(judged.dueText === null ? {} : { due_text: judged.dueText }),
    ...(judged.threshold === null ? {} : { threshold: judged.threshold }),
    ...(judged.currency === null ? {} : { threshold_currency: judged.currency }),
  }
  const say = (
    key: string,
    name: string,
    at: number,
    touchpointId: number | null,
    properties: Record<string, unknown>,
  ): Incoming => ({
    messageId: messageId(judged, key),
    at: new Date(at),
    receivedAt: new Date(now),
    identities: [],
    customerId: judged.customerId,
    ...(judged.purchaseId === null ? {} : { purchaseId: judged.purchaseId }),
    name,
    channel: '',
    properties: { ...about, ...properties },
    judgement: { touchpointId },
  })
  return [
    say('opened', 'Expectation Opened', judged.openedAt, difference.openedAtTouchpoint, {
      stated_by: judged.statedBy,
      source: judged.sourceKind,
      ...(judged.firstDueAt === null ? {} : { due: instant(judged.firstDueAt) }),
    }),
    ...moves
      .filter((move) => move.counted)
      .map((move) =>
        say(`moved ${move.at}`, 'Expectation Moved', move.at, difference.openedAtTouchpoint, {
          due: instant(move.due.at),
          moved_by: move.movedBy,
          ...(move.toldAt === null ? {} : { told_at: instant(move.toldAt) }),
        }),
      ),
    ...(judged.state === 'open' || judged.decidedAt === null
      ? []
      : [
          say('decided', names[judged.state], judged.decidedAt, difference.decidedAtTouchpoint, {
            ...(judged.gap === null ? {} : { gap: judged.gap, dimension: judged.dimension }),
            ...(judged.awaited ? { awaited: true } : {}),
            ...(judged.toldBefore === null ? {} : { told_before: judged.toldBefore }),
          }),
        ]),
  ]
}

/** Message ids of judgements that were recorded and no longer hold. */
function noLongerSaid({ judged, stored, moves }: Difference): string[] {
  if (!stored) return []
  const before = judged ?? stored
  return [
    ...(judged ? [] : [messageId(before, 'opened')]),
    ...(stored.state !== 'open' && (!judged || judged.state === 'open')
      ? [messageId(before, 'decided')]
      : []),
    ...stored.moved
      .filter(
        ({ at, counted }) => counted && !(judged && moves.some((move) => move.counted && move.at === at)),
      )
      .map(({ at }) => messageId(before, `moved ${at}`)),
  ]
}

function messageId(of: Pick<Judged, 'ruleId' | 'opening'>, kind: string): string {
  return `expectation ${of.ruleId ?? 'by hand'} ${of.opening} ${kind}`
}
