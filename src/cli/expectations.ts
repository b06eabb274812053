import type { Command } from 'commander'
import type { Promise_ } from '../expectations/expectations.ts'
import { type Effects, questionKinds } from '../insights/insights.ts'
import { addDays, isDay } from '../lib/days.ts'
import { count } from '../lib/phrases.ts'
import type { Share } from '../stats/proportions.ts'
import type { ConnectionOptions } from './connection.ts'
import { connect, withConnectionOptions } from './connection.ts'
import { bold, faint, table, wrap } from './print.ts'
import { ask } from './question.ts'

interface Options extends ConnectionOptions {
  json?: boolean
  from?: string
  to?: string
  segment?: string
  effects?: boolean
}

type Promised = Omit<Promise_, 'rule'> & {
  rule: { id: number; name: string; statement: string; active: boolean }
}
type Moments = Effects['moments']

/** troth expectations: how the promises stand, what could be kept, and what customers said when. */
export function expectationsCommand(program: Command): void {
  const command = program
    .command('expectations')
    .description('the promises: how they are kept, what could be kept, what customers said when')
    .option('--from <day>', 'first day that counts: only what fell due then or later (2026-01-31)')
    .option('--to <day>', 'last day that counts')
    .option('--segment <id>', 'only customers of this segment')
    .option('--effects', 'what goes along with how they were kept: the same as `troth effects`')
    .option('--json', 'everything as JSON')
  withConnectionOptions(command).action(async (options: Options) => {
    const effects = questionKinds.find(({ name }) => name === 'effects')
    if (options.effects && effects) return ask(effects, { ...options })
    const system = await connect(options)
    const query = new URLSearchParams()
    for (const name of ['from', 'segment'] as const) if (options[name]) query.set(name, options[name])
    if (options.to) query.set('to', isDay(options.to) ? addDays(options.to, 1) : options.to)
    const { items } = await system.get<{ items: Promised[] }>(`/api/promises?${query}`)
    const moments = new Map<number, Moments>()
    for (const { rule, counts } of items)
      if (counts.byLastWord.n > 0) {
        const { from, to, segment } = options
        const asked = {
          rule: String(rule.id),
          ...(from && { from }),
          ...(to && { to }),
          ...(segment && { segment }),
        }
        const found = await system.get<Effects>(`/api/insights/effects?${new URLSearchParams(asked)}`)
        moments.set(rule.id, found.moments)
      }
    if (options.json) {
      const all = items.map((each) => ({ ...each, moments: moments.get(each.rule.id) ?? null }))
      process.stdout.write(`${JSON.stringify({ items: all }, null, 2)}\n`)
      return
    }
    print(items, moments)
  })
}

function print(items: Promised[], moments: Map<number, Moments>): void {
  if (items.length === 0) {
    console.log('\n  No promise is written down yet. Write one down on the page Expectations.\n')
    return
  }
  console.log(
    `\n${table(
      [
        { title: 'Promise', value: ({ rule }) => (rule.active ? rule.name : `${rule.name} (no longer)`) },
        { title: 'Kept, last word', value: ({ counts }) => share(counts.byLastWord) },
        { title: 'First word', value: ({ counts }) => share(counts.byFirstWord) },
        { title: 'Better', value: ({ counts }) => String(counts.exceeded), align: 'right' },
        { title: 'Broken', value: ({ counts }) => String(counts.broken), align: 'right' },
        { title: 'overdue', value: ({ counts }) => String(counts.overdue), align: 'right' },
        { title: 'Open', value: ({ counts }) => String(counts.open), align: 'right' },
        { title: '9 in 10', value: ({ keepable }) => (keepable.say ? `say ${keepable.say}` : '–') },
      ],
      items,
    )}\n`,
  )
  for (const { rule, counts } of items) {
    const said = moments.get(rule.id) ?? []
    if (said.length > 0) {
      console.log(
        `\n  ${bold(rule.name)} ${faint('what customers said, by where things stood then (counted)')}`,
      )
      console.log(
        table(
          [
            { title: '  When they answered', value: ({ moment }) => `  ${moment}` },
            { title: 'Stars', value: ({ rating }) => rating.value?.toFixed(2) ?? '–', align: 'right' },
            {
              title: 'Likely between',
              value: ({ rating }) =>
                rating.n < 5 || rating.low === null || rating.high === null
                  ? 'not enough answers yet'
                  : `${Math.max(1, rating.low).toFixed(2)} to ${Math.min(5, rating.high).toFixed(2)}`,
            },
            { title: 'n', value: ({ rating }) => String(rating.n), align: 'right' },
          ],
          said,
        ),
      )
    }
    if (counts.unmended > 0)
      console.log(faint(`  ${count(counts.unmended, 'broken one')} not made good yet.`))
  }
  console.log(faint(wrap('What goes along with how they were kept: troth expectations --effects', '  ')))
  console.log('')
}

function share({ value, low, high, n }: Share): string {
  if (value === null) return 'not enough yet'
  const of100 = (part: number) => Math.round(part * 100)
  return `${of100(value)} % (${of100(low)} to ${of100(high)}, n ${n.toLocaleString('en')})`
}
