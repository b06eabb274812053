// What a recipe brings along beside its rows.
import { sql } from 'kysely'
import { createRule, listRules } from '../expectations/expectations.ts'
import type { Rule } from '../expectations/schema.ts'
import { applyMapTemplate, loadMap } from '../journey/journey.ts'
import { templateNames } from '../journey/schema.ts'
import type { Actor } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import type { Recipe } from './schema.ts'

const actor: Actor = { kind: 'local', id: 'import', name: 'an import', role: 'owner', scopes: [] }

/** What the recipe brings along: a journey map where there is none yet, promises that nobody has written yet. */
export async function setUp(store: Store, recipe: Recipe): Promise<void> {
  await sql`
    update workspace
    set time_zone = ${recipe.time_zone ?? sql`time_zone`}, currency = ${recipe.currency ?? sql`currency`}
    where name = '' and data_source is null`.execute(store.db)
  const template = templateNames.find((name) => name === recipe.journey)
  if (template && (await loadMap(store.db)).stages.length === 0)
    await applyMapTemplate(store, template, actor)
  const rules = await listRules(store.db)
  for (const promise of recipe.promises ?? [])
    if (!rules.some((known) => known.name === promise.name || sameRule(known.rule, promise.rule)))
      await createRule(store, promise, actor)
}

/** Whether two rules say the same of the same events: one promise is judged once. */
function sameRule(a: Rule, b: Rule): boolean {
  const properties = (rule: Rule) => rule.due.flatMap((term) => ('property' in term ? [term.property] : []))
  return (
    a.opened.event?.toLowerCase() === b.opened.event?.toLowerCase() &&
    a.kept.event?.toLowerCase() === b.kept.event?.toLowerCase() &&
    properties(a).some((property) => properties(b).includes(property))
  )
}
