// Keys and links are long random text: a plain SHA-256 is enough to keep, and nothing to guess at.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** Random letters and digits that are hard to mistake for each other. 32 of them are 185 bits. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < letters.length * 4 && text.length < length) text += letters[byte % letters.length]
  }
  return text
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b))
}
