import assert from 'node:assert/strict'
import { test } from 'node:test'
import { criteriaOf, weighsMoreInComingBack } from './criteria-truths.ts'
import { map } from './sample-map.ts'

// In the sample company a meeting or the showroom is on the way to nearly every sale, and nothing that happens before
// the sale brings anybody back (newsletters and the website go to the active, who come back anyway).
test('the sample company is chosen for its meetings, and nothing before the sale is said to weigh more in coming back', async () => {
  let named = 0
  for (let seed = 3_001; seed <= 3_003; seed++) {
    const found = await criteriaOf(seed)
    const choosing = (name: string) => found(name)?.choosing?.value ?? 0
    assert.ok(choosing('Design meeting') > 0.2, `${seed}: ${choosing('Design meeting')}`)
    for (const name of ['Newsletter sign-up', 'Website guide'])
      assert.ok(choosing(name) < 0.1, `${seed}: ${name}`)
    if (map.touchpoints.some(({ name }) => weighsMoreInComingBack(found(name)))) named++
  }
  assert.ok(named <= 1, `${named} of 3 companies`)
})
