// A new company begins with the default map that suits how its customers buy. Whoever brought a map first
// (a recipe, the sample company) keeps it.
import type { Actor } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { type FirstRun, firstRunEvent } from '../team/schema.ts'
import { readJourney } from './queries.ts'
import { registerReplacing } from './replacing.ts'
import { saveMap } from './saving.ts'
import { templateFor, templates } from './templates/templates.ts'

const troth: Actor = { kind: 'local', id: 'first-run', name: 'First run', role: 'owner', scopes: [] }

/** The background work of the journey: the first map, and placing history again. */
export function registerJourney(store: Store): void {
  store.jobs.on<FirstRun>(firstRunEvent, 'journey.first-map', async ([run]) => {
    const { version, stages } = await readJourney(store.db)
    if (stages.length > 0) return
    const { stages: first } = templates[templateFor(run?.buying ?? 'again')]
    // With the version: somebody who is faster wins, and the next try finds a map.
    await saveMap(store, { version, stages: first }, troth)
  })
  registerReplacing(store)
}
