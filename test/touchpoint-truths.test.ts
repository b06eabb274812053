import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type AskedCompany, askCompany, holds, type KnownEffect, knownEffects } from './touchpoint-truths.ts'

// 20 companies of 2,500 customers; `npm run bench -- coverage` asks 200.
const seeds = 20
const companies: AskedCompany[] = []
let effects: KnownEffect[] = []

before(async () => {
  for (let seed = 0; seed < seeds; seed++) companies.push(await askCompany(2_000 + seed, 2_500))
  effects = knownEffects(companies, 12_000)
})

// An honest 95 % interval misses six times in twenty once in three thousand.
test('what touchpoints really do lies within the intervals as often as they claim', () => {
  for (const { name, truth, of } of effects) {
    const told = companies.map((company) => holds(of(company), truth)).filter((each) => each !== undefined)
    assert.ok(told.length >= 10, `${name}: told ${told.length} times`)
    const missed = told.filter((each) => !each).length
    assert.ok(missed <= 5, `${name}: ${missed} of ${told.length} intervals miss the truth, ${truth}`)
  }
})

test('on average the answers are what is true', () => {
  for (const { name, truth, of } of effects) {
    const told = companies.flatMap((company) => of(company) ?? [])
    const mean = told.reduce((sum, { value }) => sum + value, 0) / told.length
    const spread = Math.sqrt(told.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / told.length)
    assert.ok(
      Math.abs(mean - truth) < (3.5 * spread) / Math.sqrt(told.length),
      `${name}: ${mean} on average, ${truth} in truth`,
    )
  }
})

test('readers of the newsletter seem to come back more, and cards seem to keep people; neither is named important', () => {
  const counted = companies.map(({ first }) => {
    const newsletter = first('Newsletter')
    return newsletter?.meeting?.less ?? 0
  })
  assert.ok(counted.reduce((sum, each) => sum + each, 0) / seeds > 0.04, 'seems to bring people back')
  for (const name of ['newsletter', 'newsletter sign-up', 'anniversary card']) {
    const effect = effects.find((each) => each.name === name)
    // beyond chance among some thirty comparisons
    const named = companies.filter((company) => (effect?.of(company)?.p ?? 1) < 0.05 / 30).length
    assert.ok(named <= 1, `${name} is named in ${named} companies`)
    const mattersMost = companies.filter(
      ({ first }) =>
        name !== 'anniversary card' &&
        first(name === 'newsletter' ? 'Newsletter' : 'Newsletter sign-up')?.importance?.plausibleRanks
          .high === 1,
    ).length
    assert.equal(mattersMost, 0)
  }
})
