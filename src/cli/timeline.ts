import { type Command, InvalidArgumentError } from 'commander'
import type { TimelineItem } from '../interactions/schema.ts'
import { NotFound, TrothError } from '../lib/errors.ts'
import { day, money } from '../lib/phrases.ts'
import { type Connection, type ConnectionOptions, connect, withConnectionOptions } from './connection.ts'
import { bold, faint, wrap } from './print.ts'

interface TimelineOptions extends ConnectionOptions {
  json?: boolean
  limit: number
}

interface Customer {
  id: number
  shownName: string
  sentence: { text: string }[]
  standing: {
    label: string
    why: string
    facts: { at: string; sentence: string; speaks: string; decided: boolean; words?: string }[]
  }
  score: { value: number | null; sentence: string; claim: string }
}

export function timelineCommand(program: Command): void {
  withConnectionOptions(
    program
      .command('timeline')
      .description('one customer: where they stand and what happened, the newest first')
      .argument('<customer>', 'id, email address, phone number, or the id another system gave')
      .option('--limit <number>', 'how many interactions', wholeNumber, 50)
      .option('--json', 'print one JSON object'),
  ).action(async (who: string, options: TimelineOptions) => {
    const troth = await connect(options)
    const id = await idOf(troth, who)
    const customer = await troth.get<Customer>(`/api/customers/${id}`)
    const items = await newest(troth, customer.id, options.limit)
    if (options.json) console.log(JSON.stringify({ customer, items }))
    else {
      const { workspace } = await troth.get<{ workspace: { timeZone: string } | null }>('/api/me')
      console.log(inWords(customer, items, workspace?.timeZone ?? 'UTC'))
    }
  })
}

async function newest(troth: Connection, id: number, limit: number): Promise<TimelineItem[]> {
  const items: TimelineItem[] = []
  let cursor: string | null = ''
  while (cursor !== null && items.length < limit) {
    const wanted = Math.min(200, limit - items.length)
    const page: { items: TimelineItem[]; older: string | null } = await troth.get(
      `/api/customers/${id}/timeline?limit=${wanted}&cursor=${encodeURIComponent(cursor)}`,
    )
    items.push(...page.items)
    cursor = page.older
  }
  return items
}

async function idOf(troth: Connection, who: string): Promise<number> {
  const { items } = await troth.get<{ items: { id: number; name: string | null }[] }>(
    `/api/customer-lookup?identity=${encodeURIComponent(who)}`,
  )
  const [only, another] = items
  if (only && !another) return only.id
  if (only)
    throw new TrothError(
      'conflict',
      `${items.length} customers are known by ${who}: ${items.map((each) => `${each.id} (${each.name ?? 'no name'})`).join(', ')}. Name one by its id.`,
    )
  // Only a number that nobody is known by elsewhere is our own id.
  if (/^\d{1,15}$/.test(who)) return Number(who)
  throw new NotFound('customer', who)
}

function inWords(customer: Customer, items: TimelineItem[], timeZone: string): string {
  const now = new Date()
  const on = (at: string) => day(new Date(at), timeZone, now)
  const lines = [
    `${bold(customer.shownName)}  ${faint(`${customer.standing.label} · customer ${customer.id}`)}`,
    wrap(customer.sentence.map((part) => part.text).join('')),
    '',
    wrap(customer.standing.why),
    ...customer.standing.facts
      .filter((fact) => fact.decided)
      .map((fact) => `  ${shape(fact.speaks)} ${fact.sentence}${faint(` · ${on(fact.at)}`)}`),
    wrap(
      `Score: ${customer.score.sentence}${customer.score.value === null ? '' : ` (${customer.score.claim})`}`,
    ),
    '',
  ]
  const width = Math.max(0, ...items.map((item) => on(item.at).length))
  for (const item of items) {
    const name = item.touchpoint?.name ?? item.name
    const date = faint(on(item.at).padEnd(width))
    if (item.sale) {
      const worth =
        item.purchase?.valueMinor != null && item.purchase.currency
          ? ` · ${money(item.purchase.valueMinor, item.purchase.currency)}`
          : ''
      lines.push(`${date}  ── ${bold('the sale')}${worth} ${'─'.repeat(20)}`)
      continue
    }
    if (item.judgement) {
      const promise = promiseNames[item.name] ?? item.name
      const tone = /Broken/.test(item.name) ? 'against' : /Kept|Exceeded/.test(item.name) ? 'for' : ''
      const statement = item.properties['statement']
      lines.push(`${date}  ${shape(tone)} ${promise}: ${typeof statement === 'string' ? statement : ''}`)
      continue
    }
    const rated =
      item.experience === null
        ? ' '
        : shape(item.experience > 0 ? 'for' : item.experience < 0 ? 'against' : '')
    const more = [
      item.channel,
      item.evidence === 'said' && item.experience !== null
        ? `rated ${Number((item.experience / 50 + 3).toFixed(1))} of 5`
        : item.evidence === 'impression'
          ? 'our impression'
          : '',
      item.person?.name ?? '',
      item.member?.name ?? '',
    ].filter((each) => each !== '')
    lines.push(`${date}  ${rated} ${name}${faint(more.map((each) => ` · ${each}`).join(''))}`)
    const indent = ' '.repeat(width + 4)
    if (item.words) lines.push(wrap(item.evidence === 'impression' ? item.words : `“${item.words}”`, indent))
    else if (item.hidden) lines.push(faint(`${indent}(for ${item.restrictedTo}s only)`))
  }
  if (items.length === 0) lines.push('Nothing has happened yet.')
  return lines.join('\n')
}

const promiseNames: Record<string, string> = {
  'Expectation Opened': 'Promised',
  'Expectation Kept': 'Promise kept',
  'Expectation Exceeded': 'More than promised',
  'Expectation Broken': 'Promise broken',
  'Expectation Withdrawn': 'Promise no longer needed',
  'Expectation Moved': 'Promise moved',
}

function shape(speaks: string): string {
  return speaks === 'for' ? '▲' : speaks === 'against' ? '▼' : '·'
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 100_000)
    throw new InvalidArgumentError('a whole number from 1 to 100000')
  return value
}
