// Today: what needs somebody, one row a customer, each with its reason and what the customer said.

import { sql } from 'kysely'
import { customerSummaries, renewalsNear } from '../../customers/customers.ts'
import { unplacedCount } from '../../journey/journey.ts'
import { addMonths, dayOf, startOfDay } from '../../lib/days.ts'
import { count, day, list, money, sentenceCase } from '../../lib/phrases.ts'
import { row } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { factSchema } from '../../validation/schema.ts'
import { factInWords } from '../../validation/validation.ts'
import { part } from '../map/level.ts'
import type { Sentence } from '../schema.ts'
import { type Counts, countMonth, countToday } from './today-counts.ts'
import {
  type BrokenRow,
  boughtWithin,
  brokenPromises,
  customersToThank,
  doubtingCustomers,
  fresh,
  importsUnderWay,
  renewalsTaken,
  silentAfter,
} from './today-questions.ts'
import type { TodayAnswer, TodayCase } from './today-schema.ts'

/** Rows of each list; the rest is a click away. */
const shown = 6
/** With fewer customers than this, cases come first and figures later. */
const manyCustomers = 300

export async function readToday(store: Store, now = new Date()): Promise<TodayAnswer> {
  const { db } = store
  const workspace = await row(
    db,
    sql<{ timeZone: string; currency: string; sample: { step: string; done: number; total: number } | null }>`
      select time_zone as "timeZone", currency, settings -> 'sample' as sample
      from workspace`,
  )
  if (!workspace) throw new Error('the workspace row is missing')
  const { timeZone, currency, sample } = workspace
  const today = dayOf(now.getTime(), timeZone)
  const monthStart = new Date(startOfDay(`${today.slice(0, 7)}-01`, timeZone))

  const counts = await countToday(db, now)
  const broken = await brokenPromises(db, now, shown)
  const doubts = await doubtingCustomers(db, now, shown)
  const bringers = await customersToThank(db, now, 3)
  const renewals = (await renewalsNear(db, { days: 30, limit: 30 }, now))
    .filter((each) => each.renewsAt !== null && Date.parse(each.renewsAt) > now.getTime() - 14 * 86_400_000)
    .slice(0, shown)
  const taken = await renewalsTaken(
    db,
    now,
    renewals.map((each) => each.customerId),
  )
  const month = await countMonth(db, monthStart, now)
  const unplaced = await unplacedCount(db)
  const names = await namesOf(store, [
    ...broken.map((each) => each.customerId),
    ...doubts.map((each) => each.customerId),
    ...bringers.map((each) => each.customerId),
    ...renewals.map((each) => each.customerId),
  ])
  const makeCase = (
    customerId: number,
    why: string,
    words: string | null,
    takenBy: string | null,
    expectationId: number | null = null,
  ): TodayCase => ({
    customerId,
    ...(names.get(customerId) ?? unknown(customerId)),
    why,
    words,
    takenBy,
    expectationId,
  })

  return {
    date: today,
    timeZone,
    currency,
    empty: counts.customers === 0 && !counts.interactions,
    few: counts.customers < manyCustomers,
    sentence: sentenceOf(counts),
    mend: {
      total: counts.broken,
      promises: counts.brokenPromises,
      days: fresh,
      everywhere: counts.unmended,
      rows: broken.map((each) =>
        makeCase(
          each.customerId,
          brokenInWords(each, timeZone, now),
          each.words,
          each.takenBy,
          each.expectationId,
        ),
      ),
    },
    doubt: {
      total: counts.doubting,
      rows: doubts.map((each) => {
        const fact = factSchema.safeParse(each.fact)
        const why = fact.success
          ? `${factInWords(fact.data)}, ${day(new Date(fact.data.at), timeZone, now)}`
          : 'In doubt'
        return makeCase(each.customerId, `${why}. Nobody has been in touch since.`, each.words, each.takenBy)
      }),
    },
    silent: {
      visible: counts.careSeen,
      total: counts.silent,
      days: silentAfter,
      boughtWithin,
      valued: counts.silentValued,
      valuedMinor: counts.valuedMinor,
    },
    renewals: {
      total: counts.renewals,
      rows: renewals.map((each) => {
        const at = new Date(each.renewsAt ?? 0)
        const worth =
          each.valueMinor !== null && each.currency ? `, ${money(each.valueMinor, each.currency)}` : ''
        return makeCase(
          each.customerId,
          `${each.name ?? sentenceCase(each.kind)}${worth}: ${at < now ? 'was due' : 'renews'} on ${day(at, timeZone, now)}`,
          null,
          taken.get(each.customerId) ?? null,
        )
      }),
    },
    thank: {
      total: counts.unthanked,
      rows: bringers.map((each) => {
        const known = [...new Set(each.names ?? [])].slice(0, 2)
        const whom =
          known.length === each.brought && known.length > 0
            ? list(known)
            : count(each.brought, 'other customer')
        return makeCase(
          each.customerId,
          `Brought ${whom}, last on ${day(each.lastAt, timeZone, now)}; not thanked yet.`,
          each.words,
          each.takenBy,
        )
      }),
    },
    unplaced,
    imports: await importsUnderWay(db),
    sample:
      sample && sample.step !== 'done' ? { step: sample.step, done: sample.done, total: sample.total } : null,
    month: {
      name: new Intl.DateTimeFormat('en-GB', { timeZone, month: 'long' }).format(now),
      from: monthStart.toISOString(),
      until: addMonths(`${today.slice(0, 7)}-01`, 1),
      buyers: month.sales,
      cameBack: part(month.cameBack, month.sales),
      referrals: month.referrals,
      choseRightly: month.asked > 0 ? part(month.rightly, month.asked) : null,
      kept: part(month.kept, month.decided),
    },
  }
}

async function namesOf(store: Store, ids: number[]) {
  const summaries = await customerSummaries(store.db, [...new Set(ids)])
  const people = await peopleCounts(
    store,
    summaries.filter((each) => each.kind === 'company').map((each) => each.id),
  )
  return new Map(
    summaries.map((each) => [
      each.id,
      { name: each.label, people: people.get(each.id) ?? null, company: each.company?.label ?? null },
    ]),
  )
}

async function peopleCounts(store: Store, companies: number[]): Promise<Map<number, number>> {
  if (companies.length === 0) return new Map()
  const { rows: found } = await sql<{ id: number; people: number }>`
    select c.canonical_id as id, count(distinct p.canonical_id)::integer as people
    from customers c
    join memberships m on m.company_id = c.id
    join customers p on p.id = m.customer_id
    where c.canonical_id = any(${companies}::bigint[])
    group by c.canonical_id`.execute(store.db)
  return new Map(found.map(({ id, people }) => [id, people]))
}

function unknown(id: number) {
  return { name: `Visitor ${id}`, people: null, company: null }
}

/** "Delivered by the promised day: four days late, and nobody said so. Asked for help twice." */
function brokenInWords(each: BrokenRow, timeZone: string, now: Date): string {
  const gap = each.gap ?? 0
  const parts: string[] = []
  if (each.dimension === 'money')
    parts.push(each.currency ? `${money(gap, each.currency)} more than said` : 'more than said')
  else if (each.dimension === 'points') parts.push(`${gap} points short`)
  else if (each.awaited) {
    const due = each.dueAt ? new Date(each.dueAt.getTime() - 1) : each.decidedAt
    parts.push(`due ${day(due, timeZone, now)}, nothing yet`)
  } else parts.push(gap >= 1 ? `${count(Math.round(gap), 'day')} late` : 'late')
  if (each.toldBefore === false && !each.awaited) parts.push('and nobody said so beforehand')
  if (each.toldBefore === true) parts.push('told beforehand')
  const asked =
    each.asked === 0
      ? ''
      : ` Asked for help ${each.asked === 1 ? 'once' : each.asked === 2 ? 'twice' : `${each.asked} times`} since.`
  return `${each.promise}: ${parts.join(parts[1]?.startsWith('and') ? ' ' : ', ')}.${asked}`
}

/** What is true right now, or what to do first. */
function sentenceOf(counts: Counts): Sentence {
  const parts: Sentence['parts'] = []
  const say = (text: string, tone?: 'good' | 'bad' | 'strong') => parts.push(tone ? { text, tone } : { text })
  const open = counts.broken - counts.brokenTaken
  if (counts.brokenThisWeek > 0) {
    say(
      `${sentenceCase(count(counts.brokenThisWeek, 'promise'))} ${counts.brokenThisWeek === 1 ? 'was' : 'were'} broken in the last seven days`,
    )
    if (open > 0) {
      say(' and ')
      say(count(open, 'customer'), 'strong')
      say(` ${open === 1 ? 'hasn’t' : 'haven’t'} heard how you’ll make it good.`)
    } else say('; every customer has heard how you’ll make it good.')
  } else if (open > 0) {
    say(sentenceCase(count(open, 'customer')), 'strong')
    say(` still ${open === 1 ? 'waits' : 'wait'} to hear how you’ll make a broken promise good.`)
  } else if (counts.doubting > 0) {
    say(`${nothingBroken(counts)}. `)
    say(sentenceCase(count(counts.doubting, 'customer')), 'strong')
    say(` ${counts.doubting === 1 ? 'doubts' : 'doubt'} their choice.`)
  } else say(`${nothingBroken(counts)} and nobody doubts their choice.`)
  if (counts.kind > 0) say(` ${sentenceCase(count(counts.kind, 'customer'))} said something kind this week.`)
  return { parts, claim: 'counted' }
}

function nothingBroken({ unmended }: Counts): string {
  return unmended > 0 ? 'Nothing that broke lately is left to make good' : 'No promise stands broken'
}
