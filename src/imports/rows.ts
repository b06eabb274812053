// One row of a SELECT to one thing that comes in. The column names are the contract (docs/import.md says it
// for people); what is not in it becomes a property of what happened, or a trait of the customer.
import { createHash } from 'node:crypto'
import { normaliseIdentity } from '../customers/customers.ts'
import type { Identity, IdentityKind } from '../customers/schema.ts'
import type { GivenExpectation } from '../expectations/expectations.ts'
import { precisions, sourceKinds } from '../expectations/schema.ts'
import { minorDigits } from '../interactions/interactions.ts'
import { type Evidence, evidences, type Incoming, type IncomingPurchase } from '../interactions/schema.ts'
import type { IncomingVoice } from '../voices/schema.ts'
import type { Kind } from './schema.ts'
import { type ReadTime, readNumber, readTime } from './times.ts'
import type { StagedColumn } from './workbench.ts'

export interface Reading {
  recipe: string
  zone: string
  currency: string
  country: string
  dates: 'day-first' | 'month-first'
  numbers?: 'point' | 'comma'
  /** When the import was asked for: the time of everything that says none. */
  now: Date
}

export type Made =
  | { kind: 'incoming'; incoming: Incoming }
  | { kind: 'expectation'; expectation: GivenExpectation }
  | { kind: 'voice'; voice: IncomingVoice }
  | { kind: 'rejected'; reason: string }

export interface MadeRow {
  file: string
  line: number
  made: Made
}

/** Makes the reader of one SELECT's rows. Nothing is thrown for a row: what is wrong with it is its reason. */
export function rowReader(kind: Kind, columns: StagedColumn[], reading: Reading) {
  const plan = columns.map((column, index) => ({ ...column, index, key: column.name.toLowerCase() }))
  const known = contract[kind]
  const extra = plan.filter(
    ({ key }) => !key.startsWith('_') && !known.has(key) && !isIdentityColumn(key) && !shared.has(key),
  )
  const at = (name: string) => plan.find(({ key }) => key === name)?.index ?? -1
  const positions = new Map([...known, ...shared, '_file', '_line'].map((name) => [name, at(name)]))
  const identityColumns = plan.flatMap(({ key, index, name }) => {
    const kindOf = identityKindOf(key)
    return kindOf ? [{ index, name, ...kindOf }] : []
  })
  const content = plan.filter(({ key }) => !key.startsWith('_')).map(({ index }) => index)

  return (cells: (string | null)[]): MadeRow => {
    const text = (name: string): string | undefined => {
      const cell = cells[positions.get(name) ?? -1]
      const trimmed = cell?.trim()
      return trimmed === undefined || trimmed === '' ? undefined : trimmed
    }
    const where = { file: text('_file') ?? '', line: Number(text('_line') ?? 0) }
    try {
      return { ...where, made: make(new RowOf(kind, reading, text, cells, identityColumns, extra, content)) }
    } catch (error) {
      if (error instanceof Unfit) return { ...where, made: { kind: 'rejected', reason: error.message } }
      throw error
    }
  }
}

const shared = new Set(['external_id', 'external_source', 'key'])
const purchaseKinds = ['order', 'project', 'contract', 'subscription'] as const
const contract: Record<Kind, Set<string>> = {
  customers: new Set(['at', 'kind', 'company', 'company_name', 'traits']),
  interactions: new Set(
    'at,event,channel,words,rating,scale,experience,evidence,value,currency,company,company_name,properties,restricted_to'.split(
      ',',
    ),
  ),
  purchases: new Set('kind,at,name,state,value,currency,sold_at,delivered_at,renews_at,ended_at'.split(',')),
  expectations: new Set(
    'at,statement,due,precision,stated_by,source_kind,source_name,kept_by,kept_at'.split(','),
  ),
  voices: new Set('at,author,source,words,rating,scale,properties'.split(',')),
}

function isIdentityColumn(key: string): boolean {
  return identityKindOf(key) !== undefined
}

function identityKindOf(key: string): { kind: IdentityKind; source?: string } | undefined {
  if (key === 'email' || key === 'phone' || key === 'user_id' || key === 'anonymous_id') return { kind: key }
  if (key === 'external_id') return { kind: 'external' }
  if (key.startsWith('id:')) return { kind: 'external', source: key.slice(3) }
  return undefined
}

/** Why a row is not taken. */
class Unfit extends Error {}

function make(row: RowOf): Made {
  switch (row.kind) {
    case 'customers':
      return { kind: 'incoming', incoming: customer(row) }
    case 'interactions':
      return { kind: 'incoming', incoming: interaction(row) }
    case 'purchases':
      return { kind: 'incoming', incoming: purchase(row) }
    case 'expectations':
      return { kind: 'expectation', expectation: expectation(row) }
    case 'voices':
      return { kind: 'voice', voice: voice(row) }
    default:
      return row.kind satisfies never
  }
}

function customer(row: RowOf): Incoming {
  const identities = row.identities()
  const first = identities[0]
  if (!first) throw new Unfit(row.whyNobody())
  const kind = row.oneOf('kind', ['person', 'company'])
  const company = row.company()
  return {
    messageId: `customers\u0001${row.text('key') ?? `${first.kind}\u0001${first.source}\u0001${first.value}`}`,
    at: row.time('at')?.at ?? row.reading.now,
    receivedAt: row.reading.now,
    identities,
    traits: { ...row.json('traits'), ...row.others() },
    ...(kind ? { customerKind: kind } : {}),
    ...(company ? { company } : {}),
  }
}

function interaction(row: RowOf): Incoming {
  const event = row.text('event')
  if (!event) throw new Unfit('no event: nothing says what happened')
  const at = row.past('at')
  const properties = { ...row.json('properties'), ...row.others() }
  const identities = row.identities()
  for (const kind of purchaseKinds) {
    const key = properties[`${kind}_id`]
    if (key === undefined) continue
    properties[`${kind}_id`] = String(key as string | number)
    identities.push({ kind: 'order', source: '', value: String(key as string | number) })
  }
  if (identities.length === 0) throw new Unfit(row.whyNobody())
  const value = row.number('value')
  if (value !== undefined) {
    properties[
      /(completed|placed|ordered|sold|signed|started|renewed|sent|paid)$/i.test(event) ? 'total' : 'value'
    ] = value
  }
  // Money may also stand in a property (total, revenue) with its currency beside it.
  if (value !== undefined || row.text('currency')) properties['currency'] = row.currency()
  const rating = row.rating()
  if (rating)
    Object.assign(properties, { rating: rating.rating, rating_min: rating.low, rating_max: rating.high })
  const experience = rating ? { value: rating.experience, evidence: 'said' as const } : row.experience()
  const company = row.company()
  const words = row.text('words')
  const channel = row.text('channel')
  const restricted = row.text('restricted_to')
  return {
    messageId: `interactions\u0001${event}\u0001${row.key()}`,
    at,
    receivedAt: row.reading.now,
    identities,
    name: event.slice(0, 200),
    properties,
    ...(channel ? { channel: channel.slice(0, 80) } : {}),
    ...(words ? { words } : {}),
    ...(experience ? { experience } : {}),
    ...(company ? { company } : {}),
    ...(restricted === 'member' || restricted === 'manager' || restricted === 'owner'
      ? { restrictedTo: restricted }
      : {}),
  }
}

function purchase(row: RowOf): Incoming {
  const named = row.purchaseNamed()
  if (!named) throw new Unfit('no order_id, project_id, contract_id or subscription_id (or kind and key)')
  const state = row.oneOf('state', states)
  const value = row.number('value')
  const currency = row.currency()
  const times = {
    soldAt: row.time('sold_at')?.at,
    deliveredAt: row.time('delivered_at')?.at,
    renewsAt: row.time('renews_at')?.at,
    endedAt: row.time('ended_at')?.at,
  }
  const name = row.text('name')
  const identities = row.identities()
  identities.push({ kind: 'order', source: '', value: named.key })
  return {
    messageId: `purchases\u0001${named.kind}\u0001${named.key}`,
    at: row.time('at')?.at ?? times.soldAt ?? row.reading.now,
    receivedAt: row.reading.now,
    identities,
    purchase: {
      ...named,
      ...(name ? { name: name.slice(0, 200) } : {}),
      ...(state ? { state } : times.soldAt ? { state: 'sold' as const } : {}),
      ...(value === undefined
        ? {}
        : { valueMinor: Math.round(value * 10 ** minorDigits(currency)), currency }),
      ...Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    },
  }
}

const states = ['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled'] as const
function expectation(row: RowOf): GivenExpectation {
  const statement = row.text('statement')
  if (!statement) throw new Unfit('no statement: nothing says what was promised')
  const written = row.text('due')
  if (!written) throw new Unfit('no due: nothing says by when')
  const identities = row.identities()
  const named = row.purchaseNamed()
  if (named) identities.push({ kind: 'order', source: '', value: named.key })
  if (identities.length === 0) throw new Unfit(row.whyNobody())
  const statedBy = row.oneOf('stated_by', ['us', 'customer'])
  const precision = row.oneOf('precision', precisions)
  const sourceKind = row.oneOf('source_kind', sourceKinds)
  const sourceName = row.text('source_name')
  const keptBy = row.text('kept_by')
  const cameAt = row.time('kept_at')?.at
  const due = readTime(written, row.reading)
  return {
    key: row.key(),
    identities,
    ...(named ? { purchase: named } : {}),
    statement,
    statedBy: statedBy ?? 'us',
    ...(sourceKind ? { sourceKind } : {}),
    ...(sourceName ? { sourceName } : {}),
    // Weeks ("2026-W34") and spans ("6 weeks") are read where promises are judged.
    due: due ? (due.day ?? due.at.toISOString()) : written,
    ...(precision ? { precision } : {}),
    openedAt: row.past('at'),
    ...(keptBy ? { watch: { kept: { event: keptBy } } } : {}),
    ...(cameAt ? { cameAt } : {}),
  }
}

function voice(row: RowOf): IncomingVoice {
  const words = row.text('words')
  if (!words) throw new Unfit('no words: nothing was said')
  const rating = row.rating()
  const author = row.text('author')
  return {
    key: row.key(),
    at: row.past('at'),
    source: row.text('source') ?? row.reading.recipe,
    words,
    ...(author ? { author: author.slice(0, 200) } : {}),
    properties: {
      ...row.json('properties'),
      ...row.others(),
      ...(rating ? { rating: rating.rating, rating_min: rating.low, rating_max: rating.high } : {}),
    },
  }
}

interface Position {
  index: number
  name: string
}

class RowOf {
  readonly kind: Kind
  readonly reading: Reading
  readonly text: (name: string) => string | undefined
  private readonly cells: (string | null)[]
  private readonly identityColumns: (Position & { kind: IdentityKind; source?: string })[]
  private readonly extra: (Position & StagedColumn)[]
  private readonly content: number[]
  private readonly refusals: string[] = []

  constructor(
    kind: Kind,
    reading: Reading,
    text: (name: string) => string | undefined,
    cells: (string | null)[],
    identityColumns: (Position & { kind: IdentityKind; source?: string })[],
    extra: (Position & StagedColumn)[],
    content: number[],
  ) {
    this.kind = kind
    this.reading = reading
    this.text = text
    this.cells = cells
    this.identityColumns = identityColumns
    this.extra = extra
    this.content = content
  }

  /** What the row is known again by: its key, else all it says. */
  key(): string {
    return (
      this.text('key') ??
      createHash('sha256')
        .update(JSON.stringify(this.content.map((index) => this.cells[index])))
        .digest('hex')
    )
  }

  identities(): Identity[] {
    const found: Identity[] = []
    for (const { index, name, kind, source } of this.identityColumns) {
      const raw = this.cells[index]?.trim()
      if (!raw) continue
      const from = source ?? this.text('external_source') ?? this.reading.recipe
      const identity = normaliseIdentity(kind, raw, {
        country: this.reading.country,
        ...(kind === 'external' ? { source: from } : {}),
      })
      if ('refused' in identity) this.refusals.push(`${name}: ${identity.refused}`)
      else found.push(identity)
    }
    return found
  }

  whyNobody(): string {
    return this.refusals.length > 0
      ? this.refusals.join('; ')
      : 'nobody is named: email, phone, user_id and external_id are empty'
  }

  time(name: string): ReadTime | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const read = readTime(text, this.reading)
    if (!read) throw new Unfit(`${name}: "${text.slice(0, 60)}" is not readable as a date or time`)
    return read
  }

  /** A time that lies in the past and is not absurd. */
  past(name: string): Date {
    const read = this.time(name)
    if (!read) throw new Unfit(`no ${name}: nothing says when`)
    const { at } = read
    if (at.getTime() > this.reading.now.getTime() + 86_400_000)
      throw new Unfit(`${name}: ${this.text(name)} lies in the future`)
    if (at.getUTCFullYear() < 1970) throw new Unfit(`${name}: ${this.text(name)} lies before 1970`)
    return at
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name)?.toLowerCase()
    if (text === undefined) return undefined
    const found = words.find((word) => word === text)
    if (!found) throw new Unfit(`${name} "${text.slice(0, 60)}" is none of ${words.join(', ')}`)
    return found
  }

  number(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = readNumber(text, this.reading.numbers)
    if (value === undefined) throw new Unfit(`${name}: "${text.slice(0, 60)}" is not a number`)
    if (Math.abs(value) > 1e12) throw new Unfit(`${name}: ${text.slice(0, 60)} is too large to be true`)
    return value
  }

  currency(): string {
    const text = this.text('currency')?.toUpperCase()
    if (text === undefined) return this.reading.currency
    const code = currencySigns[text] ?? text
    if (!/^[A-Z]{3}$/.test(code)) throw new Unfit(`currency: "${text.slice(0, 20)}" is not a currency code`)
    return code
  }

  /** A rating on its scale ("1-5", "0-10", "5"), put on −100 … +100. */
  rating(): { rating: number; low: number; high: number; experience: number } | undefined {
    const text = this.text('rating')
    if (text === undefined) return undefined
    const stars = text.match(/[★⭐]/gu)?.length
    const fraction = /^(-?[\d.,]+)\s*(?:\/|of|von|sur|de)\s*(\d+)/i.exec(text)
    const rating = stars ?? readNumber(fraction?.[1] ?? text.replace(/\s*\p{L}+$/u, ''), this.reading.numbers)
    if (rating === undefined) throw new Unfit(`rating: "${text.slice(0, 60)}" is not a number`)
    const { low, high } = readScale(this.text('scale') ?? fraction?.[2])
    if (rating < low || rating > high) throw new Unfit(`rating: ${rating} lies outside ${low} to ${high}`)
    return { rating, low, high, experience: Math.round(((rating - low) / (high - low)) * 200 - 100) }
  }

  experience(): { value: number; evidence: Evidence } | undefined {
    const value = this.number('experience')
    if (value === undefined) return undefined
    if (value < -1 || value > 1) throw new Unfit(`experience: ${value} lies outside −1 to 1`)
    const evidence = this.text('evidence') ?? 'inferred'
    if (!isEvidence(evidence)) throw new Unfit(`evidence "${evidence}" is none of said, inferred, impression`)
    return { value: Math.round(value * 100), evidence }
  }

  company(): Incoming['company'] {
    const name = this.text('company_name') ?? this.text('company')
    const key = this.text('company') ?? name?.toLowerCase()
    if (!key) return undefined
    return { key: key.slice(0, 200), ...(name ? { traits: { name } } : {}) }
  }

  purchaseNamed(): { kind: IncomingPurchase['kind']; key: string } | undefined {
    for (const kind of purchaseKinds) {
      const position = this.extra.find(({ name }) => name.toLowerCase() === `${kind}_id`)
      const key = position && this.cells[position.index]?.trim()
      if (key) return { kind, key: key.slice(0, 200) }
    }
    const kind = this.text('kind') ?? 'order'
    const key = this.text('key')
    if (!key || this.kind !== 'purchases') return undefined
    const found = purchaseKinds.find((each) => each === kind)
    if (!found) throw new Unfit(`kind "${kind}" is none of ${purchaseKinds.join(', ')}`)
    return { kind: found, key: key.slice(0, 200) }
  }

  json(name: string): Record<string, unknown> {
    const text = this.text(name)
    if (text === undefined) return {}
    try {
      const value = storable(JSON.parse(text))
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return value as Record<string, unknown>
    } catch {}
    throw new Unfit(`${name}: not a JSON object`)
  }

  /** All columns outside the contract, by name; empty ones left out. */
  others(): Record<string, unknown> {
    const found: Record<string, unknown> = {}
    let size = 0
    for (const { name, index, type } of this.extra) {
      const cell = this.cells[index]
      if (cell === null || cell === undefined || cell.trim() === '') continue
      size += cell.length + name.length
      if (size > longestRow) throw new Unfit('the row holds more than 64,000 characters beside the words')
      found[name] = this.valueOf(name, type, cell)
    }
    return found
  }

  private valueOf(name: string, type: StagedColumn['type'], cell: string): unknown {
    if (/_id$|^((first|last|full|nick)_?)?name$|zip|postal/i.test(name)) return cell.trim()
    switch (type) {
      case 'number':
        return Number(cell)
      case 'boolean':
        return cell === 'true'
      case 'json':
        return storable(JSON.parse(cell))
      case 'time':
        return readTime(cell, this.reading)?.at.toISOString() ?? cell
      case 'date':
      case 'instant':
        return cell
      case 'text': {
        // Promises are kept or broken by these: they have to be dates, however the file writes them.
        const read = dateNames.test(name) ? readTime(cell, this.reading) : undefined
        return read ? (read.day ?? read.at.toISOString()) : cell.trim()
      }
      default:
        return type satisfies never
    }
  }
}

const dateNames = /(^|_)(promised|promise|due|renews|renewal|expected|estimated|told)(_|$)/i
const currencySigns: Record<string, string> = {
  '€': 'EUR',
  $: 'USD',
  '£': 'GBP',
  R$: 'BRL',
  '¥': 'JPY',
  'FR.': 'CHF',
}

function isEvidence(text: string): text is Evidence {
  return text in evidences
}

function readScale(text: string | undefined): { low: number; high: number } {
  if (text === undefined) return { low: 1, high: 5 }
  const range = /^(-?\d+)\s*(?:-|–|—|to|\.\.)\s*(-?\d+)$/.exec(text)
  const low = range ? Number(range[1]) : undefined
  const high = Number(range ? range[2] : text)
  const from = low ?? (high >= 10 ? 0 : 1)
  if (!Number.isFinite(high) || high <= from) throw new Unfit(`scale: "${text}" is not a scale like 1-5`)
  return { low: from, high }
}

const longestRow = 64_000

/** JSON may spell characters that can't be stored: NUL and half letters. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed()
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name.replaceAll('\0', '').toWellFormed(), storable(each)]),
    )
  return value
}
