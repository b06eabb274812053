import { buckets } from './features.ts'
import type { TopicModel } from './topics.ts'

const version = 'troth topics 1'

/** A trained model as bytes: one line of JSON, then features by place, their rarity, biases and weights, little-endian. */
export function storedTopics({ topics, vocabulary, weights, sure }: TopicModel): Uint8Array {
  const { size, places, rarity } = vocabulary
  const head = new TextEncoder().encode(`${JSON.stringify({ version, topics, size, sure })}\n`)
  const features = new Int32Array(size)
  for (let feature = 0; feature < buckets; feature++) {
    const place = places[feature] as number
    if (place >= 0) features[place] = feature
  }
  const parts = [head, ...[features, rarity, weights.bias, weights.weights].map(bytesOf)]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The model that storedTopics wrote; null where the bytes are of another version or cut short. */
export function topicsFrom(bytes: Uint8Array): TopicModel | null {
  const end = bytes.indexOf(10)
  const head = end < 0 ? null : headFrom(new TextDecoder().decode(bytes.subarray(0, end)))
  if (!head) return null
  const { topics, size, sure } = head
  const body = bytes.slice(end + 1)
  const numbers = [size, size, topics.length, size * topics.length]
  if (body.length !== 4 * numbers.reduce((sum, count) => sum + count, 0)) return null
  let at = 0
  const next = (count: number) => {
    const start = at
    at += 4 * count
    return [body.buffer, start, count] as const
  }
  const features = new Int32Array(...next(size))
  const rarity = new Float32Array(...next(size))
  const bias = new Float32Array(...next(topics.length))
  const weights = new Float32Array(...next(size * topics.length))
  const places = new Int32Array(buckets).fill(-1)
  for (const [place, feature] of features.entries()) {
    if (!(feature >= 0 && feature < buckets)) return null
    places[feature] = place
  }
  return {
    topics,
    vocabulary: { places, rarity, size },
    weights: { classes: topics.length, weights, bias },
    sure,
  }
}

interface Head {
  topics: string[]
  size: number
  sure: number
}

function headFrom(line: string): Head | null {
  try {
    const head = JSON.parse(line) as Partial<Head & { version: string }>
    const whole = head.version === version && Array.isArray(head.topics) && Number.isInteger(head.size)
    return whole && typeof head.sure === 'number' ? (head as Head) : null
  } catch {
    return null
  }
}

function bytesOf(values: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
