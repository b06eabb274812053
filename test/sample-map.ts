// The sample company's map and promises, as they would lie in a database.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectationRuleSchema, type Rule } from '#src/expectations/schema.ts'
import { compilePlacing } from '#src/journey/placing.ts'
import type { Stage, Touchpoint } from '#src/journey/schema.ts'
import { sampleStages } from '#src/sample/journey.ts'
import { samplePromises } from '#src/sample/promises.ts'

/** The map of the sample company, with ids from 1 in its order. */
export const map = (() => {
  const stages: Stage[] = []
  const touchpoints: Touchpoint[] = []
  for (const [position, { name, side, touchpoints: here }] of sampleStages.entries()) {
    const stage = { id: position + 1, name, side, position }
    stages.push(stage)
    for (const [place, each] of here.entries())
      touchpoints.push({
        ...each,
        id: touchpoints.length + 1,
        stageId: stage.id,
        position: place,
      } as Touchpoint)
  }
  return { stages, touchpoints, place: compilePlacing(stages, touchpoints) }
})()

/** The promises: those of the sample company, and that of delivery which comes with the product. */
export const rules: Rule[] = (() => {
  const migration = readFileSync(
    join(import.meta.dirname, '../src/store/migrations/0007-expectations.sql'),
    'utf8',
  )
  const [, shipped = '{}'] =
    /insert into expectation_rules[\s\S]*?'(\{[\s\S]*?\})',\n\s+'troth'/.exec(migration) ?? []
  return [JSON.parse(shipped) as Rule, ...samplePromises.map(({ rule }) => rule)].map((rule) =>
    expectationRuleSchema.parse(rule),
  )
})()
