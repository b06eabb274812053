import { sql } from 'kysely'
import { type Identified, identify } from '../customers/customers.ts'
import { rows, type Tx } from '../store/database.ts'
import { keepTraits } from './replaced.ts'
import type { Incoming, Origin } from './schema.ts'

interface Item {
  incoming: Incoming
  customerId: number
}

/**
 * Writes what was said about customers (traits, name, company). Per trait the latest word in the
 * customer's own time wins, however late an earlier one arrives.
 */
export async function applyTraits(tx: Tx, items: Item[], origin: Origin): Promise<void> {
  const told = items.filter(({ incoming }) => incoming.traits && Object.keys(incoming.traits).length > 0)
  await mergeTraits(
    tx,
    told.map(({ incoming, customerId }) => ({ customerId, at: incoming.at, traits: incoming.traits ?? {} })),
    origin,
  )
  await applyCompanies(
    tx,
    items.filter(({ incoming }) => incoming.company),
    origin,
  )
}

interface Told {
  customerId: number
  at: Date
  traits: Record<string, unknown>
}

async function mergeTraits(tx: Tx, told: Told[], origin: Origin): Promise<void> {
  if (told.length === 0) return
  const ids = [...new Set(told.map(({ customerId }) => customerId))].sort((a, b) => a - b)
  const stored = await rows(
    tx,
    sql<{ id: number; traits: Record<string, unknown>; times: Record<string, number>; zone: string | null }>`
      select id, traits, trait_times as times, time_zone as zone
      from customers
      where id = any(${ids}::bigint[])
      order by id
      for update`,
  )
  const byId = new Map(stored.map((customer) => [customer.id, customer]))
  const changed = new Set<number>()
  for (const { customerId, at, traits } of told) {
    const customer = byId.get(customerId)
    if (!customer) continue
    for (const [name, value] of Object.entries(traits)) {
      // An equal value is written too: its time keeps an older, other value that comes later from winning.
      if (at.getTime() <= (customer.times[name] ?? Number.NEGATIVE_INFINITY)) continue
      customer.traits[name] = value
      customer.times[name] = at.getTime()
      changed.add(customerId)
    }
  }
  const updates = stored.filter((customer) => changed.has(customer.id))
  if (updates.length === 0) return
  await keepTraits(
    tx,
    told.map(({ customerId, at, traits }) => ({ customerId, at, names: Object.keys(traits) })),
    origin,
  )
  await sql`
    update customers c
    set traits = n.traits, trait_times = n.times, name = coalesce(n.name, c.name),
      time_zone = coalesce(n.zone, c.time_zone), tx = pg_current_xact_id()
    from unnest(
      ${updates.map((customer) => customer.id)}::bigint[],
      ${updates.map((customer) => JSON.stringify(customer.traits))}::jsonb[],
      ${updates.map((customer) => JSON.stringify(customer.times))}::jsonb[],
      ${updates.map((customer) => nameFrom(customer.traits))}::text[],
      ${updates.map((customer) => timeZoneFrom(customer.traits))}::text[]
    ) as n(id, traits, times, name, zone)
    where c.id = n.id`.execute(tx)
}

async function applyCompanies(tx: Tx, items: Item[], origin: Origin): Promise<void> {
  if (items.length === 0) return
  const companies: Identified[] = await identify(
    tx,
    items.map(({ incoming }) => ({
      identities: [{ kind: 'external', source: 'company', value: incoming.company?.key ?? '' }],
      at: incoming.at,
      customerKind: 'company',
    })),
    { actor: origin.source, ...(origin.importId ? { importId: origin.importId } : {}) },
  )
  const pairs = items.flatMap(({ incoming, customerId }, index) => {
    const company = companies[index]
    return company && 'customerId' in company ? [{ company: company.customerId, customerId, incoming }] : []
  })
  await mergeTraits(
    tx,
    pairs.map(({ company, incoming }) => ({
      customerId: company,
      at: incoming.at,
      traits: incoming.company?.traits ?? {},
    })),
    origin,
  )
  const sorted = pairs.toSorted((a, b) => a.customerId - b.customerId || a.company - b.company)
  await sql`
    insert into memberships (company_id, customer_id, since, import_id)
    select distinct on (customer_id, company_id) company_id, customer_id, since, ${origin.importId ?? null}::bigint
    from unnest(
      ${sorted.map((pair) => pair.company)}::bigint[],
      ${sorted.map((pair) => pair.customerId)}::bigint[],
      ${sorted.map((pair) => pair.incoming.at)}::timestamptz[]
    ) as n(company_id, customer_id, since)
    where company_id <> customer_id
    order by customer_id, company_id, since
    on conflict (customer_id, company_id) do update
    set since = least(memberships.since, excluded.since)`.execute(tx)
}

function nameFrom(traits: Record<string, unknown>): string | null {
  const text = (name: string) => {
    const value = traits[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
  const whole = text('name') ?? text('fullName') ?? text('full_name')
  if (whole) return whole.slice(0, 200)
  const parts = [text('firstName') ?? text('first_name'), text('lastName') ?? text('last_name')].filter(
    (part) => part !== undefined,
  )
  return parts.length > 0 ? parts.join(' ').slice(0, 200) : null
}

function timeZoneFrom(traits: Record<string, unknown>): string | null {
  const zone = traits['timezone'] ?? traits['timeZone'] ?? traits['time_zone']
  if (typeof zone !== 'string') return null
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    return null
  }
}
