// Of the words that surely separate two sides, those that tell a reader most.
import { type Corpus, isPlain, isWhole } from './corpus.ts'

export interface Separating {
  term: string
  /** Texts of its side that say it. */
  texts: number
  /** How surely it separates, from 0 on. */
  strength: number
}

/** A phrase carries a word when more than so much of the word's texts say the phrase. */
const carried = 0.5
/** A term is left out when it says less than this that no other has said. */
const fresh = 1 / 3
/** Only so many of the strongest are weighed against each other. */
const weighed = 400

/**
 * The most telling of them, one after the other: each time the one that separates most, less what those before it
 * have said already, so that ten terms say ten things. Words that only hold sentences together don't stand
 * alone, and where a phrase carries a word the phrase is told.
 *
 * @param terms all of one side, in any order
 * @param side how many texts it has, and which of them say the terms
 */
export function mostTelling<Term extends Separating>(
  terms: readonly Term[],
  side: { texts: number; sayers: (terms: readonly Term[]) => Map<string, number[]> },
  corpus: Corpus,
  most: number,
): Term[] {
  const separating = new Set(terms.map(({ term }) => term))
  const whole = terms
    .filter(({ term }) => isWhole(term, corpus, separating))
    .toSorted((a, b) => b.strength - a.strength || b.term.length - a.term.length)
    .slice(0, weighed)
  const sayers = side.sayers(whole)
  const telling = ({ term }: Term) =>
    term.split(' ').filter((word) => !isPlain(word, corpus) || separating.has(word)).length
  // what is new in each, from 1 (nothing of it is said yet) to 0
  const left = new Map(whole.map((term) => [term, 1]))
  const chosen: Term[] = []
  while (chosen.length < most) {
    const next = strongest(left)
    if (!next) break
    const told = fullest(next, [...left.keys()], telling)
    chosen.push(told)
    left.delete(next)
    left.delete(told)
    const said = new Set(sayers.get(told.term))
    for (const [term, part] of left) {
      const still = Math.min(part, 1 - echo(sayers.get(term.term) ?? [], said, side.texts))
      if (still < fresh) left.delete(term)
      else left.set(term, still)
    }
  }
  return chosen
}

function strongest<Term extends Separating>(left: Map<Term, number>): Term | null {
  let found: Term | null = null
  let most = 0
  for (const [term, part] of left)
    if (term.strength * part > most) {
      most = term.strength * part
      found = term
    }
  return found
}

/** How far texts say what others say too, beyond what they would by chance: 0 to 1, where all of them do. */
function echo(texts: readonly number[], said: Set<number>, all: number): number {
  const both = texts.filter((text) => said.has(text)).length / Math.max(1, texts.length)
  const chance = said.size / Math.max(1, all)
  return chance >= 1 ? 0 : Math.max(0, (both - chance) / (1 - chance))
}

/** The phrase that carries a term and says more, else a shorter way of saying the very same, else the term. */
function fullest<Term extends Separating>(
  term: Term,
  left: readonly Term[],
  telling: (term: Term) => number,
): Term {
  let found = term
  for (const each of left) {
    const more = telling(each) - telling(found)
    const within = ` ${each.term} `.includes(` ${found.term} `)
    const around = ` ${found.term} `.includes(` ${each.term} `)
    if (within && more > 0 && each.texts > carried * term.texts) found = each
    else if (around && more === 0 && each.texts * 0.9 <= found.texts) found = each
  }
  return found
}
