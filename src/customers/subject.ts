// What is asked when it is asked whose something is, and what is answered.
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
  kind?: 'person' | 'company'
  /** Said outright to be the same customer (alias): joins even over the limits. */
  previous?: Identity
  /** Known already: nothing is searched. */
  customerId?: number
}

export function identitiesOf(subject: Subject): Identity[] {
  return subject.previous ? [...subject.identities, subject.previous] : subject.identities
}

/** The one thing that says whose it is, where it is one, as for most of what comes in. */
export function soleIdentity({ identities, previous }: Subject): Identity | undefined {
  return identities.length === 1 && !previous ? identities[0] : undefined
}

export type Identified = { customerId: number; canonicalId: number; created: boolean } | { refused: string }

export interface IdentifyOptions {
  limits?: IdentityLimits
  importId?: number
  actor: string
}
