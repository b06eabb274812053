// What the cells of one row of a SELECT say, or why that can't be read.
import { createHash } from 'node:crypto'
import { normaliseIdentity } from '../customers/customers.ts'
import type { Identity, IdentityKind } from '../customers/schema.ts'
import { type Evidence, evidences, type Incoming, type IncomingPurchase } from '../interactions/schema.ts'
import type { Reading } from './reading.ts'
import type { Kind } from './schema.ts'
import type { StagedColumn } from './sqltext.ts'
import { type ReadTime, readNumber, readTime } from './times.ts'

export const purchaseKinds = ['order', 'project', 'contract', 'subscription'] as const

/** Why a row is not taken. */
export class Unfit extends Error {}

interface Position {
  index: number
  name: string
}

export class RowOf {
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
