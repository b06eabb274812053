import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from 'kysely'
import { Asking } from '#src/insights/asking/asking.ts'
import { budget } from '#src/insights/budget/budget.ts'
import { type BudgetAnswer, budgetQuery } from '#src/insights/budget/schema.ts'
import { isTold } from '#src/stats/cannot-tell.ts'
import { alwaysValid } from '#src/stats/msprt.ts'
import { newcombe, wilson } from '#src/stats/proportions.ts'
import { sampleRatio } from '#src/stats/sample-ratio.ts'
import { sharedData } from './shared-data.ts'
import { sending, startTroth } from './troth.ts'

test('Hillstrom’s mail for men brought 7.66 points more visits (6.995 to 8.323), its sides as planned', (t) => {
  const arms = readArms()
  if (!arms) return t.skip('the Hillstrom data set is not on this machine')
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

test('recorded as a test of a mailing, it is the effect that money is divided by', async (t) => {
  const arms = readArms()
  if (!arms) return t.skip('the Hillstrom data set is not on this machine')
  await using troth = await startTroth()
  const { db } = troth.store
  await sql`insert into stages (id, name, side, position) values (1, 'Use', 'after', 1)`.execute(db)
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values (1, 1, 'Mail for men', 1, 'us', 'mass')`.execute(
    db,
  )
  await sql`insert into budgets (touchpoint_id, starts_on, ends_on, amount_minor, currency)
    values (1, '2026-01-01', '2026-12-31', 1000000, (select currency from workspace))`.execute(db)
  const arm = (name: string, spendMinor: number) => ({
    spendMinor,
    customers: arms.get(name)?.n,
    returned: arms.get(name)?.visits,
  })
  const recorded = await troth.as('manager')(
    '/api/holdout-results',
    sending('POST', {
      touchpointId: 1,
      name: 'Mail for men',
      endedOn: '2008-03-20',
      arms: [arm('No E-Mail', 0), arm('Mens E-Mail', 5)],
    }),
  )
  assert.equal(recorded.status, 201, await recorded.text())
  await troth.store.projection?.catchUp()
  const answer = (await budget.answering(new Asking(troth.store), budgetQuery.parse({}))) as BudgetAnswer
  const [mail] = answer.touchpoints
  assert.equal(mail?.effect, 'proven')
  const change = mail.tests[0]?.arms[1]?.change
  assert.deepEqual(
    [change?.value, change?.low, change?.high].map((each) => each?.toFixed(5)),
    ['0.07659', '0.06995', '0.08323'],
  )
  assert.ok(
    answer.statements.some(
      ({ text, claim }) => claim === 'proven by a test' && /brought 7\.7 in 100 more back/.test(text),
    ),
  )
})

/** Customers and visits of each group, by its name. */
function readArms(): Map<string, { n: number; visits: number }> | undefined {
  const file = sharedData('hillstrom', 'hillstrom.csv')
  if (!file) return undefined
  const arms = new Map<string, { n: number; visits: number }>()
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const cells = line.trim().split(',')
    const arm = arms.get(cells.at(-4) ?? '') ?? { n: 0, visits: 0 }
    arm.n++
    arm.visits += Number(cells.at(-3))
    arms.set(cells.at(-4) ?? '', arm)
  }
  return arms
}
