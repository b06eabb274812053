import { cannotTell, type Told } from '../cannot-tell.ts'
import { normalTwoSided } from '../distributions.ts'
import { benjaminiHochberg } from '../holm.ts'
import { phrasesOf } from './tokens.ts'

/** A word or phrase that is said more on one side than on the other. */
export interface KeyTerm {
  term: string
  /** Texts of each side that say it. */
  good: number
  bad: number
  /** Log-odds, good over bad, drawn to what both sides say together. */
  logOdds: number
  /** Over its standard error. */
  z: number
  /** Benjamini–Hochberg over all terms looked at. */
  p: number
}

export interface Keyness {
  goodTexts: number
  badTexts: number
  /** Terms looked at: those that enough texts say. */
  terms: number
  /** Said more in good texts, surest first; and more in bad ones. */
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
  /** False findings accepted among those returned. Default .05. */
  level?: number
}

/** A side with fewer texts than this has no way of speaking. */
const fewestTexts = 20

/**
 * The words and phrases that separate two sides of texts, such as those of good and of bad experiences: log-odds
 * with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16(4), eqs. 15 to 22),
 * the prior being what both sides say together, worth as much as the smaller side. Texts are counted, not
 * repetitions: someone who writes a word ten times counts once. A phrase is left out where a shorter or longer
 * one says the same in nearly the same texts. In any language.
 *
 * It says which words go with which side, not why: a product's name stands among bad words because it is talked
 * about there.
 */
export function keyness(
  goodTexts: readonly string[],
  badTexts: readonly string[],
  { leastTexts = 5, longest = 3, most = 30, level = 0.05 }: KeynessOptions = {},
): Told<Keyness> {
  const sides = [goodTexts, badTexts].map((texts) => texts.filter((text) => text.trim() !== ''))
  const [good = [], bad = []] = sides
  if (good.length < fewestTexts || bad.length < fewestTexts)
    return cannotTell(
      `there are ${good.length} good and ${bad.length} bad texts, and a side needs ${fewestTexts} to have a way of speaking`,
      fewestTexts,
    )
  const counts = countTexts(good, bad, longest)
  const enough = [...counts].filter(([, { good: a, bad: b }]) => a + b >= leastTexts)
  if (enough.length === 0) return cannotTell(`no word is said in ${leastTexts} texts`)
  const scored = logOdds(enough)
  const sure = scored.filter(({ p }) => p < level).toSorted(surestFirst)
  return {
    goodTexts: good.length,
    badTexts: bad.length,
    terms: enough.length,
    good: withoutEchoes(sure.filter(({ z }) => z > 0)).slice(0, most),
    bad: withoutEchoes(sure.filter(({ z }) => z < 0)).slice(0, most),
  }
}

/** Of two that are said in the very same texts the longer one says more. */
function surestFirst(a: KeyTerm, b: KeyTerm): number {
  return Math.abs(b.z) - Math.abs(a.z) || b.term.length - a.term.length
}

interface Counts {
  good: number
  bad: number
}

function countTexts(good: readonly string[], bad: readonly string[], longest: number): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const side of ['good', 'bad'] as const)
    for (const text of side === 'good' ? good : bad)
      for (const term of termsOf(text, longest)) {
        const known = counts.get(term)
        if (known) known[side]++
        else counts.set(term, { good: 0, bad: 0, [side]: 1 })
      }
  return counts
}

/** The different words and phrases of a text. A lone letter or number says little; within a phrase it may. */
function termsOf(text: string, longest: number): Set<string> {
  const terms = new Set<string>()
  for (const words of phrasesOf(text))
    for (let start = 0; start < words.length; start++)
      for (let size = 1; size <= longest && start + size <= words.length; size++) {
        const term = words.slice(start, start + size).join(' ')
        if (size > 1 || /\p{L}{2}|\p{Script=Han}/u.test(term)) terms.add(term)
      }
  return terms
}

/**
 * δ = ln (y_g + α)/(n_g + α₀ − y_g − α) − ln (y_b + α)/(n_b + α₀ − y_b − α), with variance 1/(y_g + α) + 1/(y_b + α);
 * y the texts of a side that say the term, n the sum of y over all terms.
 */
function logOdds(terms: readonly (readonly [string, Counts])[]): KeyTerm[] {
  const good = terms.reduce((sum, [, counts]) => sum + counts.good, 0)
  const bad = terms.reduce((sum, [, counts]) => sum + counts.bad, 0)
  const worth = Math.min(good, bad)
  const scored = terms.map(([term, counts]) => {
    const prior = (worth * (counts.good + counts.bad)) / (good + bad)
    const odds = (said: number, all: number) => Math.log((said + prior) / (all + worth - said - prior))
    const value = odds(counts.good, good) - odds(counts.bad, bad)
    const z = value / Math.sqrt(1 / (counts.good + prior) + 1 / (counts.bad + prior))
    return { term, ...counts, logOdds: value, z }
  })
  const p = benjaminiHochberg(scored.map(({ z }) => normalTwoSided(z)))
  return scored.map((each, i) => ({ ...each, p: p[i] ?? 1 }))
}

/** Leaves out terms that are part of a surer one, or contain it, and are said in nearly (four in five) as many texts. */
function withoutEchoes(terms: readonly KeyTerm[]): KeyTerm[] {
  const kept: KeyTerm[] = []
  for (const each of terms) {
    const texts = each.good + each.bad
    const echo = kept.some((other) => {
      const [inner, outer] = other.term.length < each.term.length ? [other, each] : [each, other]
      const others = other.good + other.bad
      const alike = Math.min(texts, others) / Math.max(texts, others) >= 0.8
      return alike && ` ${outer.term} `.includes(` ${inner.term} `)
    })
    if (!echo) kept.push(each)
  }
  return kept
}
