// Where journeys lead, in sentences: how many get there, what passing goes along with, where others go.
import { waited } from '../../lib/phrases.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { whole } from '../findings/finding.ts'
import { fewestAnswers } from '../map/level.ts'
import type { Flows } from './schema.ts'

type Answer = Pick<Flows, 'case' | 'touchpoints' | 'conversion' | 'passing' | 'compared'>

/** @param name of a touchpoint, in quotation marks */
export function leadingWords(answer: Answer, name: (id: number) => string): Statement[] {
  const them = answer.case === 'purchase' ? 'purchases' : 'customers'
  const goal = answer.conversion?.goal
  const there = goal === 'sale' ? 'a sale' : goal === undefined ? '' : name(goal)
  return [
    ...conversionWords(answer, { name, them, there }),
    ...passingWords(answer, { name, there }),
    ...comparedWords(answer, { name, them, there }),
  ]
}

interface Named {
  name: (id: number) => string
  them: string
  there: string
}

function conversionWords({ conversion }: Answer, { name, them, there }: Named): Statement[] {
  if (!conversion) return []
  const { n, share, between, start } = conversion
  if (!share)
    return [
      cannotTell(
        `${whole(n)} ${them} came to ${name(start)}; at least ${fewestAnswers} are needed to say how many go on to ${there}.`,
        n,
      ),
    ]
  const days = Math.min(conversion.withinDays, Math.ceil(conversion.followedDays))
  const took =
    between.n >= fewestAnswers && between.medianSeconds !== null && between.p90Seconds !== null
      ? ` Half of those who get there take at most ${waited(between.medianSeconds)}, nine in ten ${waited(between.p90Seconds)}.`
      : ''
  return [
    counted(`From ${name(start)}, ${inHundred(share)} get to ${there} within ${whole(days)} days.${took}`, n),
  ]
}

function passingWords({ passing }: Answer, { name, there }: Pick<Named, 'name' | 'there'>): Statement[] {
  if (!passing || passing.entered === 0) return []
  const after = waited(passing.landmarkDays * 86_400)
  const asked =
    passing.through === null ? undefined : passing.steps.find((step) => step.touchpoint === passing.through)
  const told = passing.steps.filter((step) => step.amongEquals?.tells)
  const shown = asked ? [asked] : told.slice(0, 3)
  if (passing.through !== null && !asked)
    return [
      cannotTell(
        `Too few had passed ${name(passing.through)} ${after} after the start, or too few had not: at least ${fewestAnswers} of each are needed, of ${whole(passing.open)} who were still open.`,
        passing.open,
      ),
    ]
  if (shown.length === 0)
    return [
      cannotTell(
        `No touchpoint passed in the first ${after} is known to go along with getting to ${there} more or less often, among the ${whole(passing.open)} who were not there yet.`,
        passing.open,
      ),
    ]
  return shown.map((step) => {
    const { amongEquals } = step
    if (!amongEquals?.tells)
      return cannotTell(
        `Whether passing ${name(step.touchpoint)} goes along with getting to ${there} can’t be told: ${
          amongEquals
            ? `among those met equally often else the difference lies between ${points(amongEquals.low)} and ${points(amongEquals.high)} in 100`
            : 'there are no equals to compare with'
        }.`,
        passing.open,
      )
    const more = amongEquals.value > 0
    const [near, far] = more ? [amongEquals.low, amongEquals.high] : [-amongEquals.high, -amongEquals.low]
    return goesAlong(
      `Of those not there yet after ${after}, who had passed ${name(step.touchpoint)} got to ${there} ${more ? 'more' : 'less'} often: ${whole(100 * Math.abs(amongEquals.value))} in 100 ${more ? 'more' : 'fewer'} (${whole(100 * near)} to ${whole(100 * far)}) than others met equally often else.`,
      passing.open,
    )
  })
}

function comparedWords({ compared, conversion }: Answer, { name, them, there }: Named): Statement[] {
  if (!compared) return []
  const other = compared.others ? 'everybody else' : 'the others'
  if (compared.cases === 0)
    return [cannotTell(`There is nobody to compare with: no ${them} on their side.`, 0)]
  const edges = compared.edges.filter((edge) => edge.tells)
  const [first] = edges
  const share = (of: { value: number | null }) => whole(100 * (of.value ?? 0))
  const difference = compared.conversionDifference
  return [
    ...(compared.both > 0
      ? [
          counted(
            `${whole(compared.both)} customers are in both; what differs is understated.`,
            compared.both,
          ),
        ]
      : []),
    first
      ? goesAlong(
          `${whole(edges.length)} of ${whole(compared.edges.length)} ways that can be compared differ from ${other}. Most of all: after ${name(first.from)}, ${share(first.here)} in 100 here go on to ${name(first.to)}, ${share(first.there)} of ${other}.`,
          first.here.n + first.there.n,
        )
      : cannotTell(
          `No way is known to be taken more or less often than by ${other}: ${whole(compared.edges.length)} could be compared.`,
          compared.cases,
        ),
    ...(difference && conversion
      ? [
          difference.tells
            ? goesAlong(
                `${difference.value > 0 ? 'More' : 'Fewer'} get from ${name(conversion.start)} to ${there}: ${whole(100 * Math.abs(difference.value))} in 100 ${difference.value > 0 ? 'more' : 'fewer'} than of ${other}.`,
                conversion.n,
              )
            : cannotTell(
                `Whether more get from ${name(conversion.start)} to ${there} than of ${other} can’t be told: the difference lies between ${points(difference.low)} and ${points(difference.high)} in 100.`,
                conversion.n,
              ),
        ]
      : []),
  ]
}

function inHundred(share: { value: number; low: number; high: number }): string {
  return `${whole(100 * share.value)} in 100 (${whole(100 * share.low)} to ${whole(100 * share.high)})`
}

/** "−3", "12" */
function points(share: number): string {
  return `${share < 0 ? '−' : ''}${whole(Math.abs(100 * share))}`
}
