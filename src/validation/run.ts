// Working out every standing anew after the rules changed: in chunks, each its own transaction that also
// notes how far it came, so that a crash loses nothing and other work is never kept waiting. A newer run
// ends an older one.
import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { row, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { readNext, readRules, writeRules } from './queries.ts'
import type { ValidationRules } from './schema.ts'
import { updateChunk } from './standings.ts'

interface ValidationRun {
  id: number
  startedAt: string
  finishedAt: string | null
  done: number
  changed: number
  total: number
}

const chunkSize = 500

/** Saves the rules and starts working out every standing anew. */
export async function changeRules(store: Store, rules: ValidationRules, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const before = await readRules(tx)
    await writeRules(tx, rules)
    await audit(tx, actor, 'changed', 'validation rules', null, { before, after: rules })
    const run = await row(
      tx,
      sql<{ id: number }>`
        insert into validation_runs (started_by, total)
        select ${`${actor.kind}:${actor.id}`}, count(*)
        from customers
        where canonical_id = id
        returning id`,
    )
    if (run) await store.jobs.enqueue(tx, 'validation.run', { run: run.id })
  })
}

/** The latest run, under way or finished. */
export async function readRun(store: Store): Promise<ValidationRun | null> {
  const run = await row(
    store.db,
    sql<ValidationRun>`
      select
        id, to_char(started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "startedAt",
        to_char(finished_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "finishedAt", done, changed, total
      from validation_runs
      order by id desc
      limit 1`,
  )
  return run ?? null
}

/** Takes a run up where it is and brings it to its end. */
export async function continueRun(store: Store, id: number): Promise<void> {
  const rules = await readRules(store.db)
  for (;;) {
    const finished = await transaction(store.db, async (tx) => {
      const run = await row(
        tx,
        sql<{ after: number; superseded: boolean }>`
          select after_id as after, exists (select from validation_runs newer where newer.id > r.id) as superseded
          from validation_runs r
          where id = ${id} and finished_at is null
          for update of r`,
      )
      if (!run) return true
      const ids = run.superseded ? [] : await readNext(tx, run.after, chunkSize)
      const changed = await updateChunk(tx, ids, rules)
      await sql`
        update validation_runs
        set done = done + ${ids.length}, changed = changed + ${changed},
          after_id = ${ids.at(-1) ?? run.after},
          finished_at = case when ${ids.length === 0}::boolean then now() end
        where id = ${id}`.execute(tx)
      return ids.length === 0
    })
    if (finished) return
  }
}
