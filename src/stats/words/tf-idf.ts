import { buckets, type Features, wordBuckets } from './features.ts'

/** The features that occurred in training, and how telling each is. */
export interface Vocabulary {
  /** Place of each hashed feature, −1 where it never occurred. */
  places: Int32Array
  /** By place: ln((1 + texts)/(1 + texts with it)) + 1. */
  rarity: Float32Array
  size: number
}

/** A text as the places of its features and their weights. */
export interface SparseRow {
  places: Int32Array
  weights: Float32Array
}

export function vocabularyOf(texts: readonly Features[]): Vocabulary {
  const places = new Int32Array(buckets).fill(-1)
  const counts: number[] = []
  for (const features of texts)
    for (const feature of features.keys()) {
      const place = places[feature] as number
      if (place >= 0) counts[place] = (counts[place] as number) + 1
      else {
        places[feature] = counts.length
        counts.push(1)
      }
    }
  const rarity = Float32Array.from(counts, (count) => Math.log((1 + texts.length) / (1 + count)) + 1)
  return { places, rarity, size: counts.length }
}

/**
 * Term frequency (1 + ln) times inverse document frequency (Salton & Buckley 1988). Words and pieces of words
 * are brought to length one each by themselves, so that the many pieces don't drown the words.
 */
export function weighted({ places, rarity }: Vocabulary, features: Features): SparseRow {
  const known = [...features].filter(([feature]) => (places[feature] as number) >= 0)
  const row = { places: new Int32Array(known.length), weights: new Float32Array(known.length) }
  let words = 0
  let pieces = 0
  for (const [i, [feature, count]] of known.entries()) {
    const place = places[feature] as number
    const weight = (1 + Math.log(count)) * (rarity[place] as number)
    row.places[i] = place
    row.weights[i] = weight
    if (feature < wordBuckets) words += weight * weight
    else pieces += weight * weight
  }
  for (const [i, [feature]] of known.entries())
    row.weights[i] = (row.weights[i] as number) / Math.sqrt(feature < wordBuckets ? words : pieces)
  return row
}
