// Changes of the map. Each is one transaction: the check that nobody was faster, the new map, what it was
// before (for undoing), the audit entry, and the job that puts history where the new rules say.
//
// Whoever records interactions holds the map while it does (holdMap); a change waits for them, and they for
// it. So every interaction that the old rules placed is there when the job begins, and every later one was
// placed by the new rules: nothing falls in between.
import { sql } from 'kysely'
import { Conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { handOver, touchpointsOf } from './arrangement.ts'
import { assertIsMap, consequenceOf, summaryOf, tidied } from './change.ts'
import { readJourney } from './queries.ts'
import { planReplacing } from './replacing.ts'
import type {
  Budget,
  CareStandard,
  Draft,
  Gone,
  Journey,
  MapStage,
  Replacing,
  TemplateName,
} from './schema.ts'
import { laidOver, templates } from './templates/templates.ts'

export interface Saved {
  journey: Journey
  /** Which id each new stage and touchpoint of the draft got: {"-1": 57}. */
  created: Record<string, number>
  /** The job that re-places history; null when the change moves nothing. */
  replacing: Replacing | null
}

const lockName = 'troth.journey'

/** Keeps the map as it is until the transaction ends. Many may hold it at once, or one alone. */
export async function holdMap(tx: Tx, { alone }: { alone: boolean }): Promise<void> {
  await (alone
    ? sql`select pg_advisory_xact_lock(hashtext(${lockName}))`
    : sql`select pg_advisory_xact_lock_shared(hashtext(${lockName}))`
  ).execute(tx)
}

/**
 * Saves the whole map. `version` is that of the map it was made from; leave it out where nobody else can be
 * editing (first run, sample company).
 * @throws Conflict when the map was changed since; Invalid naming what is wrong with the draft
 */
export async function saveMap(
  store: Store,
  draft: { version?: number | undefined; stages: MapStage[]; gone?: Gone[] },
  actor: Actor,
): Promise<Saved> {
  return transaction(store.db, async (tx) => {
    const before = await lockJourney(tx, draft.version)
    return change(store, tx, before, { stages: draft.stages, gone: draft.gone ?? [] }, actor)
  })
}

/** Makes a default map the map; what has the same name keeps its id. */
export async function applyMapTemplate(store: Store, name: TemplateName, actor: Actor): Promise<Saved> {
  return transaction(store.db, async (tx) => {
    const before = await lockJourney(tx, undefined)
    return change(store, tx, before, laidOver(before.stages, templates[name]), actor)
  })
}

/** What the last edit was, and whether it can still be undone. */
export interface LastEdit {
  version: number
  at: string
  actor: string
  summary: string
}

interface Remembered {
  stages: MapStage[]
  budgets: Budget[]
  careStandards: CareStandard[]
  /** Which touchpoints took over the interactions of removed ones. */
  gone: Gone[]
}

/** The edit that made the present version; null when there is none, or it was itself an undoing. */
export async function lastEdit(db: Db): Promise<LastEdit | null> {
  const found = await row(
    db,
    sql<Omit<LastEdit, 'at'> & { at: Date }>`
      select e.version, e.at, e.actor, e.summary
      from journey_edits e
      join workspace w on w.journey_version = e.version
      where e.undone_at is null`,
  )
  return found ? { ...found, at: found.at.toISOString() } : null
}

/**
 * Takes back the last edit: stages and touchpoints get their old ids, budgets and care standards of removed
 * touchpoints come back, history is placed again. An undoing can't itself be undone: edit instead.
 * @throws Conflict when `version` is not the present one, or there is no edit to undo
 */
export async function undoLastEdit(store: Store, version: number, actor: Actor): Promise<Saved> {
  return transaction(store.db, async (tx) => {
    const now = await lockJourney(tx, version)
    const edit = await row(
      tx,
      sql<{ before: Remembered; summary: string }>`
        update journey_edits
        set undone_at = now()
        where version = ${version} and undone_at is null
        returning before, summary`,
    )
    if (!edit)
      throw new Conflict(
        'There is no edit of the map left to undo: the last change was an undoing, or the map is as it began. Edit it instead.',
      )
    const { stages, budgets, careStandards } = edit.before
    const undone = await change(store, tx, now, { stages, gone: [] }, actor, `Undid: ${edit.summary}`)
    await putBack(tx, budgets, careStandards)
    await sql`update journey_edits set undone_at = now() where version = ${undone.journey.version}`.execute(
      tx,
    )
    return undone
  })
}

async function lockJourney(tx: Tx, version: number | undefined): Promise<Journey> {
  await sql`select pg_advisory_xact_lock(hashtext(${lockName}))`.execute(tx)
  const journey = await readJourney(tx)
  if (version !== undefined && version !== journey.version) {
    const edit = await lastEdit(tx)
    const who = edit ? ` by ${edit.actor} at ${edit.at.slice(11, 16)} UTC (“${edit.summary}”)` : ''
    throw new Conflict(
      `The map was changed${who} while you were editing: yours began from version ${version}, it is now ${journey.version}. Load the new map and make your change again; nothing of yours was saved.`,
    )
  }
  return journey
}

async function change(
  store: Store,
  tx: Tx,
  before: Journey,
  draft: Draft,
  actor: Actor,
  saying?: string,
): Promise<Saved> {
  if (saying === undefined) assertIsMap(draft, before.stages)
  const removed = touchpointsOf(before.stages).filter(
    (each) => !touchpointsOf(draft.stages).some((kept) => kept.id === each.id),
  )
  const handedOver = draft.gone.reduce(
    (stages, { id, to }) => handOver(stages, removed.find((each) => each.id === id)?.rules ?? [], to),
    draft.stages,
  )
  const created = await writeStages(tx, handedOver)
  const gone = draft.gone.map(({ id, to }) => ({
    id,
    to: to !== null && to < 0 ? (created[to] ?? null) : to,
  }))
  const remembered = await rememberRemoved(
    tx,
    removed.map((each) => each.id),
  )
  await moveBelongings(tx, gone)
  await deleteMissing(tx, handedOver, created)
  const [bumped] = await rows(
    tx,
    sql<{ version: number }>`
      update workspace
      set journey_version = journey_version + 1
      returning journey_version as version`,
  )
  const journey = await readJourney(tx)
  const version = bumped?.version ?? journey.version
  const summary = saying ?? summaryOf(before.stages, journey.stages, gone)
  await sql`
    insert into journey_edits (version, actor, summary, before)
    values (
      ${version}, ${actor.name}, ${summary},
      ${JSON.stringify({ stages: before.stages, gone, ...remembered } satisfies Remembered)}::jsonb
    )`.execute(tx)
  await audit(tx, actor, saying ? 'undid' : 'edited', 'journey', version, { summary })
  const replacing = await planReplacing(
    store,
    tx,
    { version, consequence: consequenceOf(before.stages, journey.stages), gone },
    actor,
  )
  return { journey, created, replacing }
}

/** Writes what is on the draft; gives the ids of what was new. Ids that are not there (an undone removal) are made again. */
async function writeStages(tx: Tx, stages: MapStage[]): Promise<Record<string, number>> {
  const created: Record<string, number> = {}
  for (const [position, stage] of stages.entries()) {
    const stageId = await writeStage(tx, stage, position)
    if (stage.id < 0) created[stage.id] = stageId
    for (const [index, each] of stage.touchpoints.entries()) {
      const found = await row(
        tx,
        sql<{ id: number }>`
          insert into touchpoints as t (id, stage_id, name, position, by, purpose, channel, rules)
          select coalesce(${each.id < 0 ? null : each.id}::integer, nextval(pg_get_serial_sequence('touchpoints', 'id'))::integer),
            ${stageId}::integer, ${each.name}::text, ${index}::integer, ${each.by}::text,
            ${each.purpose}::text, ${each.channel || null}::text, ${JSON.stringify(each.rules.map(tidied))}::jsonb
          on conflict (id) do update
          set stage_id = excluded.stage_id, name = excluded.name, position = excluded.position,
            by = excluded.by, purpose = excluded.purpose, channel = excluded.channel, rules = excluded.rules
          returning t.id`,
      )
      if (each.id < 0 && found) created[each.id] = found.id
    }
  }
  return created
}

async function writeStage(tx: Tx, stage: MapStage, position: number): Promise<number> {
  const found = await row(
    tx,
    sql<{ id: number }>`
      insert into stages as s (id, name, side, position)
      select coalesce(${stage.id < 0 ? null : stage.id}::integer, nextval(pg_get_serial_sequence('stages', 'id'))::integer),
        ${stage.name}::text, ${stage.side}::text, ${position}::integer
      on conflict (id) do update
      set name = excluded.name, side = excluded.side, position = excluded.position
      returning s.id`,
  )
  if (!found) throw new Error('a stage was not written')
  return found.id
}

async function rememberRemoved(
  tx: Tx,
  removed: number[],
): Promise<{ budgets: Budget[]; careStandards: CareStandard[] }> {
  const budgets = await rows(
    tx,
    sql<Budget>`
      select id, touchpoint_id as "touchpointId", starts_on::text as "startsOn", ends_on::text as "endsOn",
        amount_minor as "amountMinor", currency
      from budgets
      where touchpoint_id = any(${removed}::integer[])`,
  )
  const careStandards = await rows(
    tx,
    sql<CareStandard>`
      select id, name, touchpoint_id as "touchpointId", within_days as "withinDays", counts_from as "countsFrom"
      from care_standards
      where touchpoint_id = any(${removed}::integer[]) or counts_from = any(${removed}::integer[])`,
  )
  return { budgets, careStandards }
}

/** Money and care standards go where the interactions go. */
async function moveBelongings(tx: Tx, gone: readonly Gone[]): Promise<void> {
  for (const { id, to } of gone) {
    if (to === null) continue
    await sql`update budgets set touchpoint_id = ${to} where touchpoint_id = ${id}`.execute(tx)
    await sql`
      update care_standards
      set touchpoint_id = case when touchpoint_id = ${id} then ${to}::integer else touchpoint_id end,
        counts_from = case when counts_from = ${id} then ${to}::integer else counts_from end
      where touchpoint_id = ${id} or counts_from = ${id}`.execute(tx)
  }
}

async function deleteMissing(tx: Tx, stages: MapStage[], created: Record<string, number>): Promise<void> {
  const real = (id: number) => (id < 0 ? (created[id] ?? id) : id)
  const kept = touchpointsOf(stages).map((each) => real(each.id))
  const keptStages = stages.map((stage) => real(stage.id))
  await sql`delete from touchpoints where not id = any(${kept}::integer[])`.execute(tx)
  await sql`delete from stages where not id = any(${keptStages}::integer[])`.execute(tx)
}

async function putBack(tx: Tx, budgets: Budget[], careStandards: CareStandard[]): Promise<void> {
  for (const each of budgets)
    await sql`
      insert into budgets (id, touchpoint_id, starts_on, ends_on, amount_minor, currency)
      values (${each.id}, ${each.touchpointId}, ${each.startsOn}, ${each.endsOn}, ${each.amountMinor}, ${each.currency})
      on conflict (id) do update set touchpoint_id = excluded.touchpoint_id`.execute(tx)
  for (const each of careStandards)
    await sql`
      insert into care_standards (id, name, touchpoint_id, within_days, counts_from)
      values (${each.id}, ${each.name}, ${each.touchpointId}, ${each.withinDays}, ${each.countsFrom})
      on conflict (id) do update
      set touchpoint_id = excluded.touchpoint_id, counts_from = excluded.counts_from`.execute(tx)
}
