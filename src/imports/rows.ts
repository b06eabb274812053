// One row of a SELECT to one thing that comes in. The column names are the contract (docs/import.md says it
// for people); what is not in it becomes a property of what happened, or a trait of the customer.
import type { IdentityKind } from '../customers/schema.ts'
import type { GivenExpectation } from '../expectations/expectations.ts'
import { precisions, sourceKinds } from '../expectations/schema.ts'
import { minorDigits } from '../interactions/interactions.ts'
import type { Incoming } from '../interactions/schema.ts'
import type { IncomingVoice } from '../voices/schema.ts'
import { purchaseKinds, RowOf, Unfit } from './cells.ts'
import type { Reading } from './reading.ts'
import type { Kind } from './schema.ts'
import type { StagedColumn } from './sqltext.ts'
import { readTime } from './times.ts'

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
