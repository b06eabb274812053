import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Seeded } from '../seeded.ts'
import { assertFinite, near, told, untold } from '../testing.ts'
import { corpusOf, isPlain } from './corpus.ts'
import { germanBad, germanGood } from './german.testing.ts'
import { keyness } from './keyness.ts'
import { storedTopics, topicsFrom } from './stored.ts'
import { phrasesOf } from './tokens.ts'
import { classify, type Labelled, trainTopics } from './topics.ts'

test('words are found in any language, and phrases end at punctuation', () => {
  assert.deepEqual(phrasesOf('Die Lieferung kam zu spät! Schade, O’Neill.'), [
    ['die', 'lieferung', 'kam', 'zu', 'spät'],
    ['schade'],
    ["o'neill"],
  ])
  assert.deepEqual(phrasesOf('配達が遅い。')[0]?.join(' '), '配達 が 遅い')
  assert.deepEqual(phrasesOf('ไม่ได้รับสินค้า').flat().length > 1, true)
  assert.deepEqual(phrasesOf('Доставка 2 дня'), [['доставка', '2', 'дня']])
  assert.deepEqual(phrasesOf('  …!? '), [])
})

const chance = new Seeded(3)
const pick = (words: string[]) => words[chance.below(words.length)] ?? ''
const filler = ['the', 'parcel', 'my', 'order', 'was', 'it', 'today', 'from', 'shop', 'with']
const talk = (some: string[], often: number) =>
  Array.from({ length: 12 }, () => (chance.next() < often ? pick(some) : pick(filler))).join(' ')

test('the words that separate good from bad are found, those that both say are not', () => {
  const good = Array.from({ length: 200 }, () => talk(['quick', 'friendly'], 0.15))
  const bad = Array.from({ length: 120 }, () => talk(['late', 'broken', 'never came'], 0.15))
  const found = told(keyness(good, bad))
  assert.deepEqual(new Set(found.good.slice(0, 2).map(({ term }) => term)), new Set(['quick', 'friendly']))
  const worst = found.bad.slice(0, 3).map(({ term }) => term)
  assert.ok(worst.includes('late') && worst.includes('broken') && worst.includes('never came'), worst.join())
  for (const { term } of [...found.good, ...found.bad])
    assert.ok(!filler.includes(term), `${term} is said by both`)
})

test('where both sides speak alike, nothing separates them', () => {
  const texts = Array.from({ length: 400 }, () => talk(['quick', 'late', 'broken', 'friendly'], 0.3))
  const found = told(keyness(texts.slice(0, 200), texts.slice(200)))
  assert.ok(found.good.length + found.bad.length <= 1)
})

test('a word repeated in one text counts once', () => {
  const calm = Array.from({ length: 40 }, () => talk(['fine'], 0.1))
  const shouting = [...calm.slice(1), 'late '.repeat(500)]
  assert.equal(
    told(keyness(calm, shouting, { leastTexts: 1 })).bad.some(({ term }) => term === 'late'),
    false,
  )
})

test('of short German texts the telling words are told, not those that hold sentences together', () => {
  const texts = (lines: string[]) =>
    Array.from({ length: 240 }, () => `${pick(lines)}. ${chance.next() < 0.5 ? pick(lines) : ''}`)
  const found = told(keyness(texts(germanGood), texts(germanBad)))
  const good = found.good.slice(0, 6).map(({ term }) => term)
  const bad = found.bad.slice(0, 6).map(({ term }) => term)
  for (const term of ['freundlich', 'pünktlich', 'qualität', 'gerne wieder'])
    assert.ok(good.includes(term), `${term} is not among ${good.join(', ')}`)
  for (const term of ['zu spät', 'kaputt', 'zerkratzt', 'keiner'])
    assert.ok(bad.includes(term), `${term} is not among ${bad.join(', ')}`)
  const holding =
    /^(der|die|das|den|dem|ein|und|ist|war|wir|ich|es|mit|auf|zu|so|sehr|hat|kam|auch|sind|nach)$/
  for (const { term } of [...found.good, ...found.bad]) assert.doesNotMatch(term, holding)
})

test('the words that hold sentences together are known by their use, without a list', () => {
  const corpus = corpusOf([...germanGood, ...germanBad])
  const plain = (words: string) => words.split(' ').filter((word) => isPlain(word, corpus))
  assert.deepEqual(
    plain('der die das und ist war mit den wir'),
    'der die das und ist war mit den wir'.split(' '),
  )
  assert.deepEqual(plain('lieferung pünktlich zufrieden spät kaputt zerkratzt qualität'), [])
})

test('the same form sent over and over is not many witnesses; many who say the same two words are', () => {
  const filled = (n: number) =>
    Array.from({ length: n }, (_, i) => `${pick(filler)} ${pick(filler)} ${i % 7}`)
  const form = 'hereby we confirm that the carpet of your second order was taken back by us'
  const good = [...filled(300), ...Array.from({ length: 40 }, () => 'very nice')]
  const bad = [...filled(300), ...Array.from({ length: 40 }, () => form)]
  const found = told(keyness(good, bad))
  assert.deepEqual(found.bad, [])
  assert.equal(found.good[0]?.term, 'very nice')
})

test('each term says another thing: a word goes with the phrase that carries it, and nothing is said twice', () => {
  const good = Array.from({ length: 200 }, () => talk(['quick'], 0.1))
  const bad = Array.from({ length: 200 }, (_, i) =>
    [talk(['slow'], 0.02), i % 3 === 0 ? 'came days late' : 'the leg is wobbly', talk(['dear'], 0.02)].join(
      ', ',
    ),
  )
  const terms = told(keyness(good, bad)).bad.map(({ term }) => term)
  assert.ok(terms.includes('came days late'), terms.join())
  for (const word of ['days', 'late', 'days late', 'the', 'is', 'leg is'])
    assert.ok(!terms.includes(word), `${word} beside ${terms.join()}`)
})

test('log-odds with the prior are those of Monroe, Colaresi and Quinn, by hand', () => {
  // 30 of 40 good texts say "a" and 10 "b"; of the bad ones 10 and 30. The prior is worth 40 words: 20 and 20.
  const good = [...Array(30).fill('aa'), ...Array(10).fill('bb')]
  const bad = [...Array(10).fill('aa'), ...Array(30).fill('bb')]
  const term = told(keyness(good, bad)).good[0]
  assert.equal(term?.term, 'aa')
  near(term?.logOdds, Math.log(50 / 30) - Math.log(30 / 50))
  near(term?.z, (2 * Math.log(5 / 3)) / Math.sqrt(1 / 50 + 1 / 30))
})

test('too few texts to have a way of speaking give the reason', () => {
  assert.match(untold(keyness([], ['bad'])), /0 good and 1 bad/)
  untold(keyness(Array(50).fill(''), Array(50).fill('  ')))
  untold(keyness(Array(50).fill('!'), Array(50).fill('?')))
})

const themes: Record<string, string[]> = {
  delivery: ['Paket', 'Lieferung', 'Zusteller', 'parcel', 'delivery', 'courier'],
  bill: ['Rechnung', 'Betrag', 'Abbuchung', 'invoice', 'charged', 'payment'],
  login: ['Passwort', 'Anmeldung', 'Konto', 'password', 'account', 'login'],
}
const labelled: Labelled[] = Object.entries(themes).flatMap(([topic, words]) =>
  Array.from({ length: 40 }, () => ({ topic, text: talk(words, 0.25) })),
)

const trained = told(trainTopics(labelled))

test('topics are learned from labels, measured on texts kept apart, and may be unsure', () => {
  const { model, measured, leftOut } = told(
    trainTopics([...labelled, { topic: 'rare', text: 'one of its kind' }]),
  )
  assert.deepEqual(leftOut, { texts: 1, topics: ['rare'] })
  assert.ok((measured.always.value ?? 0) > 0.8)
  assert.equal(measured.always.n, 120)
  assert.ok((measured.right.value ?? 0) >= (measured.always.value ?? 1))
  assert.equal(classify(model, 'Wo bleibt meine Lieferung? Der Zusteller war nicht da').topic, 'delivery')
  // A misspelling and an inflected form share pieces with what was learned.
  assert.equal(classify(model, 'Rechnungen Abbuchungsbetrag').topic, 'bill')
  assert.equal(classify(model, 'qqq xxx').topic, null)
  assert.equal(classify(model, '').topic, null)
})

test('the same labels give the same model, and a stored model says the same', () => {
  const { model } = trained
  assert.deepEqual(told(trainTopics(labelled)).model, model)
  const bytes = storedTopics(model)
  const again = topicsFrom(bytes)
  assert.ok(again)
  assert.deepEqual(classify(again, 'my invoice'), classify(model, 'my invoice'))
  assert.equal(topicsFrom(bytes.subarray(0, 400)), null)
  assert.equal(topicsFrom(new Uint8Array()), null)
})

test('labels that say nothing leave the model unsure; one topic alone gives the reason', () => {
  const drawn = Array.from({ length: 200 }, () => ({
    topic: pick(['a', 'b', 'c', 'd']),
    text: talk(['x'], 0.1),
  }))
  const { measured } = told(trainTopics(drawn))
  assert.ok((measured.answers.value ?? 1) < 0.1, `${measured.answers.value}`)
  assertFinite(measured)
  untold(trainTopics(labelled.slice(0, 40)))
  untold(trainTopics([]))
})

test('law: any text has words without spaces and chances that add up', () => {
  const { model } = trained
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const word of phrasesOf(text).flat()) assert.ok(word.length > 0 && !/\s/.test(word))
      const sum = classify(model, text).likely.reduce((all, { chance }) => all + chance, 0)
      assert.ok(sum >= 0 && sum <= 1 + 1e-9)
    }),
    { numRuns: 50 },
  )
})
