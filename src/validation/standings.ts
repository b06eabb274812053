import { minorDigits } from '../interactions/interactions.ts'
import { type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { type Account, readAccounts } from './accounts.ts'
import { lockStandings, readDue, readRules, type StandingRow, touchedBy, writeStandings } from './queries.ts'
import type { ValidationRules } from './schema.ts'
import { modelInUse, scoreChunk } from './scores.ts'
import { type Evidence, stand } from './stand.ts'

const chunkSize = 500

/** Works out anew where these customers, and the companies whose people they are, stand. */
export async function updateStandings(store: Store, customers: number[]): Promise<void> {
  const ids = await touchedBy(store.db, [...new Set(customers)])
  const rules = await readRules(store.db)
  for (let start = 0; start < ids.length; start += chunkSize) {
    store.jobs.stopping.throwIfAborted()
    const began = performance.now()
    await transaction(store.db, (tx) => updateChunk(tx, ids.slice(start, start + chunkSize), rules))
    await store.load.giveWay(performance.now() - began)
  }
}

/** Works out anew the standings that change by time alone: a confirmation wears off, a renewal does not come. */
export async function ageStandings(store: Store, now = new Date()): Promise<void> {
  const rules = await readRules(store.db)
  for (;;) {
    const ids = await readDue(store.db, now, chunkSize)
    if (ids.length === 0) return
    await transaction(store.db, (tx) => updateChunk(tx, ids, rules, now))
  }
}

/** @param ids canonical ids. Their scores too. Gives how many standings changed. */
export async function updateChunk(
  tx: Tx,
  ids: number[],
  rules: ValidationRules,
  now = new Date(),
): Promise<number> {
  await lockStandings(tx)
  const accounts = await readAccounts(tx, ids, rules.renewalGraceDays)
  const { model } = await modelInUse(tx)
  await scoreChunk(tx, ids, model, now)
  return writeStandings(
    tx,
    ids,
    accounts.map((account) => standingOf(account, rules, now)),
  )
}

/** Where one customer stands at this moment, whatever the jobs have come to. @param id a canonical id */
export async function standingNow(
  store: Store,
  id: number,
  now: Date,
): Promise<(StandingRow & { firstEverSaleAt: string | null }) | undefined> {
  const rules = await readRules(store.db)
  const [account] = await readAccounts(store.db, [id], rules.renewalGraceDays)
  return account && { ...standingOf(account, rules, now), firstEverSaleAt: account.firstEverSaleAt }
}

function standingOf(account: Account, rules: ValidationRules, now: Date): StandingRow {
  const { evidence, firstSeenAt, firstEverSaleAt: _, ...counts } = account
  const firstSeen = firstSeenAt === null ? null : Date.parse(firstSeenAt)
  const standing = stand(evidence.map(refundOf), rules, now.getTime(), firstSeen)
  return {
    ...counts,
    state: standing.state,
    facts: standing.facts,
    since: standing.since === null ? null : new Date(standing.since).toISOString(),
    changesAt: standing.changesAt === null ? null : new Date(standing.changesAt).toISOString(),
  }
}

/** A refund comes with the amount in whole units and, in `words`, what the purchase was worth: only one of nearly everything keeps its key. */
function refundOf(fact: Evidence): Evidence {
  if (fact.kind !== 'refund') return fact
  const { key, words, value, ...rest } = fact
  const digits = minorDigits(rest.unit ?? 'EUR')
  const minor = value === undefined ? undefined : Math.round(value * 10 ** digits)
  const whole = minor === undefined || minor >= Number(words ?? 0) * 0.98
  return {
    ...rest,
    ...(minor === undefined ? {} : { value: minor }),
    ...(whole && key !== undefined ? { key } : {}),
  }
}
