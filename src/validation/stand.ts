// Where a customer stands, from what happened after the sale. One pass over the facts in order of time.
// The choice is *confirmed* by what the customer says and does (a good answer, buying again, renewing,
// bringing others) and by promises kept; it is *in doubt* from something bad until something good comes
// after it or, for a broken promise, until it is made good; a doubt that stays becomes a loss. Facts with
// the same time are ordered by what they say, never by when they arrived: any order of arrival gives the
// same standing.
import type { FactKind, StandingFact, StandingState, ValidationRules } from './schema.ts'

/** A fact as it is kept: `at` in ms since 1970. */
export interface Evidence {
  kind: FactKind
  at: number
  what?: string
  value?: number
  unit?: string
  words?: string
  /** Ties a promise's mending to its breaking, and a cancellation or a refund of everything to its sale. */
  key?: string
}

export interface Standing {
  state: StandingState
  /** Those that decided first, the newest before the older; then the rest that speak, up to twelve in all. */
  facts: StandingFact[]
  since: number | null
  /** When the state changes by time alone, if nothing else happens. */
  changesAt: number | null
}

const dayMs = 86_400_000
const shownFacts = 12

interface Account {
  sales: number
  live: Set<string>
  cancelled: Evidence[]
  missed: Evidence[]
  doubts: Evidence[]
  broken: Evidence[]
  help: Evidence[]
  good: Evidence[]
  kept: Evidence[]
  referrals: Evidence[]
  returns: Evidence[]
  lastAnswer: Evidence | undefined
}

interface Verdict {
  state: StandingState
  because: Evidence[]
}

/** @param firstSeen when the customer's first interaction was: since when a customer who never bought is courted. */
export function stand(
  evidence: Evidence[],
  rules: ValidationRules,
  now: number,
  firstSeen: number | null = null,
): Standing {
  const facts = asSales(evidence).toSorted(byTimeAndContent)
  const account: Account = {
    sales: 0,
    live: new Set(),
    cancelled: [],
    missed: [],
    doubts: [],
    broken: [],
    help: [],
    good: [],
    kept: [],
    referrals: [],
    returns: [],
    lastAnswer: undefined,
  }
  const ticks = new Ticks()
  let verdict: Verdict = { state: 'courting', because: [] }
  let since = firstSeen
  const judgeAt = (at: number) => {
    const next = judge(account, rules, at)
    if (next.state !== verdict.state) since = at
    verdict = next
  }
  for (let position = 0; position < facts.length; ) {
    const at = facts[position]?.at ?? 0
    if (at > now) {
      ticks.future = at
      break
    }
    for (const tick of ticks.until(at)) judgeAt(tick)
    for (; facts[position]?.at === at; position++) {
      const fact = facts[position]
      if (fact) take(account, fact, rules, ticks)
    }
    judgeAt(at)
  }
  for (const tick of ticks.until(now)) judgeAt(tick)
  return {
    state: verdict.state,
    facts: shown(facts, verdict, rules, now),
    since,
    changesAt: nextChange(account, ticks, rules, verdict.state),
  }
}

/** Counts the first sale as the sale and every later one as a return. */
function asSales(evidence: Evidence[]): Evidence[] {
  const sales = evidence.filter((fact) => fact.kind === 'sale').toSorted(byTimeAndContent)
  const returns = new Set(sales.slice(1))
  return evidence.map((fact) => (returns.has(fact) ? { ...fact, kind: 'return_sale' as const } : fact))
}

function take(account: Account, fact: Evidence, rules: ValidationRules, ticks: Ticks): void {
  const { kind } = fact
  if (kind === 'sale' || kind === 'return_sale') {
    account.sales++
    account.live.add(fact.key ?? `${fact.at}/${account.sales}`)
    if (kind === 'return_sale') {
      account.returns.push(fact)
      confirm(account, fact, rules, ticks)
    }
    return
  }
  // Before the first sale there is no choice to confirm; what they said then is shown, and counts nothing.
  if (account.sales === 0 && kind !== 'referral') return
  if (kind === 'renewal') confirm(account, fact, rules, ticks)
  else if (kind === 'referral') {
    account.referrals.push(fact)
    if (account.sales > 0) confirm(account, fact, rules, ticks)
  } else if (kind === 'renewal_missed') account.missed.push(fact)
  else if (kind === 'cancellation' || kind === 'refund') {
    if (fact.key !== undefined && account.live.delete(fact.key)) account.cancelled.push(fact)
    else if (rules.returns) doubt(account, fact, rules, ticks)
  } else if (kind === 'rating' || (kind === 'impression' && rules.impressions)) {
    if (kind === 'rating') account.lastAnswer = fact
    if ((fact.value ?? 0) >= rules.good) confirm(account, fact, rules, ticks)
    else if ((fact.value ?? 0) <= rules.bad) doubt(account, fact, rules, ticks)
  } else if (kind === 'kept' || kind === 'exceeded') {
    account.kept.push(fact)
    if (rules.confirmedForDays > 0) ticks.add(fact.at + rules.confirmedForDays * dayMs)
  } else if (kind === 'broken') {
    account.broken.push(fact)
    if (rules.lostAfterDays > 0) ticks.add(fact.at + rules.lostAfterDays * dayMs)
  } else if (kind === 'mended') account.broken = account.broken.filter((each) => each.key !== fact.key)
  else if (kind === 'complaint') {
    if (rules.complaints) doubt(account, fact, rules, ticks)
  } else if (kind === 'return') {
    if (rules.returns) doubt(account, fact, rules, ticks)
  } else if (kind === 'help') {
    const from = fact.at - rules.helpWithinDays * dayMs
    account.help = [...account.help.filter((each) => each.at > from), fact]
    if (rules.helpContacts > 0 && account.help.length >= rules.helpContacts)
      doubt(account, { ...fact, value: account.help.length }, rules, ticks)
  }
}

function confirm(account: Account, fact: Evidence, rules: ValidationRules, ticks: Ticks): void {
  account.good.push(fact)
  account.doubts = []
  account.broken = []
  account.help = []
  if (fact.kind === 'return_sale' || fact.kind === 'renewal') account.missed = []
  if (rules.confirmedForDays > 0) ticks.add(fact.at + rules.confirmedForDays * dayMs)
}

function doubt(account: Account, fact: Evidence, rules: ValidationRules, ticks: Ticks): void {
  if (fact.kind === 'help') account.doubts = account.doubts.filter((each) => each.kind !== 'help')
  account.doubts.push(fact)
  if (rules.lostAfterDays > 0) ticks.add(fact.at + rules.lostAfterDays * dayMs)
}

function judge(account: Account, rules: ValidationRules, at: number): Verdict {
  if (account.sales === 0) return { state: 'courting', because: [] }
  if (account.live.size === 0 && account.cancelled.length > 0)
    return { state: 'lost', because: account.cancelled }
  if (account.missed.length > 0) return { state: 'lost', because: account.missed }
  const broken =
    rules.brokenPromises > 0 && account.broken.length >= rules.brokenPromises ? account.broken : []
  const doubts = [...account.doubts, ...broken]
  if (doubts.length > 0) {
    const latest = Math.max(...doubts.map((each) => each.at))
    const gone = rules.lostAfterDays > 0 && latest + rules.lostAfterDays * dayMs <= at
    return { state: gone ? 'lost' : 'doubting', because: doubts }
  }
  const fresh = (fact: Evidence) =>
    rules.confirmedForDays === 0 || fact.at + rules.confirmedForDays * dayMs > at
  const good = account.good.filter(fresh)
  const kept = account.kept.filter(fresh)
  const confirmedByKept = rules.keptPromises > 0 && kept.length >= rules.keptPromises
  if (good.length === 0 && !confirmedByKept) return { state: 'unproven', because: [] }
  if (rules.referrals > 0 && account.referrals.length >= rules.referrals)
    return { state: 'advocate', because: account.referrals }
  const praised = account.lastAnswer !== undefined && (account.lastAnswer.value ?? 0) >= rules.good
  if (rules.returnSales > 0 && account.returns.length >= rules.returnSales && praised)
    return {
      state: 'advocate',
      because: [...account.returns, ...(account.lastAnswer ? [account.lastAnswer] : [])],
    }
  return { state: 'validated', because: good.length > 0 ? good : kept }
}

function nextChange(
  account: Account,
  ticks: Ticks,
  rules: ValidationRules,
  state: StandingState,
): number | null {
  const change = ticks.rest().find((tick) => judge(account, rules, tick).state !== state)
  if (change === undefined || ticks.future === null) return change ?? ticks.future
  return Math.min(change, ticks.future)
}

function shown(facts: Evidence[], verdict: Verdict, rules: ValidationRules, now: number): StandingFact[] {
  const sale = facts.find((fact) => fact.kind === 'sale')?.at ?? Number.POSITIVE_INFINITY
  const latestFirst = (a: Evidence, b: Evidence) => -byTimeAndContent(a, b)
  const decided = verdict.because.toSorted(latestFirst)
  const identity = new Set(decided.map((fact) => contentOf({ ...fact, value: 0 })))
  const others = facts
    .filter((fact) => fact.at <= now && (fact.at >= sale || fact.kind === 'referral'))
    .filter((fact) => !identity.has(contentOf({ ...fact, value: 0 })) && fact.kind !== 'help')
    .toSorted(latestFirst)
  return [
    ...decided.map((fact) => ({ fact, decided: true })),
    ...others.map((fact) => ({ fact, decided: false })),
  ]
    .slice(0, shownFacts)
    .map(({ fact, decided }) => ({
      kind: fact.kind,
      at: new Date(fact.at).toISOString(),
      speaks: speaks(fact, rules),
      decided,
      ...(fact.what === undefined ? {} : { what: fact.what }),
      ...(fact.value === undefined ? {} : { value: fact.value }),
      ...(fact.unit === undefined ? {} : { unit: fact.unit }),
      ...(fact.words === undefined ? {} : { words: fact.words }),
    }))
}

function speaks(fact: Evidence, rules: ValidationRules): StandingFact['speaks'] {
  switch (fact.kind) {
    case 'return_sale':
    case 'renewal':
    case 'kept':
    case 'exceeded':
    case 'referral':
    case 'mended':
      return 'for'
    case 'renewal_missed':
    case 'broken':
    case 'refund':
    case 'cancellation':
    case 'return':
    case 'complaint':
    case 'help':
      return 'against'
    case 'rating':
    case 'impression':
      if ((fact.value ?? 0) >= rules.good) return 'for'
      return (fact.value ?? 0) <= rules.bad ? 'against' : 'neither'
    case 'sale':
    case 'care':
      return 'neither'
    default:
      return fact.kind satisfies never
  }
}

const rank: Partial<Record<FactKind, number>> = { sale: 0, return_sale: 1, broken: 2, mended: 3 }

function byTimeAndContent(a: Evidence, b: Evidence): number {
  if (a.at !== b.at) return a.at - b.at
  const ranks = (rank[a.kind] ?? 4) - (rank[b.kind] ?? 4)
  if (ranks !== 0) return ranks
  const [left, right] = [contentOf(a), contentOf(b)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

function contentOf(fact: Evidence): string {
  // The key last: it may hold an id given on arrival, and only tells apart what reads the same.
  return JSON.stringify([fact.at, fact.kind, fact.what, fact.value, fact.unit, fact.words, fact.key])
}

/** The times at which the state may change without anything happening. */
class Ticks {
  private waiting: number[] = []
  /** The time of the first fact that has not happened yet. */
  future: number | null = null
  add(at: number): void {
    this.waiting.push(at)
  }
  /** Takes out those up to `at`, in order. */
  until(at: number): number[] {
    const due = this.waiting.filter((tick) => tick <= at).toSorted((a, b) => a - b)
    if (due.length > 0) this.waiting = this.waiting.filter((tick) => tick > at)
    return due
  }
  rest(): number[] {
    return this.waiting.toSorted((a, b) => a - b)
  }
}
