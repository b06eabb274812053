// From a message on the wire (Segment's HTTP API) to something that can be recorded, or the reason why not.
import { z } from '@hono/zod-openapi'
import { normaliseIdentity } from '../customers/customers.ts'
import type { Identity } from '../customers/schema.ts'
import type { Incoming } from './schema.ts'

export const messageTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type MessageType = (typeof messageTypes)[number]

/** Bytes of JSON that one message may have, and one batch. */
export const messageLimit = 32 * 1024
export const batchLimit = 500 * 1024
/** How deep the JSON of a message may nest. */
const depthLimit = 24
/** Clocks run ahead a little; what claims to happen later than this is refused. */
const futureTolerance = 60 * 60 * 1000
const earliest = Date.UTC(1970, 0, 1)

const id = z.union([z.string(), z.number()]).nullish()
/** Whatever is in it: properties are looked through once, below, not copied one by one. */
const bag = z
  .custom<Record<string, unknown>>(isBag, 'must be an object')
  .openapi({ type: 'object', additionalProperties: true })
  .nullish()

/** One message as the Segment libraries send it. Fields that Troth doesn't use are let through. */
export const messageSchema = z
  .object({
    type: z.enum(messageTypes).optional(),
    messageId: z.string().max(512).nullish(),
    userId: id,
    anonymousId: id,
    groupId: id,
    previousId: id,
    event: z.string().max(500).nullish(),
    name: z.string().max(500).nullish(),
    category: z.string().max(500).nullish(),
    properties: bag,
    traits: bag,
    context: bag,
    timestamp: z.string().nullish(),
    originalTimestamp: z.string().nullish(),
    sentAt: z.string().nullish(),
    integrations: bag,
  })
  .loose()
  .openapi('Message')
export type Message = z.infer<typeof messageSchema>

export interface AcceptOptions {
  /** When the request arrived. */
  receivedAt: Date
  /** The batch's own sentAt, for messages that carry none. */
  sentAt?: string | null | undefined
  /** Country in which phone numbers without a prefix are read. */
  country: string
  /** Makes an id for a message that brings none; such a message can't be told from its repetition. */
  newId: () => string
}

/** Checks one message and puts it in the form that is recorded; or says what is wrong with it. */
export function acceptMessage(
  raw: unknown,
  type: MessageType | undefined,
  options: AcceptOptions,
): Incoming | { refused: string } {
  const trouble = structureTrouble(raw)
  if (trouble) return { refused: trouble }
  const read = isPlain(raw) ? { success: true as const, data: raw } : messageSchema.safeParse(raw)
  if (!read.success) {
    const issue = read.error.issues[0]
    return { refused: `${issue?.path.join('.') || 'message'}: ${issue?.message}` }
  }
  const message = read.data
  const kind = type ?? message.type
  if (!kind) return { refused: `type: must be one of ${messageTypes.join(', ')}` }

  const at = occurredAt(message, options)
  if ('refused' in at) return at
  const name = nameOf(kind, message)
  if (kind === 'track' && !name) return { refused: 'event: a track message must name its event' }

  const refusals: string[] = []
  const identities = identitiesOf(kind, message, options.country, refusals)
  const previous = kind === 'alias' ? aliasOf(message) : undefined
  if (kind === 'alias' && !previous) return { refused: 'previousId: an alias must name the earlier id' }
  if (identities.length === 0)
    return { refused: refusals[0] ?? 'userId or anonymousId: one of them must say whose this is' }
  if (kind === 'group' && !text(message.groupId))
    return { refused: 'groupId: a group message must name its group' }

  const incoming: Incoming = {
    messageId: message.messageId || options.newId(),
    at: at.at,
    receivedAt: options.receivedAt,
    identities,
  }
  if (name !== undefined) {
    const properties = withPath(message.properties ?? {}, message.context)
    const channel = channelOf(kind, properties, message.context)
    incoming.name = name
    incoming.properties = properties
    if (channel) incoming.channel = channel
  }
  if (kind === 'identify' && message.traits) incoming.traits = message.traits
  if (kind === 'group') incoming.company = { key: text(message.groupId) ?? '', traits: message.traits ?? {} }
  if (previous) incoming.previous = previous
  return incoming
}

/** Whether the schema lets it through as it is. Seen at a glance here: the schema takes longer than all else. */
export function isPlain(raw: unknown): raw is Message {
  if (!isBag(raw)) return false
  const message: { [field in keyof Message]: unknown } = raw
  return (
    (message.type === undefined || messageTypes.includes(message.type as MessageType)) &&
    isText(message.messageId, 512) &&
    isId(message.userId) &&
    isId(message.anonymousId) &&
    isId(message.groupId) &&
    isId(message.previousId) &&
    isText(message.event, 500) &&
    isText(message.name, 500) &&
    isText(message.category, 500) &&
    isBagOrNothing(message.properties) &&
    isBagOrNothing(message.traits) &&
    isBagOrNothing(message.context) &&
    isText(message.timestamp) &&
    isText(message.originalTimestamp) &&
    isText(message.sentAt) &&
    isBagOrNothing(message.integrations)
  )
}

function isText(value: unknown, limit = Number.POSITIVE_INFINITY): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.length <= limit)
}

function isId(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || Number.isFinite(value)
}

function isBagOrNothing(value: unknown): boolean {
  return value === undefined || value === null || isBag(value)
}

/** The page that it happened on is a property where the event names none itself. */
function withPath(properties: Record<string, unknown>, context: Message['context']): Record<string, unknown> {
  const page = context?.['page']
  return properties['path'] === undefined && isBag(page) && typeof page['path'] === 'string'
    ? { ...properties, path: page['path'] }
    : properties
}

/** Says why a value can't be stored (too deep, NUL bytes, half a surrogate pair), or nothing. */
export function structureTrouble(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return 'a text holds a NUL byte, which no database stores'
    return value.isWellFormed() ? undefined : 'a text holds half a character (a lone surrogate)'
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= depthLimit) return `nested more than ${depthLimit} deep`
  for (const key of Object.keys(value)) {
    if (key.includes('\u0000') || !key.isWellFormed()) return 'a name holds a NUL byte or half a character'
    const trouble = structureTrouble((value as Record<string, unknown>)[key], depth + 1)
    if (trouble) return trouble
  }
  return undefined
}

/** timestamp = receivedAt − (sentAt − originalTimestamp): the client's clock need not be right. */
function occurredAt(message: Message, options: AcceptOptions): { at: Date } | { refused: string } {
  const said = message.originalTimestamp ?? message.timestamp
  const sent = message.sentAt ?? options.sentAt
  let at = options.receivedAt.getTime()
  if (said) {
    const original = Date.parse(said)
    if (Number.isNaN(original))
      return { refused: `timestamp: "${said.slice(0, 40)}" is not an RFC 3339 time` }
    const sentTime = sent ? Date.parse(sent) : Number.NaN
    at = Number.isNaN(sentTime) ? original : options.receivedAt.getTime() - (sentTime - original)
  }
  if (at < earliest) return { refused: `timestamp: ${printable(at)} is before 1970` }
  if (at > options.receivedAt.getTime() + futureTolerance)
    return {
      refused: `timestamp: ${printable(at)} is in the future; what is only planned is not an interaction yet`,
    }
  return { at: new Date(at) }
}

function printable(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
}

function nameOf(kind: MessageType, message: Message): string | undefined {
  switch (kind) {
    case 'track':
      return message.event?.trim() || undefined
    case 'page':
    case 'screen': {
      const given = message.name ?? message.properties?.['title'] ?? message.properties?.['path']
      return `Viewed ${typeof given === 'string' && given.trim() ? given.trim().slice(0, 200) : `a ${kind}`}`
    }
    case 'identify':
    case 'group':
    case 'alias':
      return undefined
    default:
      return kind satisfies never
  }
}

function identitiesOf(kind: MessageType, message: Message, country: string, refusals: string[]): Identity[] {
  const found: Identity[] = []
  const add = (identityKind: Identity['kind'], value: unknown, source = '') => {
    const raw = text(value)
    if (raw === undefined) return
    const identity = normaliseIdentity(identityKind, raw, { source, country })
    if ('refused' in identity) refusals.push(`${identityKind}: ${identity.refused}`)
    else if (!found.some((other) => isSame(other, identity))) found.push(identity)
  }
  add('user_id', message.userId)
  if (text(message.userId)?.includes('@')) add('email', message.userId)
  add('anonymous_id', message.anonymousId)
  const traits = kind === 'identify' ? message.traits : undefined
  const contextTraits = message.context?.['traits']
  for (const bagOfTraits of [traits, contextTraits]) {
    if (!isBag(bagOfTraits)) continue
    add('email', bagOfTraits['email'])
    add('phone', bagOfTraits['phone'])
  }
  const externals = message.context?.['externalIds']
  if (Array.isArray(externals))
    for (const external of externals.slice(0, 10))
      if (isBag(external)) add('external', external['id'], text(external['type']) ?? '')
  if (found.length === 0) {
    const order = message.properties?.['order_id']
    if (text(order)) add('order', order)
  }
  return found
}

function isSame(a: Identity, b: Identity): boolean {
  return a.kind === b.kind && a.source === b.source && a.value === b.value
}

function aliasOf(message: Message): Identity | undefined {
  const value = text(message.previousId)
  // The earlier id is a browser's when it looks like the generated ids that the libraries give browsers.
  const generated = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value ?? '')
  return value ? { kind: generated ? 'anonymous_id' : 'user_id', source: '', value } : undefined
}

function channelOf(
  kind: MessageType,
  properties: Record<string, unknown>,
  context: Record<string, unknown> | null | undefined,
): string | undefined {
  const said = properties['channel']
  if (typeof said === 'string' && said.trim()) return said.trim().toLowerCase().slice(0, 80)
  if (kind === 'page') return 'web'
  if (kind === 'screen') return 'app'
  return isBag(context?.['page']) ? 'web' : undefined
}

function isBag(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
