import type { Identity } from '../customers/schema.ts'

/** Who says how an interaction was. Never averaged together. */
export const evidences = { said: 1, inferred: 2, impression: 3 } as const
export type Evidence = keyof typeof evidences

/** What comes with a purchase on an incoming event. Only what is given changes what is stored. */
export interface IncomingPurchase {
  kind: 'order' | 'project' | 'contract' | 'subscription'
  /** The id it goes by: order id, project number. */
  key: string
  name?: string
  state?: 'proposed' | 'sold' | 'delivered' | 'renewed' | 'ended' | 'cancelled'
  valueMinor?: number
  currency?: string
  soldAt?: Date
  deliveredAt?: Date
  renewsAt?: Date
  endedAt?: Date
}

/**
 * Something that came in, from any door (HTTP, file, form, our own judgement), checked and normalised, not
 * yet known whose it is. `name` is set for everything that is an interaction; without it (identify, group,
 * alias) only the customer changes.
 */
export interface Incoming {
  /** Unique per source: the same message twice is one interaction. */
  messageId: string
  at: Date
  receivedAt: Date
  identities: Identity[]
  name?: string
  channel?: string
  properties?: Record<string, unknown>
  words?: string
  /** −100 to +100, with whose word it is. */
  experience?: { value: number; evidence: Evidence }
  traits?: Record<string, unknown>
  /** The company that the customer belongs to (Segment group). */
  company?: { key: string; traits?: Record<string, unknown> }
  /** What kind of customer this is; default person. */
  customerKind?: 'person' | 'company'
  /** An explicit alias: the identity that is the same customer as `identities`. */
  previous?: Identity
  purchase?: IncomingPurchase
  memberId?: string
  restrictedTo?: 'member' | 'manager' | 'owner'
  /** A judgement is on the timeline but is no touch of its own; it keeps the touchpoint it is about. */
  judgement?: { touchpointId: number | null }
  /** Known already (logged on the customer's page, judged): skips the search by identities. */
  customerId?: number
  purchaseId?: number
}

export interface Origin {
  /** 'api:<key id>', 'import:<recipe>', 'member', 'troth' (our own judgements) */
  source: string
  importId?: number
  /** What to do when the message was recorded before with other content: keep the first, or replace it. */
  again: 'keep' | 'replace'
}

export type Outcome =
  | {
      status: 'created' | 'updated' | 'unchanged' | 'duplicate'
      customerId: number
      interactionId: number | null
    }
  | { status: 'rejected'; reason: string }

export { type Recorded, recordedEvent } from '../customers/schema.ts'
