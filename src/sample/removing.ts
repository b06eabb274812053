// Taking the sample company away again.
import { sql } from 'kysely'
import { applyMapTemplate, templateFor } from '../journey/journey.ts'
import { Conflict } from '../lib/errors.ts'
import { row, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { samplePromises } from './promises.ts'
import { loadingLock, readSampleState, troth } from './state.ts'

/** Takes the sample company away: Troth is as empty as at first, its people and keys untouched. */
export async function removeSample(store: Store): Promise<void> {
  const state = await readSampleState(store)
  if (!state) throw new Conflict('There is no sample company here to remove.')
  const { name, timeZone, currency, country, buying } = state.before
  await transaction(store.db, async (tx) => {
    const free = await row(
      tx,
      sql<{ got: boolean }>`select pg_try_advisory_xact_lock(${loadingLock}::bigint) as got`,
    )
    if (!free?.got)
      throw new Conflict('The sample company is still being loaded. Remove it when it is there.')
    await sql`
      truncate interactions, topic_labels, improvements, holdout_results, receipts, voices, purchases, customers, identities, identity_conflicts, merges,
        memberships, standings, scores, score_models, expectations, expectation_moves, expectation_runs, segments, budgets,
        care_standards, touchpoints, stages, journey_edits, replacings, takings, projection_dirty
        cascade`.execute(tx)
    await sql`
      delete from expectation_rules
      where name = any(${samplePromises.map((promise) => promise.name)}::text[])`.execute(tx)
    await sql`
      update workspace
      set data_source = null, journey_version = journey_version + 1, settings = settings - 'sample',
        name = case when name = 'Harbour & Oak' then ${name}::text else name end,
        time_zone = ${timeZone}::text, currency = ${currency}::text, country = ${country}::text,
        buying = ${buying}::text`.execute(tx)
  })
  if (buying) await applyMapTemplate(store, templateFor(buying), troth)
  await store.projection?.rebuild()
}
