import { canonicalId } from '../customers/customers.ts'
import { NotFound } from '../lib/errors.ts'
import { meanFrom } from '../stats/means.ts'
import type { Store } from '../store/store.ts'
import { readWorkspace } from '../team/team.ts'
import {
  type ExperienceRow,
  type IdentityRow,
  type MembershipRow,
  readCustomer,
  readExperience,
  readHappenings,
  readIdentities,
  readMemberships,
} from './customer-queries.ts'
import type { Customer } from './customer-schema.ts'
import { readRules } from './queries.ts'
import { scoreNow } from './scores.ts'
import { sentenceOf } from './sentence.ts'
import { standingNow } from './standings.ts'
import { factInWords, stateInWords, stateNames } from './words.ts'

/** One customer: who they are, where they stand and why, in words. An absorbed id gives the customer it was joined to. @throws NotFound */
export async function oneCustomer(store: Store, asked: number, now = new Date()): Promise<Customer> {
  const { db } = store
  const id = await canonicalId(db, asked)
  const [customer, identities, people, companies, rules, workspace, standing] = await Promise.all([
    readCustomer(db, id),
    readIdentities(db, id),
    readMemberships(db, id, 'people'),
    readMemberships(db, id, 'companies'),
    readRules(db),
    readWorkspace(db),
    standingNow(store, id, now),
  ])
  if (!customer || !standing) throw new NotFound('customer', asked)
  const firstSale = standing.firstEverSaleAt
  const [experience, score, happenings] = await Promise.all([
    readExperience(db, id, firstSale),
    scoreNow(db, id, firstSale !== null, now),
    readHappenings(db, id, standing.lastSaleAt),
  ])
  const timeZone = workspace.timeZone
  return {
    id,
    kind: customer.kind,
    name: customer.name,
    shownName: customer.name ?? nameFrom(identities[0]),
    traits: customer.traits,
    identities,
    people: people.map(personOf),
    peopleCount: people[0]?.total ?? 0,
    companies: companies.map(personOf),
    timeZone: customer.timeZone,
    firstSeenAt: customer.firstSeenAt,
    lastSeenAt: customer.lastSeenAt,
    sentence: sentenceOf(
      {
        ...happenings,
        firstSeenAt: new Date(customer.firstSeenAt),
        lastSeenAt: dateOf(standing.lastSeenAt),
        interactions: standing.interactions,
        sales: standing.sales,
        firstSaleAt: dateOf(standing.firstSaleAt),
        valueMinor: standing.valueMinor,
        currency: standing.currency,
        lastCaredAt: dateOf(standing.lastCaredAt),
        referred: standing.referred,
        cancelled: standing.state === 'lost',
      },
      timeZone,
      now,
    ),
    standing: {
      state: standing.state,
      label: stateNames[standing.state],
      why: stateInWords(standing.state, standing.facts, rules),
      since: isoOf(standing.since),
      facts: standing.facts.map((fact) => ({ ...fact, sentence: factInWords(fact) })),
      interactions: standing.interactions,
      sales: standing.sales,
      valueMinor: standing.valueMinor,
      currency: standing.currency,
      firstSaleAt: isoOf(standing.firstSaleAt),
      lastSaleAt: isoOf(standing.lastSaleAt),
      lastSeenAt: isoOf(standing.lastSeenAt),
      lastCaredAt: isoOf(standing.lastCaredAt),
      openExpectations: standing.openExpectations,
      brokenUnmended: standing.brokenUnmended,
      referred: standing.referred,
    },
    score,
    experience: {
      said: sides(experience, 'said'),
      inferred: sides(experience, 'inferred'),
      impression: sides(experience, 'impression'),
    },
  }
}

function sides(found: ExperienceRow[], evidence: ExperienceRow['evidence']) {
  const of = (side: ExperienceRow['side']) => {
    const one = found.find((each) => each.evidence === evidence && each.side === side)
    const { n, value, low, high } = meanFrom(one?.n ?? 0, one?.sum ?? 0, one?.squares ?? 0)
    return {
      n,
      value,
      low: low === null ? null : Math.max(-1, low),
      high: high === null ? null : Math.min(1, high),
    }
  }
  return { before: of('before'), after: of('after') }
}

function personOf(row: MembershipRow) {
  return { id: row.id, name: row.name ?? row.identity ?? 'No name', role: row.role, state: row.state }
}

/** What to call somebody whose name nobody has told us. */
function nameFrom(identity: IdentityRow | undefined): string {
  if (!identity) return 'No name'
  switch (identity.kind) {
    case 'anonymous_id':
      return `Visitor ${identity.value.slice(0, 8)}`
    case 'order':
      return `Buyer of order ${identity.value}`
    case 'external':
      return identity.source ? `${identity.value} (${identity.source})` : identity.value
    default:
      return identity.value
  }
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

function isoOf(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString()
}
