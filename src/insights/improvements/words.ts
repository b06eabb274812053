import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { whole } from '../findings/finding.ts'
import type { Improvements, Watched } from './schema.ts'

type Compared = Improvements['improvements'][number]

export function improvementsWords({
  improvements,
  watched,
  falseAlarmsAYear,
  days,
}: Omit<Improvements, 'statements'>): Statement[] {
  return [...turned(watched, falseAlarmsAYear), ...improvements.flatMap((each) => changed(each, days))]
}

function turned(watched: Watched[], falseAlarms: number): Statement[] {
  if (watched.length === 0)
    return [
      cannotTell(
        'Nothing can be watched yet: no touchpoint has 40 answers and no promise has come due 40 times.',
        0,
      ),
    ]
  const turns = watched.flatMap((each) => {
    const last = each.turns.at(-1)
    return last ? [{ each, last }] : []
  })
  const watch = `${whole(watched.length)} ${watched.length === 1 ? 'series is' : 'series are'} watched, so strictly that at most one false alarm in ${whole(1 / falseAlarms)} years is to be expected.`
  if (turns.length === 0) return [counted(`Nothing has turned. ${watch}`)]
  return [
    ...turns.map(({ each, last }) =>
      goesAlong(
        `${subject(each)} has turned for the ${last.good ? 'better' : 'worse'} in the week of ${dayWords(last.since)}: ${figure(each, last.before)} before, ${figure(each, last.after)} since.`,
        each.stretches.reduce((sum, stretch) => sum + stretch.n, 0),
      ),
    ),
    counted(watch),
  ]
}

function subject({ kind, about }: Watched): string {
  return kind === 'promise' ? `How often “${about}” is kept` : `What customers say at “${about}”`
}

function figure({ figure: kind }: Watched, value: number): string {
  return kind === 'kept' ? `${whole(100 * value)} in 100` : level(value)
}

/** "▲ 0.44" */
function level(value: number): string {
  const mark = value > 0.1 ? '▲' : value < -0.1 ? '▼' : '◆'
  return `${mark} ${Math.abs(value).toFixed(2)}`
}

function changed(each: Compared, days: number): Statement[] {
  const what = `“${each.what}” (${each.about ?? 'no longer there'}, from ${dayWords(each.madeOn)})`
  if (each.cannotTell) return [cannotTell(`${what}: can't be told yet. ${each.cannotTell}`)]
  const plain = each.kept
    ? { ...each.kept, say: (value: number) => `${whole(100 * value)} in 100` }
    : each.experience
      ? { ...each.experience, say: level }
      : null
  if (!plain?.change || plain.before.value === null || plain.after.value === null) return []
  const { change, say } = plain
  const n = plain.before.n + plain.after.n
  const told = `${what}: ${say(plain.before.value)} in the ${days} days before, ${say(plain.after.value)} in the ${days} days since`
  const size = each.kept
    ? `${points(change.low)} to ${points(change.high)} in 100`
    : `${change.low.toFixed(2).replace('-', '−')} to ${change.high.toFixed(2).replace('-', '−')}`
  if (!change.tells) return [cannotTell(`${told}. The difference may be chance (${size}).`, n)]
  return [
    goesAlong(
      `${told}: ${change.value > 0 ? 'better' : 'worse'} (${size}). ${trendWords(each)} Whatever else happened then is in it too.`,
      n,
    ),
  ]
}

function points(value: number): string {
  return `${value < 0 ? '−' : ''}${whole(Math.abs(100 * value))}`
}

function trendWords({ lined }: Compared): string {
  if (!lined) return 'There are too few weeks on end to say what is left when it was already on its way.'
  const side = (value: number) => (value > 0 ? 'above' : 'below')
  return lined.byNow.tells
    ? `It lies ${side(lined.byNow.value)} where the weeks before were heading.`
    : 'Whether it has left the way the weeks before were heading can’t be told.'
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)

function dayWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}`
}
