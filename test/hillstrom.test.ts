import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isTold } from '#src/stats/cannot-tell.ts'
import { alwaysValid } from '#src/stats/msprt.ts'
import { newcombe, wilson } from '#src/stats/proportions.ts'
import { sampleRatio } from '#src/stats/sample-ratio.ts'
import { sharedData } from './shared-data.ts'

test('Hillstrom’s mail for men brought 7.66 points more visits (6.995 to 8.323), its sides as planned', (t) => {
  const file = sharedData('hillstrom', 'hillstrom.csv')
  if (!file) return t.skip('the Hillstrom data set is not on this machine')
  const arms = new Map<string, { n: number; visits: number }>()
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const cells = line.trim().split(',')
    const arm = arms.get(cells.at(-4) ?? '') ?? { n: 0, visits: 0 }
    arm.n++
    arm.visits += Number(cells.at(-3))
    arms.set(cells.at(-4) ?? '', arm)
  }
  const ratio = sampleRatio(
    Array.from(arms.values(), ({ n }) => n),
    [1, 1, 1],
  )
  assert.ok(isTold(ratio) && !ratio.broken)
  const share = (name: string) => wilson(arms.get(name)?.visits ?? 0, arms.get(name)?.n ?? 0)
  const [mens, control] = [share('Mens E-Mail'), share('No E-Mail')]
  assert.equal(mens.value?.toFixed(6), '0.182757')
  assert.equal(control.value?.toFixed(6), '0.106167')
  const difference = newcombe(mens, control)
  assert.ok(difference)
  assert.deepEqual(
    [difference.value, difference.low, difference.high].map((each) => each.toFixed(5)),
    ['0.07659', '0.06995', '0.08323'],
  )
  const error = Math.sqrt(
    [mens, control].reduce((sum, { value, n }) => sum + ((value ?? 0) * (1 - (value ?? 0))) / n, 0),
  )
  const always = alwaysValid([{ difference: difference.value, error }], 0.02)
  assert.ok(isTold(always))
  assert.ok(always.low > 0.065 && always.high < 0.09 && always.p < 1e-9)
})
