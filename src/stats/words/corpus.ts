// How people speak in a set of texts: which sentences are repeated, and which words only hold sentences together.
import { phrasesOf, unspaced } from './tokens.ts'

/** The ways of speaking of all the texts there are; found once, used for every comparison among them. */
export interface Corpus {
  /** Texts that hold a phrase word for word, numbers aside. */
  repeated: Map<string, number>
  words: Map<string, WordUse>
  /** Different phrases, and the words in them. */
  phrases: number
  length: number
}

interface WordUse {
  /** Different phrases with it; those that begin with it, and those that end with it. */
  said: number
  begins: number
  ends: number
}

export function corpusOf(texts: readonly string[]): Corpus {
  const repeated = new Map<string, number>()
  const words = new Map<string, WordUse>()
  for (const text of texts) {
    const own = new Map(phrasesOf(text).map((phrase) => [keyOf(phrase), phrase]))
    for (const [key, phrase] of own) {
      const times = repeated.get(key) ?? 0
      repeated.set(key, times + 1)
      if (times === 0) use(words, phrase)
    }
  }
  const length = [...words.values()].reduce((sum, { said }) => sum + said, 0)
  return { repeated, words, phrases: repeated.size, length }
}

function use(words: Map<string, WordUse>, phrase: string[]): void {
  for (const [index, word] of phrase.entries()) {
    const known = words.get(word) ?? { said: 0, begins: 0, ends: 0 }
    known.said++
    if (index === 0) known.begins++
    if (index === phrase.length - 1) known.ends++
    words.set(word, known)
  }
}

/** From so many words on, the same phrase is the same witness however often it comes. */
const longPhrase = 12

/**
 * What one saying of a phrase is worth as a witness, 0 to 1: n people who all say one word are n witnesses, but
 * nobody finds the same twelve words by themselves: those were copied, or come from one form. Between them n
 * sayings are worth n^e, with e falling from 1 to 0 by the words of the phrase.
 */
export function worthOf(phrase: string[], { repeated }: Corpus): number {
  const times = repeated.get(keyOf(phrase)) ?? 1
  return times ** (Math.max(0, 1 - (phrase.length - 1) / (longPhrase - 1)) - 1)
}

/** "1 day late" and "3 days late" are said by the same form. */
function keyOf(phrase: string[]): string {
  return phrase.join(' ').replace(/\p{N}+/gu, '#')
}

/** Seen in fewer phrases, a word's use isn't known. */
const fewestUses = 8

/**
 * Whether a word only holds sentences together, as "the", "und" and "que" do. No list of any language knows
 * that; it shows in how the word is used: it ends a phrase far less often than any word would by chance, and it
 * is short, or common. (The commonest
 * words are the shortest in nearly all of a thousand languages: Bentz & Ferrer-i-Cancho 2016, Zipf's law of
 * abbreviation.) Numbers by themselves say nothing either.
 */
export function isPlain(word: string, { words, phrases, length }: Corpus): boolean {
  const used = words.get(word)
  if (!used || isNumber(word)) return true
  // beside the share of all words that end a phrase
  const ending = used.ends / used.said / (phrases / length)
  if (ending >= 0.5) return false
  if (used.said >= Math.max(fewestUses, 0.01 * phrases) && ending < 0.25) return true
  if (unspaced.test(word)) return false
  const letters = [...word].length
  return letters <= 3 || (letters === 4 && used.said >= 4)
}

function isNumber(word: string): boolean {
  return /^\p{N}+$/u.test(word)
}

/**
 * Whether a phrase may stand alone: it doesn't stop at "and the", nor begin in the middle of a thought.
 * @param separating words that are said more on one side: a phrase may begin with them, plain or not
 */
export function isWhole(term: string, corpus: Corpus, separating: ReadonlySet<string>): boolean {
  const words = term.split(' ')
  const [first = '', last = first] = [words[0], words.at(-1)]
  if (isPlain(last, corpus) || isNumber(first)) return false
  if (words.length === 1 || !isPlain(first, corpus) || separating.has(first)) return true
  const used = corpus.words.get(first)
  return used !== undefined && used.begins / used.said >= 0.05
}
