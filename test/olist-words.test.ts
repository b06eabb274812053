import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { isTold } from '#src/stats/cannot-tell.ts'
import { keyness } from '#src/stats/words/keyness.ts'
import { sharedData } from './shared-data.ts'

test('Portuguese reviews: good ones say “before the promised day”, bad ones “not received”', async (t) => {
  const file = sharedData('olist', 'olist_order_reviews_dataset.csv')
  if (!file) return t.skip('the Olist data set is not on this machine')
  const connection = await (await DuckDBInstance.create()).connect()
  const read = await connection.runAndReadAll(
    `select review_score, review_comment_message from read_csv($1) where review_comment_message is not null`,
    [file],
  )
  connection.closeSync()
  const reviews = read.getRows().map(([score, text]) => ({ score: Number(score), text: String(text) }))
  const said = (chosen: (score: number) => boolean) =>
    reviews.filter(({ score }) => chosen(score)).map(({ text }) => text)
  const found = keyness(
    said((score) => score >= 4),
    said((score) => score <= 2),
  )
  assert.ok(isTold(found))
  const terms = (side: typeof found.good) => side.slice(0, 10).map(({ term }) => term)
  for (const term of ['antes do prazo', 'recomendo', 'muito bom'])
    assert.ok(terms(found.good).includes(term), terms(found.good).join(', '))
  for (const term of ['não recebi', 'não foi entregue', 'comprei'])
    assert.ok(terms(found.bad).includes(term), terms(found.bad).join(', '))
  // the words that hold Portuguese together stand within phrases at most
  for (const { term } of [...found.good, ...found.bad])
    assert.doesNotMatch(
      term,
      /^(o|a|e|os|as|de|do|da|que|com|em|no|na|um|uma|foi|é|não|meu|já|mas|por|para|se)$/,
    )
})
