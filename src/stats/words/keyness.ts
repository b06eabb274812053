import { cannotTell, type Told } from '../cannot-tell.ts'
import { binomialTwoSided } from '../distributions.ts'
import { benjaminiHochberg } from '../holm.ts'
import { type Corpus, corpusOf, worthOf } from './corpus.ts'
import { mostTelling } from './telling.ts'
import { phrasesOf } from './tokens.ts'

/** A word or phrase that is said more on one side than on the other. */
export interface KeyTerm {
  term: string
  /** Texts of each side that say it. */
  good: number
  bad: number
  /** Log-odds, good over bad, of its witnesses, drawn to what both sides say together. */
  logOdds: number
  /** Over its standard error: how strongly it separates. */
  z: number
  /** Of the witnesses lying apart so far by chance, exact; Benjamini–Hochberg over all terms looked at. */
  p: number
}

export interface Keyness {
  goodTexts: number
  badTexts: number
  /** Terms looked at: those that enough texts say. */
  terms: number
  /** Said more in good texts, the most telling first; and more in bad ones. */
  good: KeyTerm[]
  bad: KeyTerm[]
}

export interface KeynessOptions {
  /** Terms that fewer texts say are not looked at. Default 5. */
  leastTexts?: number
  /** Words in a phrase at most. Default 3. */
  longest?: number
  /** Terms returned of each side at most. Default 30. */
  most?: number
  /** All that is said, where the two sides are only part of it. Default both sides. */
  corpus?: Corpus
  /** False findings accepted among those returned. Default .05. */
  level?: number
}

/** A side with fewer texts than this has no way of speaking. */
const fewestTexts = 20

/** What surely separates is told when at least so many times as large a share of the texts of its side say it. */
const leastTimes = 1.5

/**
 * The words and phrases that separate two sides of texts, such as those of good and of bad experiences: log-odds
 * with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16(4), eqs. 15 to 22),
 * the prior being what both sides say together, worth as much as the smaller side. Texts are counted, not
 * repetitions: someone who writes a word ten times counts once; and the same long sentence over and over counts
 * as few witnesses (`worthOf`). What surely separates is then chosen for what it tells (`mostTelling`). In any
 * language.
 *
 * It says which words go with which side, not why: a product's name stands among bad words because it is talked
 * about there.
 */
export function keyness(
  goodTexts: readonly string[],
  badTexts: readonly string[],
  options: KeynessOptions = {},
): Told<Keyness> {
  const { leastTexts = 5, longest = 4, most = 30, level = 0.05 } = options
  const [good = [], bad = []] = [goodTexts, badTexts].map((texts) =>
    texts.filter((text) => text.trim() !== ''),
  )
  if (good.length < fewestTexts || bad.length < fewestTexts)
    return cannotTell(
      `there are ${good.length} good and ${bad.length} bad texts, and a side needs ${fewestTexts} to have a way of speaking`,
      fewestTexts,
    )
  const corpus = options.corpus ?? corpusOf([...good, ...bad])
  const counts = countTexts(good, bad, longest, corpus)
  const enough = [...counts].filter(([, { good: a, bad: b }]) => a + b >= leastTexts)
  if (enough.length === 0) return cannotTell(`no word is said in ${leastTexts} texts`)
  const sure = logOdds(enough).filter(({ p }) => p < level)
  const sideOf = (texts: readonly string[], others: readonly string[], side: 'good' | 'bad') => {
    const other = side === 'good' ? 'bad' : 'good'
    const terms = sure
      .filter(({ z }) => (side === 'good' ? z > 0 : z < 0))
      .filter((each) => each[side] / texts.length >= (leastTimes * each[other]) / others.length)
      .map((each) => ({ ...each, texts: each[side], strength: Math.abs(each.z) }))
    return mostTelling(
      terms,
      { texts: texts.length, sayers: (wanted) => sayers(texts, wanted, longest) },
      corpus,
      most,
    ).map(({ texts: _, strength: __, ...term }): KeyTerm => term)
  }
  return {
    goodTexts: good.length,
    badTexts: bad.length,
    terms: enough.length,
    good: sideOf(good, bad, 'good'),
    bad: sideOf(bad, good, 'bad'),
  }
}

interface Counts {
  good: number
  bad: number
  /** What these are worth as witnesses. */
  goodWorth: number
  badWorth: number
}

function countTexts(
  good: readonly string[],
  bad: readonly string[],
  longest: number,
  corpus: Corpus,
): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const side of ['good', 'bad'] as const)
    for (const text of side === 'good' ? good : bad)
      for (const [term, worth] of termsOf(text, longest, (phrase) => worthOf(phrase, corpus))) {
        let known = counts.get(term)
        if (!known) {
          known = { good: 0, bad: 0, goodWorth: 0, badWorth: 0 }
          counts.set(term, known)
        }
        known[side]++
        known[`${side}Worth`] += worth
      }
  return counts
}

/** Which texts say which of the terms. */
function sayers(
  texts: readonly string[],
  wanted: readonly { term: string }[],
  longest: number,
): Map<string, number[]> {
  const found = new Map(wanted.map(({ term }): [string, number[]] => [term, []]))
  for (const [index, text] of texts.entries())
    for (const term of termsOf(text, longest, () => 1).keys()) found.get(term)?.push(index)
  return found
}

/**
 * The different words and phrases of a text, each with the worth of the worthiest phrase that it stands in. A lone
 * letter or number says little; within a phrase it may.
 */
function termsOf(
  text: string,
  longest: number,
  worthOfPhrase: (phrase: string[]) => number,
): Map<string, number> {
  const terms = new Map<string, number>()
  for (const words of phrasesOf(text)) {
    const worth = worthOfPhrase(words)
    for (let start = 0; start < words.length; start++)
      for (let size = 1; size <= longest && start + size <= words.length; size++) {
        const term = words.slice(start, start + size).join(' ')
        if (size > 1 || /\p{L}{2}|\p{Script=Han}/u.test(term))
          terms.set(term, Math.max(terms.get(term) ?? 0, worth))
      }
  }
  return terms
}

/**
 * δ = ln (y_g + α)/(n_g + α₀ − y_g − α) − ln (y_b + α)/(n_b + α₀ − y_b − α), with variance 1/(y_g + α) + 1/(y_b + α);
 * y the witnesses of a side for the term, n the sum of y over all terms.
 */
function logOdds(terms: readonly (readonly [string, Counts])[]): KeyTerm[] {
  const good = terms.reduce((sum, [, { goodWorth }]) => sum + goodWorth, 0)
  const bad = terms.reduce((sum, [, { badWorth }]) => sum + badWorth, 0)
  const whole = Math.min(good, bad)
  const scored = terms.map(([term, { goodWorth, badWorth, ...texts }]) => {
    const prior = (whole * (goodWorth + badWorth)) / (good + bad)
    const odds = (said: number, all: number) => Math.log((said + prior) / (all + whole - said - prior))
    const value = odds(goodWorth, good) - odds(badWorth, bad)
    const z = value / Math.sqrt(1 / (goodWorth + prior) + 1 / (badWorth + prior))
    return { term, ...texts, logOdds: value, z }
  })
  const p = benjaminiHochberg(
    terms.map(([, { goodWorth, badWorth }]) =>
      binomialTwoSided(goodWorth, goodWorth + badWorth, good / (good + bad)),
    ),
  )
  return scored.map((each, i) => ({ ...each, p: p[i] ?? 1 }))
}
