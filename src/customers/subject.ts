// What is asked when it is asked whose something is, and what is answered.
import { identityKey } from './identity-key.ts'
import type { KnownIdentities } from './known-identities.ts'
import type { Identity, IdentityKind } from './schema.ts'

/** How many identities of one kind a customer may gather by automatic joins (per source for `external`). */
export type IdentityLimits = Partial<Record<IdentityKind, number>>
export const defaultLimits: Record<IdentityKind, number> = {
  user_id: 1,
  external: 3,
  email: 5,
  phone: 5,
  order: Number.POSITIVE_INFINITY,
  anonymous_id: 200,
}

/** One thing that came in, as far as finding its customer goes. */
export interface Subject {
  identities: Identity[]
  at: Date
  customerKind?: 'person' | 'company'
  /** Said outright to be the same customer (alias): joins even over the limits. */
  previous?: Identity
  /** Known already: nothing is searched. */
  customerId?: number
}

/** An identity with what it is looked up by. */
export interface Keyed extends Identity {
  key: string
}

/** A subject while its customer is looked for. */
export interface Asked {
  subject: Subject
  /** All that says whose it is, an alias' earlier identity last. */
  identities: Keyed[]
}

export function asked(subject: Subject): Asked {
  const identities = subject.identities.map(keyed)
  if (subject.previous) identities.push(keyed(subject.previous))
  return { subject, identities }
}

function keyed({ kind, source, value }: Identity): Keyed {
  return { kind, source, value, key: identityKey({ kind, source, value }) }
}

/** As it is written down. */
export function bare({ kind, source, value }: Keyed): Identity {
  return { kind, source, value }
}

export type Identified = { customerId: number; canonicalId: number; created: boolean } | { refused: string }

export interface IdentifyOptions {
  limits?: IdentityLimits
  importId?: number
  actor: string
  /** What this process remembers of identities. */
  known?: KnownIdentities | undefined
}
