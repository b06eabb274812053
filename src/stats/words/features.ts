import { phrasesOf } from './tokens.ts'

/** What a text says, as hashed features and how often each occurs in it. */
export type Features = Map<number, number>

/** Features are numbers below this. At 2¹⁸ a pair of common ones rarely falls together. */
export const buckets = 1 << 18

/** Which features are words; the others are pieces of words. */
export const wordBuckets = buckets / 2

/**
 * Words and pairs of neighbouring words, and the pieces of three to five characters of each word with its edges
 * marked: pieces see through endings, compounds and misspellings, in any language.
 */
export function featuresOf(text: string): Features {
  const features: Features = new Map()
  for (const words of phrasesOf(text)) {
    for (const [i, word] of words.entries()) {
      add(hash(word, 0, word.length) % wordBuckets)
      const next = words[i + 1]
      if (next !== undefined) add(hash(`${word} ${next}`, 0, word.length + next.length + 1) % wordBuckets)
      const marked = ` ${word} `
      for (let size = 3; size <= 5; size++)
        for (let start = 0; start + size <= marked.length; start++)
          add(wordBuckets + (hash(marked, start, start + size) % wordBuckets))
    }
  }
  return features

  function add(feature: number): void {
    features.set(feature, (features.get(feature) ?? 0) + 1)
  }
}

/** FNV-1a over UTF-16 units, with a final mix so that its low bits are good too. */
function hash(text: string, start: number, end: number): number {
  let h = 0x811c9dc5
  for (let i = start; i < end; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 12)) >>> 0
}
