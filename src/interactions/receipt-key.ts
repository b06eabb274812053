// What a message is known again by, and whether it says the same as last time.
import { hash } from 'node:crypto'

/** The key under which a message was recorded. All API keys share one space: a client may change its key. */
export function receiptKey(source: string, messageId: string): string {
  return uuidOf(`${source.startsWith('api:') ? 'api' : source}\u0001${messageId}`)
}

function uuidOf(text: string): string {
  const hex = hash('sha256', text, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

export function hashOf(...parts: unknown[]): bigint {
  return hash('sha256', JSON.stringify(parts), 'buffer').readBigInt64BE(0)
}
