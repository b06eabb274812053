// What one customer is known by, while it is found out whose a batch is.

import { isWeak, parseKey } from './identity-key.ts'
import type { IdentityKind } from './schema.ts'

export interface Group {
  /** Canonical id; negative while the customer is not in the database yet. */
  id: number
  keys: Set<string>
  created?: { at: Date; lastAt: Date; kind: 'person' | 'company' }
  joinedInto?: Group
}

export function root(group: Group): Group {
  return group.joinedInto ? root(group.joinedInto) : group
}

export function count(group: Group, kind: IdentityKind, source: string): number {
  const prefix = `${kind}\u0001${source}\u0001`
  let found = 0
  for (const key of group.keys) if (key.startsWith(prefix)) found++
  return found
}

export function isVisitor(group: Group): boolean {
  for (const key of group.keys) if (!isWeak(parseKey(key).kind)) return false
  return true
}

export function pickSurvivor(a: Group, b: Group): [Group, Group] {
  if (a.id > 0 && b.id > 0) return a.id < b.id ? [a, b] : [b, a]
  return a.id > 0 || b.id < 0 ? [a, b] : [b, a]
}
