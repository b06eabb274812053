// CDNOW's buyers as a company's own: their purchases come in as a file, and the question of coming back is asked.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bringIn, see } from '#src/imports/imports.testing.ts'
import { registerImports } from '#src/imports/imports.ts'
import { Asking } from '#src/insights/asking/asking.ts'
import { returning } from '#src/insights/returning/returning.ts'
import { type ReturnAnswer, returnQuery } from '#src/insights/returning/schema.ts'
import { temporaryFolder, testStore } from '#src/store/testing.ts'
import { sharedData } from './shared-data.ts'

const recipe = `
name: cd-shop
title: A CD shop
time_zone: UTC
currency: USD
sources:
  sold: { file: sold.csv }
customers: |
  select distinct customer as external_id from sold
purchases: |
  select customer as external_id, number as key, 'order' as kind, 'sold' as state, day as sold_at, worth as value
  from sold
`

test('CDNOW’s buyers, brought in as a file, give the published model of coming back', async (t) => {
  const file = sharedData('cdnow', 'CDNOW_sample.txt')
  if (!file) return t.skip('the CDNOW data set is not on this machine')
  await using store = await testStore(registerImports)
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const folder = temporaryFolder('cdnow')
  const sold = join(folder, 'sold.csv')
  writeFileSync(sold, `number,customer,day,worth\n${lines.map(toCsv).join('\n')}\n`)
  const id = await bringIn(store, recipe, [sold])
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.deepEqual([seen.error, seen.counts.rejected], [null, 0])
  assert.equal(seen.counts.kinds.customers?.created, 2_357)
  assert.equal(seen.counts.kinds.purchases?.created, 6_919)
  await store.projection?.catchUp()
  const answer = (await returning.answering(
    new Asking(store),
    returnQuery.parse({ to: '1997-09-30' }),
  )) as ReturnAnswer
  assert.ok(answer.model && answer.check)
  assert.deepEqual(
    [answer.model.name, answer.model.customers, answer.model.dropout],
    ['MBG/NBD', 2_357, 'seen'],
  )
  for (const [name, published] of Object.entries({ r: 0.5248, alpha: 6.1831, a: 0.8914, b: 1.614 }))
    assert.ok(Math.abs((answer.model.parameters[name] ?? 0) / published - 1) < 1e-3, name)
  assert.equal(answer.model.logLikelihood.toFixed(2), '-9582.14')
  assert.ok(answer.check.within, 'three months of it were foretold by the six before')
})

function toCsv(line: string, index: number): string {
  const [, customer, day = '', , worth] = line.trim().split(/\s+/)
  return [index, customer, `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`, worth].join(',')
}
