import { z } from '@hono/zod-openapi'
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

const timelineKinds = ['words', 'rated', 'promises', 'purchases', 'logged'] as const

/** What of a customer's timeline is wanted; everything when nothing is given. */
export const timelineFilterSchema = z.object({
  touchpoint: z.coerce.number().int().positive().optional(),
  channel: z.string().max(80).optional(),
  side: z.enum(['before', 'after']).optional().openapi({ description: 'Stages before or after the sale' }),
  kind: z.enum(timelineKinds).optional().openapi({
    description:
      'With words; rated by the customer; promises opened, kept and broken; about a purchase; logged by hand',
  }),
})
export type TimelineFilter = z.infer<typeof timelineFilterSchema>

export const timelineItemSchema = z
  .object({
    id: z.number().int(),
    customerId: z.number().int(),
    at: z.iso.datetime(),
    name: z.string(),
    channel: z.string(),
    touchpoint: z
      .object({
        id: z.number().int(),
        name: z.string(),
        stage: z.string(),
        side: z.enum(['before', 'after']),
        purpose: z.string(),
        by: z.enum(['us', 'customer']),
      })
      .nullable(),
    experience: z.number().int().nullable().describe('−100 (very bad) to +100 (very good)'),
    evidence: z.enum(['said', 'inferred', 'impression']).nullable(),
    words: z.string().nullable(),
    properties: z.record(z.string(), z.unknown()),
    hidden: z.boolean().describe('The words and properties are for a higher role'),
    restrictedTo: z.enum(['member', 'manager', 'owner']).nullable(),
    source: z.string(),
    judgement: z.boolean(),
    sale: z.boolean().describe('The customer bought'),
    member: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
    person: z
      .object({ id: z.number().int(), name: z.string().nullable() })
      .nullable()
      .describe('On a company’s timeline: whom of its people it happened to'),
    purchase: z
      .object({
        id: z.number().int(),
        kind: z.string(),
        key: z.string(),
        name: z.string().nullable(),
        valueMinor: z.number().int().nullable(),
        currency: z.string().nullable(),
      })
      .nullable(),
  })
  .openapi('TimelineItem')
export type TimelineItem = z.infer<typeof timelineItemSchema>

/** What can be logged by hand, and the event that it becomes. */
export const logKinds = {
  call: { name: 'Call Logged', channel: 'phone' },
  visit: { name: 'Visit Logged', channel: 'visit' },
  mail: { name: 'Mail Logged', channel: 'mail' },
  note: { name: 'Note Added', channel: '' },
  other: { name: 'Conversation Logged', channel: '' },
} as const
export type LogKind = keyof typeof logKinds

export const logSchema = z
  .object({
    kind: z.enum(['call', 'visit', 'mail', 'note', 'other']),
    at: z.iso.datetime({ offset: true }).optional().describe('When it was; default now'),
    words: z.string().trim().max(10_000).optional().describe('How it went, in our words'),
    impression: z
      .union([z.literal(-1), z.literal(0), z.literal(1)])
      .optional()
      .describe('Our impression: it went badly, so-so, well'),
    memberId: z.string().max(100).optional().describe('Who of us it was with; default who logs it'),
    restrictedTo: z
      .enum(['member', 'manager', 'owner'])
      .nullable()
      .optional()
      .describe('Lowest role that may read the words'),
    purchaseId: z.number().int().positive().optional(),
  })
  .openapi('InteractionLog')
export type InteractionLog = z.infer<typeof logSchema>

export const logChangeSchema = logSchema
  .omit({ kind: true, purchaseId: true })
  .openapi('InteractionLogChange')
export type InteractionLogChange = z.infer<typeof logChangeSchema>
