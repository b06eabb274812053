import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { catalogue, registerExpectations, summary } from '#src/expectations/expectations.ts'
import { bringIn } from '#src/imports/imports.testing.ts'
import { registerImports, shippedRecipes } from '#src/imports/imports.ts'
import { Asking } from '#src/insights/asking/asking.ts'
import { effects } from '#src/insights/effects/effects.ts'
import { type Effects, effectsQuery } from '#src/insights/effects/schema.ts'
import { meanFrom } from '#src/stats/means.ts'
import { testStore } from '#src/store/testing.ts'
import { sharedData } from './shared-data.ts'

// Counted beforehand by an independent program over the same files: 2,904 orders were delivered, 191 of them
// after the promised calendar day (231 by the clock). 2,993 reviews: 2,710 on orders that came in time
// (4.27), 193 on late ones (135 before the parcel came: 1.69, three of them before it was due; 58 after: 3.67)
// and 90 on orders that never came (1.92; eleven of them before they were due, three of these even before the
// order itself).
test('“delivered by the promised day” comes out of the shipped Olist recipe, and each answer where it belongs', async (t) => {
  const folder = sharedData('olist')
  if (!folder) return t.skip('the Olist data set is not on this machine')
  await using store = await testStore((made) => {
    registerImports(made)
    registerExpectations(made)
  })
  const recipe = shippedRecipes().find(({ name }) => name === 'olist')
  assert.ok(recipe)
  await bringIn(
    store,
    recipe.text,
    readdirSync(folder).map((name) => join(folder, name)),
  )
  await store.jobs.drain()
  const [rule, ...others] = await catalogue(store.db, {})
  assert.ok(rule)
  assert.equal(rule.rule.name, 'Delivered by the promised day')
  assert.equal(others.length, 0)

  const { all } = await summary(store.db, { ruleId: rule.rule.id })
  assert.equal(all.kept + all.exceeded, 2_713)
  assert.equal(all.broken - all.overdue, 191)
  assert.equal(all.overdue, 96)
  assert.equal(all.open, 0)

  await store.projection?.catchUp()
  const asked = effectsQuery.parse({ rule: rule.rule.id })
  const answer = (await effects.answering(new Asking(store), asked)) as Effects
  const groups = answer.moments.flatMap(({ moment, endings }) =>
    endings.map(({ ending, rating }) => ({ moment, ending, stars: rating })),
  )
  const told = (wanted: (group: (typeof groups)[number]) => boolean) => {
    const picked = groups.filter(wanted)
    const n = picked.reduce((sum, { stars }) => sum + stars.n, 0)
    const sum = picked.reduce((total, { stars }) => total + stars.n * (stars.value ?? 0), 0)
    return [n, Number((meanFrom(n, sum, 0).value ?? 0).toFixed(2))]
  }
  assert.deepEqual(
    told(({ ending }) => ending === 'came in time'),
    [2_710, 4.27],
  )
  assert.deepEqual(
    told(({ ending }) => ending === 'came late'),
    [193, 2.28],
  )
  assert.deepEqual(
    told(({ ending, moment }) => ending === 'came late' && moment !== 'came late'),
    [135, 1.69],
  )
  assert.deepEqual(
    told(({ ending, moment }) => ending === 'came late' && moment === 'still waiting'),
    [132, 1.65],
  )
  assert.deepEqual(
    told(({ moment }) => moment === 'came late'),
    [58, 3.67],
  )
  assert.deepEqual(
    told(({ ending }) => ending === 'never came'),
    [90, 1.92],
  )
  assert.deepEqual(
    told(({ moment }) => moment === 'never came'),
    [79, 1.66],
  )

  // The step at the promise is drawn from answers given once it had come.
  const late = answer.comparisons.find(({ outcome }) => outcome === 'rating')
  assert.deepEqual([late?.against.n, late?.of.n], [2_708, 58])
  assert.ok((late?.raw?.high ?? 0) < 0)
  assert.ok((late?.raw?.value ?? 0) > -0.7 && (late?.raw?.value ?? 0) < -0.5)

  // Nine in ten were there within this many days of the order, those still awaited counted as waiting.
  assert.ok(rule.keepable.value !== null && rule.keepable.low !== null && rule.keepable.high !== null)
  assert.ok(rule.keepable.low <= rule.keepable.value && rule.keepable.value <= rule.keepable.high)
})
