// What is made of a thing that came in before anything is written: its place, its experience, its purchase.
import { sql } from 'kysely'
import { type IdentityLimits, type KnownIdentities, knownIdentities } from '../customers/customers.ts'
import { compilePlacing, holdMap, loadMap, type Place } from '../journey/journey.ts'
import type { Touchpoint } from '../journey/schema.ts'
import { row, type Tx } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { experienceOf, wordsOf } from './experience.ts'
import { purchaseOf } from './purchase.ts'
import { hashOf, receiptKey } from './receipt-key.ts'
import { evidences, type Incoming, type IncomingPurchase, type Origin } from './schema.ts'

export interface Prepared {
  position: number
  incoming: Incoming
  key: string
  /** A hash of what is said; null where the first word stays whatever is said again. */
  content: bigint | null
  channel: string
  properties: string
  touchpointId: number | null
  experience: number | null
  evidence: number | null
  words: string | null
  purchase: IncomingPurchase | undefined
}

export interface Known extends Prepared {
  customerId: number
  canonicalId: number
  interactionId?: number
}

interface Setting {
  place: Place
  touchpoints: Map<number, Touchpoint>
  currency: string
  limits: IdentityLimits
  known: KnownIdentities
  /** Ids for what may be new; a round trip less than asking when it is known how many are. */
  ids: number[]
}

export function prepare(incoming: Incoming, origin: Origin, setting: Setting): Prepared {
  const properties = incoming.properties ?? {}
  const name = incoming.name
  let channel = incoming.channel ?? ''
  let touchpointId: number | null = null
  if (name !== undefined) {
    touchpointId = incoming.judgement
      ? incoming.judgement.touchpointId
      : setting.place({ name, channel, properties })
    if (channel === '' && touchpointId !== null)
      channel = setting.touchpoints.get(touchpointId)?.channel ?? ''
  }
  const experience = incoming.experience ?? (name === undefined ? undefined : experienceOf(name, properties))
  const words = incoming.words ?? (name === undefined ? undefined : wordsOf(properties))
  const purchase =
    incoming.purchase ??
    (name === undefined ? undefined : purchaseOf(name, incoming.at, properties, setting.currency))
  const text = JSON.stringify(properties)
  return {
    position: 0,
    incoming,
    key: receiptKey(origin.source, incoming.messageId),
    content:
      origin.again === 'keep'
        ? null
        : hashOf(
            name,
            // When nothing happened, only what is said counts: a file read again next week says the same.
            name === undefined ? [incoming.company, incoming.purchase] : incoming.at,
            channel,
            text,
            words,
            experience,
            incoming.traits,
            incoming.restrictedTo,
          ),
    channel,
    properties: text,
    touchpointId,
    experience: experience?.value ?? null,
    evidence: experience ? evidences[experience.evidence] : null,
    words: words ?? null,
    purchase,
  }
}

interface Compiled {
  version: number
  place: Place
  touchpoints: Map<number, Touchpoint>
}
const compiledMaps = new WeakMap<Store, Compiled>()

/**
 * The workspace's settings that recording needs; the compiled rules are kept until the map changes.
 * With `alone` nobody else records until the transaction ends.
 */
export async function readSetting(
  store: Store,
  tx: Tx,
  { count, alone }: { count: number; alone: boolean },
): Promise<Setting> {
  await holdMap(tx, { alone })
  const workspace = await row(
    tx,
    sql<{
      version: number
      identities: number
      currency: string
      limits: IdentityLimits | null
      ids: number[]
    }>`
      select journey_version as version, identities_version as identities, currency,
        settings -> 'identityLimits' as limits,
        array(select nextval('interactions_id_seq') from generate_series(1, ${count}::integer)) as ids
      from workspace`,
  )
  if (!workspace) throw new Error('the workspace row is missing')
  let compiled = compiledMaps.get(store)
  if (compiled?.version !== workspace.version) {
    const map = await loadMap(tx)
    compiled = {
      version: map.version,
      place: compilePlacing(map.stages, map.touchpoints),
      touchpoints: new Map(map.touchpoints.map((touchpoint) => [touchpoint.id, touchpoint])),
    }
    compiledMaps.set(store, compiled)
  }
  return {
    ...compiled,
    currency: workspace.currency,
    limits: workspace.limits ?? {},
    known: knownIdentities(store, workspace.identities),
    ids: workspace.ids,
  }
}
