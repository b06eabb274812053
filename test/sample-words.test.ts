// What the sample company's customers say, in four languages at once: the words that separate good from bad tell
// something, and aren't those that any sentence needs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '#src/sample/random.ts'
import { say, type Topic } from '#src/sample/words.ts'
import { isTold } from '#src/stats/cannot-tell.ts'
import { keyness } from '#src/stats/words/keyness.ts'

test('the words that separate the sample company’s good from its bad texts are telling ones', () => {
  const random = new Random(5)
  const slots = () => ({
    adviser: random.pick(['Anna', 'Ole', 'Karim', 'Sophie']),
    piece: random.pick(['table', 'wardrobe', 'bench']),
    days: random.pick([2, 5, 9, 14]),
    weeks: random.pick([4, 6, 8]),
    day: random.pick(['Monday', 'Friday']),
  })
  const texts = (topics: Topic[], n: number) =>
    Array.from({ length: n }, () =>
      say(random, random.pick(topics), random.pick(['en', 'en', 'de', 'de', 'nl', 'fr']), slots()),
    )
  const found = keyness(
    texts(['meetingGood', 'inTime', 'assemblyGood', 'choseRightly'], 1500),
    texts(['meetingBad', 'lateNotTold', 'complaint', 'assemblyBad', 'waiting'], 600),
    { most: 12 },
  )
  assert.ok(isTold(found))
  const terms = [...found.good, ...found.bad].map(({ term }) => term)
  const needed =
    /^(the|a|and|it|it was|we|i|you|our|was|is|has|had|to|on|in|of|for|that|der|die|das|und|ich|wir|ist|war|hat|es|zu|zum|de|het|een|en|le|la|les|et|un|une|nous|on nous)$/
  for (const term of terms) assert.doesNotMatch(term, needed, terms.join(', '))
  const bad = found.bad.map(({ term }) => term).join(', ')
  for (const word of [/late|verspätung|te laat|retard/, /nobody|niemand|not a word/]) assert.match(bad, word)
  assert.ok(found.good.length >= 6, found.good.map(({ term }) => term).join(', '))
})
