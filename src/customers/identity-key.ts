// One identity: how it is known again, and how much it says about whose something is.
import { createHash } from 'node:crypto'
import { type Identity, type IdentityKind, identityKinds } from './schema.ts'

/** The same identity always has the same key; used for look-ups and tombstones. */
export function identityKey({ kind, source, value }: Identity): string {
  return `${kind}\u0001${source}\u0001${value}`
}

/** What is kept of an erased identity: enough to know it again, not enough to read it. */
export function tombstoneHash(identity: Identity): Buffer {
  return createHash('sha256')
    .update(`troth\u0001${identityKey(identity)}`)
    .digest()
}

export function parseKey(key: string): Identity {
  const [kind = '', source = '', value = ''] = key.split('\u0001')
  return { kind: kind as IdentityKind, source, value }
}

export function isWeak(kind: IdentityKind): boolean {
  return kind === 'anonymous_id' || kind === 'order'
}

export function strength(identity: Identity): number {
  return identityKinds.indexOf(identity.kind)
}
