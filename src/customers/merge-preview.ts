// What joining two customers would give, before anybody does it.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { Invalid } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import { identityKinds } from './schema.ts'
import { defaultLimits, type IdentityLimits } from './subject.ts'
import { type CustomerSummary, customerSummary, customerSummarySchema, iso } from './summaries.ts'

const knownBySchema = z.object({
  kind: z.enum(identityKinds),
  source: z.string(),
  value: z.string(),
  firstSeenAt: z.iso.datetime(),
})
export const sideSchema = z
  .object({
    customer: customerSummarySchema,
    identities: z.array(knownBySchema).describe('At most 50'),
    identityCount: z.number().int(),
    interactions: z.number().int(),
    purchases: z.number().int(),
    expectations: z.number().int(),
  })
  .openapi('MergeSide')

export const mergePreviewSchema = z
  .object({
    survivor: sideSchema,
    absorbed: sideSchema,
    result: z.object({
      label: z.string(),
      interactions: z.number().int(),
      purchases: z.number().int(),
      expectations: z.number().int(),
      identities: z.number().int(),
      differing: z
        .array(z.object({ trait: z.string(), shown: z.string(), other: z.string() }))
        .describe('What is said differently of the two, and which will be shown: the later word'),
      beyond: z
        .array(z.object({ kind: z.string(), count: z.number().int(), limit: z.number().int() }))
        .describe('Kinds of which there would be more than one customer usually has'),
      signs: z
        .array(z.object({ for: z.boolean(), text: z.string() }))
        .describe('What speaks for and against'),
    }),
  })
  .openapi('MergePreview')
export type MergePreview = z.infer<typeof mergePreviewSchema>
type Side = z.infer<typeof sideSchema>

/** @throws NotFound, Invalid when both are one already */
export async function previewMerge(db: Db, survivorId: number, absorbedId: number): Promise<MergePreview> {
  const survivor = await customerSummary(db, survivorId)
  const absorbed = await customerSummary(db, absorbedId)
  if (survivor.id === absorbed.id) throw new Invalid('These two are one customer already.')
  const [kept, gone] = [await side(db, survivor), await side(db, absorbed)]
  const [keptTraits, goneTraits] = [await traitsOfLife(db, survivor.id), await traitsOfLife(db, absorbed.id)]
  return {
    survivor: kept,
    absorbed: gone,
    result: {
      label: survivor.name ?? absorbed.name ?? survivor.label,
      interactions: kept.interactions + gone.interactions,
      purchases: kept.purchases + gone.purchases,
      expectations: kept.expectations + gone.expectations,
      identities: kept.identityCount + gone.identityCount,
      differing: differing(keptTraits, goneTraits),
      beyond: await beyondLimits(db, survivor.id, absorbed.id),
      signs: signs(kept, gone, keptTraits, goneTraits),
    },
  }
}

async function side(db: Db, customer: CustomerSummary): Promise<Side> {
  const identities = await rows(
    db,
    sql<Side['identities'][number]>`
      select i.kind, i.source, i.value, ${iso(sql`i.first_seen_at`)} as "firstSeenAt"
      from customers m
      join identities i on i.customer_id = m.id
      where m.canonical_id = ${customer.id}::bigint
      order by array_position(${[...identityKinds]}::text[], i.kind), i.first_seen_at, i.value
      limit 50`,
  )
  const counts = await row(
    db,
    sql<Omit<Side, 'customer' | 'identities'>>`
      with life as materialized (select id from customers where canonical_id = ${customer.id}::bigint)
      select
        (select count(*) from identities where customer_id in (select id from life)) as "identityCount",
        (select count(*) from interactions where customer_id in (select id from life)) as interactions,
        (select count(*) from purchases where customer_id in (select id from life)) as purchases,
        (select count(*) from expectations where customer_id in (select id from life)) as expectations`,
  )
  return { customer, identities, identityCount: 0, interactions: 0, purchases: 0, expectations: 0, ...counts }
}

export interface Trait {
  value: unknown
  /** When it was last said, ms since 1970. */
  at: number
}

/** What is said of a customer over all joined rows: per trait the latest word. */
export async function traitsOfLife(db: Db, canonical: number): Promise<Map<string, Trait>> {
  const found = await rows(
    db,
    sql<{ traits: Record<string, unknown>; times: Record<string, number> }>`
      select traits, trait_times as times
      from customers
      where canonical_id = ${canonical}::bigint
      order by (id = canonical_id), id`,
  )
  const all = new Map<string, Trait>()
  for (const { traits, times } of found)
    for (const [name, value] of Object.entries(traits)) {
      const at = times[name] ?? 0
      if (at >= (all.get(name)?.at ?? Number.NEGATIVE_INFINITY)) all.set(name, { value, at })
    }
  return all
}

function differing(kept: Map<string, Trait>, gone: Map<string, Trait>): MergePreview['result']['differing'] {
  const found: MergePreview['result']['differing'] = []
  for (const [trait, a] of kept) {
    const b = gone.get(trait)
    if (!b || said(a.value) === said(b.value)) continue
    const [shown, other] = b.at > a.at ? [b, a] : [a, b]
    found.push({ trait, shown: said(shown.value), other: said(other.value) })
  }
  return found
}

async function beyondLimits(db: Db, a: number, b: number): Promise<MergePreview['result']['beyond']> {
  const workspace = await row(
    db,
    sql<{ limits: IdentityLimits | null }>`select settings -> 'identityLimits' as limits from workspace`,
  )
  const limits = { ...defaultLimits, ...workspace?.limits }
  const counts = await rows(
    db,
    sql<{ kind: keyof typeof defaultLimits; source: string; count: number }>`
      select i.kind, i.source, count(*) as count
      from customers m
      join identities i on i.customer_id = m.id
      where m.canonical_id in (${a}::bigint, ${b}::bigint)
      group by i.kind, i.source
      order by i.kind, i.source`,
  )
  return counts
    .filter(({ kind, count }) => count > limits[kind])
    .map(({ kind, source, count }) => ({
      kind: source === '' ? kindWords[kind] : `${kindWords[kind]} (${source})`,
      count,
      limit: limits[kind],
    }))
}

export const kindWords = {
  user_id: 'accounts',
  external: 'ids in another system',
  email: 'email addresses',
  phone: 'phone numbers',
  order: 'orders',
  anonymous_id: 'browsers',
} as const

function signs(
  kept: Side,
  gone: Side,
  keptTraits: Map<string, Trait>,
  goneTraits: Map<string, Trait>,
): MergePreview['result']['signs'] {
  const found: MergePreview['result']['signs'] = []
  const [a, b] = [kept.customer, gone.customer]
  if (a.kind !== b.kind) found.push({ for: false, text: 'One is a person, the other a company.' })
  if (a.name && b.name)
    found.push(
      plain(a.name) === plain(b.name)
        ? { for: true, text: `Both are called ${a.name}.` }
        : { for: false, text: `They have different names: ${a.name} and ${b.name}.` },
    )
  for (const trait of ['phone', 'email', 'birthday', 'address', 'street', 'postal_code', 'city']) {
    const [x, y] = [keptTraits.get(trait), goneTraits.get(trait)]
    if (x && y && said(x.value) !== '' && plain(said(x.value)) === plain(said(y.value)))
      found.push({ for: true, text: `The same ${trait.replace('_', ' ')}: ${said(x.value)}.` })
  }
  if (a.company && b.company)
    found.push(
      a.company.id === b.company.id
        ? { for: true, text: `Both belong to ${a.company.label}.` }
        : {
            for: false,
            text: `They belong to different companies: ${a.company.label} and ${b.company.label}.`,
          },
    )
  return found
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
}
