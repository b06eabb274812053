// Small sample companies for tests that ask many of them: what is generated goes through the product's own placing,
// purchases, experiences and judging, and into the tables of a projection in memory, without a database in
// between. Left out: joining customers (each life is one) and what depends on members of a company.
import { DuckDBInstance } from '@duckdb/node-api'
import { judge } from '#src/expectations/judge.ts'
import type { Happening } from '#src/expectations/judgement.ts'
import type { Rule } from '#src/expectations/schema.ts'
import { Asking } from '#src/insights/asking/asking.ts'
import type { Scope } from '#src/insights/question.ts'
import { experienceOf } from '#src/interactions/experience.ts'
import { minorDigits, purchaseOf } from '#src/interactions/purchase.ts'
import { purposes, type Touchpoint } from '#src/journey/schema.ts'
import type { Latent } from '#src/sample/life.ts'
import { type SampleLife, sampleLives } from '#src/sample/sample-events.ts'
import { Load } from '#src/store/load.ts'
import { sessionSettings } from '#src/store/projection-layout.ts'
import type { Store } from '#src/store/store.ts'
import { map, rules } from './sample-map.ts'
import { derive, projectionOver, type Tables } from './sample-tables.ts'

export const sampleEnd = new Date('2026-11-22T08:00:00Z')
const states = ['open', 'kept', 'exceeded', 'broken', 'withdrawn']
const purchaseKinds = ['order', 'project', 'contract', 'subscription']
const purchaseStates = ['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled']

export interface MemoryCompany {
  /** By customer id, from 1. */
  lives: Latent[]
  touchpoints: (Touchpoint & { byUs: boolean; purposeCode: number })[]
  asking: Asking
  scope: Scope
  close(): void
}

export async function companyInMemory(seed: number, customers: number): Promise<MemoryCompany> {
  const tables: Tables = { read_steps: [], read_customers: [], purchases: [], read_expectations: [] }
  const lives: Latent[] = []
  const next = { id: 1 }
  for (const life of sampleLives({ seed, customers, end: sampleEnd })) {
    lives.push(life.latent)
    live(tables, life, lives.length, next)
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  await connection.run(sessionSettings)
  await derive(connection, tables)
  const store = { projection: projectionOver(connection), load: new Load() } as unknown as Store
  return {
    lives,
    touchpoints: map.touchpoints.map((each) => ({
      ...each,
      byUs: each.by === 'us',
      purposeCode: purposes.indexOf(each.purpose) + 1,
    })),
    asking: new Beside(store),
    scope: everything(),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Thinks here instead of in a thread of its own, which would start anew for each of many companies. */
class Beside extends Asking {
  override async think<Result>(module: URL, name: string, input: unknown): Promise<Result> {
    const rooms = (await import(module.href)) as Record<string, (input: unknown) => Result>
    const work = rooms[name]
    if (!work) throw new Error(`${module.href} has no ${name}`)
    return work(input)
  }
}

function everything(): Scope {
  return {
    from: -62_135_596_800_000_000,
    to: 253_402_300_800_000_000,
    segment: null,
    asOf: sampleEnd.getTime() * 1000,
    asked: { from: null, to: null, segment: null },
  }
}

/** One life's rows. */
function live(tables: Tables, { latent, events }: SampleLife, customer: number, next: { id: number }): void {
  tables.read_customers.push([customer, 1, 1, latent.referredBy === undefined ? 0 : 1])
  const seen = new Set<string>()
  const purchases = new Map<string, { id: number; row: Record<string, number | null> }>()
  const happenings: (Happening & { touchpointId: number | null })[] = []
  for (const { messageId, at, name, channel = '', properties = {} } of events) {
    if (name === undefined || seen.has(messageId)) continue
    seen.add(messageId)
    const id = next.id++
    const bought = purchaseOf(name, at, properties, 'EUR')
    const purchaseId = bought ? purchase(purchases, bought, next) : null
    const touchpointId = map.place({ name, channel, properties })
    happenings.push({
      id,
      customerId: customer,
      at: at.getTime(),
      name,
      channel,
      properties,
      purchaseId,
      touchpointId,
    })
    const felt = experienceOf(name, properties)
    addStep(tables, customer, id, at.getTime(), touchpointId, purchaseId, channel, {
      experience: felt?.value ?? null,
      evidence: felt ? (felt.evidence === 'said' ? 1 : 2) : null,
      judgement: false,
    })
  }
  for (const { id, row } of purchases.values())
    tables.purchases.push([
      customer,
      id,
      ...['kind', 'state', 'value', 'sold', 'delivered', 'renews', 'ended', 'renewals'].map(
        (column) => row[column] ?? (column === 'renewals' ? 0 : null),
      ),
    ])
  for (const [index, rule] of rules.entries()) judgeLife(tables, rule, index + 1, customer, happenings, next)
}

function purchase(
  purchases: Map<string, { id: number; row: Record<string, number | null> }>,
  change: NonNullable<ReturnType<typeof purchaseOf>>,
  next: { id: number },
): number {
  const key = `${change.kind} ${change.key}`
  const known = purchases.get(key) ?? { id: next.id++, row: { kind: purchaseKinds.indexOf(change.kind) + 1 } }
  purchases.set(key, known)
  const { row } = known
  const state = purchaseStates.indexOf(change.state ?? 'sold') + 1
  const micros = (date: Date | undefined, before: number | null | undefined) =>
    date ? date.getTime() * 1000 : (before ?? null)
  Object.assign(row, {
    state: Math.max(state, row['state'] ?? 0),
    value: change.valueMinor ?? row['value'] ?? null,
    sold: micros(change.soldAt, row['sold']),
    delivered: micros(change.deliveredAt, row['delivered']),
    renews: micros(change.renewsAt, row['renews']),
    ended: micros(change.endedAt, row['ended']),
    renewals: (row['renewals'] ?? 0) + (change.state === 'renewed' ? 1 : 0),
  })
  return known.id
}

function addStep(
  tables: Tables,
  customer: number,
  id: number,
  at: number,
  touchpointId: number | null,
  purchaseId: number | null,
  channel: string,
  felt: { experience: number | null; evidence: number | null; judgement: boolean },
): void {
  const touchpoint = touchpointId === null ? undefined : map.touchpoints[touchpointId - 1]
  tables.read_steps.push([
    customer,
    id,
    at * 1000,
    touchpointId,
    touchpoint?.stageId ?? null,
    purchaseId,
    felt.experience,
    felt.evidence,
    felt.judgement ? 1 : 0,
    codeOf(channel),
    touchpoint?.purpose === 'sale' && !felt.judgement ? 1 : 0,
  ])
}

const channels: string[] = []
function codeOf(channel: string): number {
  if (!channels.includes(channel)) channels.push(channel)
  return channels.indexOf(channel)
}

function judgeLife(
  tables: Tables,
  rule: Rule,
  ruleId: number,
  customer: number,
  happenings: (Happening & { touchpointId: number | null })[],
  next: { id: number },
): void {
  const calendar = {
    now: sampleEnd.getTime(),
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    digits: minorDigits,
  }
  const placeOf = (id: number | null) => happenings.find((each) => each.id === id)?.touchpointId ?? null
  for (const judged of judge(rule, happenings, calendar)) {
    const micros = (time: number | null | undefined) =>
      time === null || time === undefined ? null : time * 1000
    const where =
      judged.state === 'open'
        ? null
        : judged.decidedBy === null
          ? (map.place({ name: rule.kept.event ?? '', channel: '', properties: {} }) ??
            placeOf(judged.openedBy))
          : placeOf(judged.decidedBy)
    tables.read_expectations.push([
      customer,
      next.id++,
      ruleId,
      judged.purchaseId,
      judged.decidedBy,
      states.indexOf(judged.state) + 1,
      ['days', 'money', 'points'].indexOf(rule.dimension) + 1,
      1,
      judged.awaited ? 1 : 0,
      judged.gap,
      judged.firstGap,
      judged.moves.filter((move) => move.counted).length,
      judged.toldBefore === null ? null : judged.toldBefore ? 1 : 0,
      0,
      micros(judged.openedAt),
      micros(judged.firstDue?.at),
      micros(judged.due?.at),
      micros(judged.decidedAt),
      0,
      micros(judged.cameAt),
      micros(judged.toldAt),
    ])
    const experience = experienceOf(`Expectation ${judged.state}`, {})
    if (judged.state === 'open' || judged.decidedAt === null) continue
    addStep(tables, customer, next.id++, judged.decidedAt, where, judged.purchaseId, '', {
      experience: experience?.value ?? null,
      evidence: experience ? 2 : null,
      judgement: true,
    })
  }
}
