import { count, waited } from '../../lib/phrases.ts'
import { counted, type Statement } from '../asking/statement.ts'
import { whole } from '../findings/finding.ts'
import { leadingWords } from './leading-words.ts'
import type { Flows } from './schema.ts'

type Answer = Omit<Flows, 'statements'>

/** The answer in sentences, none of which says more than the figures. */
export function flowsWords(answer: Answer): Statement[] {
  if (answer.cases === 0) return [counted(nothing(answer), 0)]
  return [
    ...next(answer),
    ...ends(answer),
    ...ways(answer),
    ...leadingWords(answer, (id) => `“${nameOf(answer, id)}”`),
  ]
}

function nothing(answer: Answer): string {
  return answer.case === 'purchase'
    ? 'Nothing that was recorded in this time belongs to a purchase and lies on the map.'
    : 'Nobody was met at a touchpoint in this time. Place what comes in on the map first.'
}

function next(answer: Answer): Statement[] {
  const [edge] = answer.edges
  if (!edge)
    return [
      counted(
        `${count(answer.cases, journeyWord(answer), `${journeyWord(answer)}s`)}, each met at one touchpoint only: nothing follows on anything yet.`,
        answer.cases,
      ),
    ]
  const another = answer.edges.find(({ from, to }) => from !== to)
  const { from, to, n, share, medianSeconds, p90Seconds } = another ?? edge
  const way = another
    ? `The commonest way from one touchpoint to another is from “${nameOf(answer, from)}” to “${nameOf(answer, to)}”`
    : `After “${nameOf(answer, from)}” comes only the same again`
  return [
    counted(
      `${way}: ${whole(n)} times (${inAll(share)} of what follows there), half of them within about ${waited(medianSeconds)} and nine in ten within ${waited(p90Seconds)}.`,
      n,
    ),
  ]
}

function ends(answer: Answer): Statement[] {
  const most = (which: 'starts' | 'ends') => answer.touchpoints.toSorted((a, b) => b[which] - a[which])[0]
  const [start, end] = [most('starts'), most('ends')]
  if (!start || !end) return []
  const them = answer.case === 'purchase' ? 'purchases' : 'customers'
  return [
    counted(
      `${whole(answer.cases)} ${them} were followed. Most often the way begins at “${start.name}” (${inAll(start.starts / answer.cases)}), and the last so far is “${end.name}” (${inAll(end.ends / answer.cases)}).`,
      answer.cases,
    ),
  ]
}

function ways(answer: Answer): Statement[] {
  const [first] = answer.ways?.commonest ?? []
  if (!first || !answer.ways) return []
  const { different } = answer.ways
  const names = first.steps.map((id) => nameOf(answer, id)).join(' → ')
  const told = names.length > 160 ? `one of ${whole(first.length)} steps` : names
  if (different === 1) return [counted(`All went the same way: ${told}.`, answer.cases)]
  return [
    counted(
      `The commonest of ${whole(different)} different ways was taken by ${whole(first.n)} of ${whole(answer.cases)} (${inAll(first.share)}): ${told}.`,
      answer.cases,
    ),
  ]
}

function nameOf(answer: Pick<Answer, 'touchpoints'>, id: number): string {
  return answer.touchpoints.find((each) => each.id === id)?.name ?? `touchpoint ${id}`
}

function journeyWord(answer: Answer): string {
  return answer.case === 'purchase' ? 'purchase' : 'customer'
}

/** "52 in 100", "under 1 in 100". */
function inAll(share: number): string {
  if (share > 0 && share < 0.005) return 'under 1 in 100'
  return `${whole(100 * share)} in 100`
}
