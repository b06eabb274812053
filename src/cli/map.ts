import type { Command } from 'commander'
import type { Flows } from '../insights/insights.ts'
import type { BalanceAnswer, CareAnswer, MapAnswer, SilenceAnswer } from '../insights/schema.ts'
import { count, waited } from '../lib/phrases.ts'
import { type ConnectionOptions, connect, withConnectionOptions } from './connection.ts'
import { bold, faint, table, wrap } from './print.ts'

interface MapOptions extends ConnectionOptions {
  from?: string
  to?: string
  segment?: string
  compare?: string
  json?: boolean
}

type Level = MapAnswer['firstExperience']
type Part = MapAnswer['stages'][number]['kept']

export function mapCommand(program: Command): void {
  withConnectionOptions(
    program
      .command('map')
      .description('the journey map: reach, experience, promises, flows, balance and silence')
      .option('--from <day>', 'first day that counts (2026-01-31)')
      .option('--to <day>', 'last day that counts')
      .option('--segment <id>', 'only customers of this segment')
      .option('--compare <with>', 'previous, year, everyone, segment:ID or 2025-01-01..2025-06-30')
      .option('--json', 'print one JSON object'),
  ).action(async (options: MapOptions) => {
    const troth = await connect(options)
    const query = (names: (keyof MapOptions)[]) => {
      const given = names.flatMap((name): [string, string][] =>
        options[name] ? [[name, String(options[name])]] : [],
      )
      return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
    }
    const scope = query(['from', 'to', 'segment'])
    const map = await troth.get<MapAnswer>(`/api/insights/map${query(['from', 'to', 'segment', 'compare'])}`)
    const flows = await troth.get<Flows>(`/api/insights/flows${scope === '' ? '?' : `${scope}&`}show=graph`)
    const balance = await troth.get<BalanceAnswer>(`/api/insights/balance${scope}`)
    const silence = await troth.get<SilenceAnswer>(`/api/insights/silence${scope}`)
    const care = await troth.get<CareAnswer>(`/api/insights/care${scope}`)
    if (options.json) console.log(JSON.stringify({ ...map, flows, balance, silence, care }))
    else print(map, flows, balance, silence, care)
  })
}

function print(
  map: MapAnswer,
  flows: Flows,
  balance: BalanceAnswer,
  silence: SilenceAnswer,
  care: CareAnswer,
): void {
  const say = (text: string) => console.log(wrap(text, '  '))
  const heading = (text: string) => console.log(`\n  ${bold(text)}`)
  const indented = (text: string) => console.log(text.replaceAll(/^/gm, '  '))
  console.log()
  say(map.sentence.parts.map((part) => part.text).join(''))
  say(
    faint(
      `${map.sentence.claim} · ${scopeWords(map.asked)} · ${count(map.customers, 'customer')} · ${count(map.interactions, 'interaction')}${map.unplaced.share === null ? '' : `, ${percent(map.unplaced.share)} not placed`} · ${count(map.buyers, 'buyer')}`,
    ),
  )
  for (const side of ['before', 'after'] as const) {
    const stages = map.stages.filter((stage) => stage.side === side)
    if (stages.length === 0) continue
    heading(side === 'before' ? 'Before the sale' : 'After the sale')
    const lines = stages.flatMap((stage) => [
      { ...stage, name: stage.name, cost: null, compared: null, stage: true },
      ...map.touchpoints
        .filter((touchpoint) => touchpoint.stageId === stage.id)
        .map((touchpoint) => ({ ...touchpoint, name: `  ${touchpoint.name}`, stage: false })),
    ])
    indented(
      table(
        [
          { title: 'stage, touchpoint', value: (line) => (line.stage ? bold(line.name) : line.name) },
          { title: 'customers', value: (line) => line.customers.toLocaleString('en'), align: 'right' },
          { title: 'times', value: (line) => line.volume.toLocaleString('en'), align: 'right' },
          { title: '● said', value: (line) => level(line.said), align: 'right' },
          { title: '○ inferred', value: (line) => level(line.inferred), align: 'right' },
          { title: 'promises kept', value: (line) => share(line.kept), align: 'right' },
          ...(map.comparedWith
            ? [{ title: 'change in ● said', value: (line: (typeof lines)[number]) => difference(line) }]
            : []),
        ],
        lines,
      ),
    )
  }
  heading('What usually comes next')
  const name = new Map(map.touchpoints.map((touchpoint) => [touchpoint.id, touchpoint.name]))
  if (flows.edges.length === 0) say('Nothing follows on anything yet.')
  else {
    indented(
      table(
        [
          { title: 'after', value: (edge) => name.get(edge.from) ?? '' },
          { title: 'comes', value: (edge) => name.get(edge.to) ?? '' },
          { title: 'times', value: (edge) => edge.n.toLocaleString('en'), align: 'right' },
          { title: 'of all that follow', value: (edge) => percent(edge.share), align: 'right' },
          { title: 'about how long after', value: (edge) => waited(edge.medianSeconds), align: 'right' },
        ],
        flows.edges.slice(0, 15),
      ),
    )
    const shown = flows.edges.slice(0, 15).reduce((sum, edge) => sum + edge.n, 0)
    say(
      faint(
        `${percent(1 - shown / flows.transitions)} of all ${flows.transitions.toLocaleString('en')} steps from one to the next are not shown.`,
      ),
    )
  }
  heading('Balance, before against after the sale')
  const weighed: [string, string][] = [
    [
      'Our touches',
      `${balance.touches.words} (n ${(balance.touches.before + balance.touches.after).toLocaleString('en')})`,
    ],
    ['Asking', balance.asking.words],
    ['Money', balance.money?.words ?? 'No budget is entered.'],
    [
      'Experience',
      `${level(balance.experience.before)} before, ${level(balance.experience.after)} after. ${balance.experience.words}`,
    ],
    ['Promises', balance.kept.words],
    [
      'First and last',
      `${level(balance.firstExperience)} first, ${level(balance.lastExperience)} last. ${balance.levelWords}`,
    ],
  ]
  for (const [what, words] of weighed) say(`${what}: ${words}`)
  heading('Silence')
  for (const span of silence.spans)
    say(
      `${span.days} days: ${share(span.sinceSale)} heard nothing caring in the ${span.days} days after buying; ${share(span.now)} of all buyers have heard nothing for ${span.days} days now.`,
    )
  say(faint(silence.words))
  heading('What every buyer should get')
  if (care.standards.length === 0) say('No care standard is set. Set one in the browser: Journey, Edit map.')
  for (const standard of care.standards)
    say(
      `${standard.name}: ${share(standard.share)} got it in time; ${standard.late} late, ${standard.missed} not at all, ${standard.notDueYet} not due yet.`,
    )
  console.log()
}

function scopeWords(asked: MapAnswer['asked']): string {
  const time =
    asked.from || asked.to ? `${asked.from ?? 'the beginning'} to ${asked.to ?? 'today'}` : 'all time'
  return asked.segment ? `${asked.segment.name}, ${time}` : time
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}

function level({ n, value, low, high, good, bad }: Level): string {
  if (n === 0) return '–'
  if (value === null || low === null || high === null) return `${good} good, ${bad} bad of ${n}`
  const mark = value > 0.1 ? '▲' : value < -0.1 ? '▼' : '◆'
  return `${mark} ${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}, n ${n.toLocaleString('en')})`
}

function share({ hits, n, value, low, high }: Part): string {
  if (n === 0) return '–'
  if (value === null || low === null || high === null) return `${hits} of ${n}`
  return `${percent(value)} (${Math.round(low * 100)} to ${Math.round(high * 100)}, n ${n.toLocaleString('en')})`
}

function difference(line: { compared: MapAnswer['touchpoints'][number]['compared'] }): string {
  const change = line.compared?.saidChange
  if (!change) return ''
  if (!change.tells) return 'can’t tell'
  return `${change.value > 0 ? '+' : '−'}${Math.abs(change.value).toFixed(2)} (${change.low.toFixed(2)} to ${change.high.toFixed(2)})`
}
