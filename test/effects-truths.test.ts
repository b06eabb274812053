import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectsOf, knownEffects } from './effects-truths.ts'

const seeds = 20

// 20 companies of 4,000 customers. An honest 95 % interval misses more than five times in twenty once in 400.
test('what the sample company’s promises really do lies within the intervals as often as they claim', () => {
  const known = knownEffects(20_000)
  const companies = Array.from({ length: seeds }, (_, seed) => effectsOf(seed + 1_000, 4_000))
  for (const { name, of, truth } of known) {
    const answers = companies.map(of)
    const covered = answers.filter((answer) => answer && answer.low <= truth && truth <= answer.high).length
    assert.ok(covered >= seeds - 5, `${name}: ${covered} of ${seeds} intervals hold the truth, ${truth}`)
  }
  const found = (name: string) => {
    const effect = known.find((each) => each.name === name)
    return companies.filter((figures) => effect?.of(figures)?.tells).length
  }
  // large enough to be seen in a company of this size, and what is not there is not seen
  assert.equal(found('stars: the step'), seeds)
  assert.ok(found('complaining: told beforehand') >= seeds / 2)
  assert.ok(found('coming back: better than said') <= 4)
  assert.ok(found('stars: better than said') <= 4)
})
