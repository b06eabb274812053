// What a message is known again by, and whether it says the same as last time.
import { hash } from 'node:crypto'

/**
 * The key under which a message was recorded: a UUID's 32 digits. All API keys share one space: a client may change
 * its key.
 */
export function receiptKey(source: string, messageId: string): string {
  return hash('sha256', `${source.startsWith('api:') ? 'api' : source}\u0001${messageId}`, 'hex').slice(0, 32)
}

export function hashOf(...parts: unknown[]): bigint {
  return hash('sha256', JSON.stringify(parts), 'buffer').readBigInt64BE(0)
}
