// Runs in a thread of its own: texts in, themes and topics out.
import { isTold } from '../../stats/cannot-tell.ts'
import { type Corpus, corpusOf } from '../../stats/words/corpus.ts'
import { type KeyTerm, keyness } from '../../stats/words/keyness.ts'
import { phrasesOf } from '../../stats/words/tokens.ts'
import { classify, type TopicModel, trainTopics } from '../../stats/words/topics.ts'
import { part } from '../map/level.ts'
import type { Example, Term, Theme, Topics } from './schema.ts'
import type { Said } from './texts.ts'

export interface ToRead {
  texts: Said[]
  /** Touchpoints by id, in the order of the map. */
  touchpoints: [id: number, name: string][]
}

/** Beyond these an experience is good or bad (hundredths). */
const band = 10
const examplesEach = 2
const labelsAsked = 8

export function readThemes(
  { texts, touchpoints }: ToRead,
  tell: (done: number, words: string) => void,
): { themes: Theme[]; topics: Topics } {
  const at = new Map<number, Said[]>()
  for (const said of texts)
    if (said.touchpointId !== null) at.set(said.touchpointId, [...(at.get(said.touchpointId) ?? []), said])
  const places = touchpoints.filter(([id]) => at.has(id))
  const corpus = corpusOf(texts.map(({ text }) => text))
  const themes = [themeOf(null, 'Everywhere', texts, corpus)]
  for (const [index, [id, name]] of places.entries()) {
    tell(0.1 + (0.5 * index) / places.length, `Reading what was said at “${name}”`)
    themes.push(themeOf(id, name, at.get(id) ?? [], corpus))
  }
  tell(0.6, 'Learning the topics')
  return { themes, topics: topicsOf(texts) }
}

function themeOf(touchpointId: number | null, name: string, said: Said[], corpus: Corpus): Theme {
  const good = said.filter(({ experience }) => (experience ?? 0) > band)
  const bad = said.filter(({ experience }) => (experience ?? 0) < -band)
  const found = keyness(
    good.map(({ text }) => text),
    bad.map(({ text }) => text),
    { most: 12, corpus },
  )
  const counts = { touchpointId, name, texts: said.length, goodTexts: good.length, badTexts: bad.length }
  if (!isTold(found)) return { ...counts, good: [], bad: [], cannotTell: found.cannotTell }
  return {
    ...counts,
    good: found.good.map((term) => termWith(term, good)),
    bad: found.bad.map((term) => termWith(term, bad)),
    cannotTell: null,
  }
}

function termWith({ term, good, bad, z, p }: KeyTerm, side: Said[]): Term {
  return { term, good, bad, z, p, examples: examplesOf(term, side) }
}

/** The newest texts that say the term, rather whole thoughts than essays. */
function examplesOf(term: string, side: Said[]): Example[] {
  const found: Said[] = []
  for (const said of side) {
    if (said.text.length > 400 || !says(said.text, term)) continue
    found.push(said)
    if (found.length === examplesEach) break
  }
  return found.map(exampleOf)
}

function says(text: string, term: string): boolean {
  const [first = ''] = term.split(' ')
  // cheap first: most texts don't even hold its first word
  return (
    text.normalize('NFKC').toLowerCase().replaceAll('’', "'").includes(first) &&
    phrasesOf(text).some((words) => ` ${words.join(' ')} `.includes(` ${term} `))
  )
}

function exampleOf({ text, at, customerId, interactionId }: Said): Example {
  return { text, at, customerId, interactionId }
}

function topicsOf(texts: Said[]): Topics {
  const labelled = texts.flatMap((said) =>
    said.topic === null ? [] : [{ text: said.text, topic: said.topic }],
  )
  const training = trainTopics(labelled)
  const model = isTold(training) ? training.model : null
  const counts = new Map<string, Topics['topics'][number]>()
  const place = (topic: string) => {
    const known = counts.get(topic) ?? { topic, labelled: 0, texts: 0, good: 0, bad: 0 }
    counts.set(topic, known)
    return known
  }
  const doubtful: { said: Said; likely: string[]; chance: number }[] = []
  let unsure = 0
  for (const said of texts) {
    const { topic, likely, chance } = topicFor(said, model)
    if (said.topic === null) doubtful.push({ said, likely, chance })
    if (topic === null) {
      unsure++
      continue
    }
    const count = place(topic)
    count.texts++
    if (said.topic !== null) count.labelled++
    if ((said.experience ?? 0) > band) count.good++
    if ((said.experience ?? 0) < -band) count.bad++
  }
  return {
    labelled: labelled.length,
    cannotTell: isTold(training) ? null : training.cannotTell,
    measured: isTold(training)
      ? {
          always: part(training.measured.always.hits, training.measured.always.n),
          answers: part(training.measured.answers.hits, training.measured.answers.n),
          right: part(training.measured.right.hits, training.measured.right.n),
        }
      : null,
    topics: [...counts.values()].toSorted((a, b) => b.texts - a.texts || a.topic.localeCompare(b.topic)),
    unsure,
    toLabel: toLabel(doubtful, model !== null),
  }
}

function topicFor(said: Said, model: TopicModel | null) {
  if (said.topic !== null) return { topic: said.topic, likely: [said.topic], chance: 1 }
  if (!model) return { topic: null, likely: [], chance: 0 }
  const found = classify(model, said.text)
  return {
    topic: found.topic,
    likely: found.likely.map((each) => each.topic),
    chance: found.likely[0]?.chance ?? 0,
  }
}

/** With a model what it is least sure of; before there is one, texts from all over the time asked for. */
function toLabel(
  doubtful: { said: Said; likely: string[]; chance: number }[],
  learned: boolean,
): Topics['toLabel'] {
  const short = doubtful.filter(({ said }) => said.text.length >= 12 && said.text.length <= 400)
  const step = Math.max(1, Math.floor(short.length / labelsAsked))
  const chosen = learned
    ? short.toSorted((a, b) => a.chance - b.chance).slice(0, labelsAsked)
    : short.filter((_, index) => index % step === 0).slice(0, labelsAsked)
  return chosen.map(({ said, likely }) => ({ ...exampleOf(said), likely }))
}
