// What the findings say of broken promises: the answer of the question "effects", in the same sentences, so that
// nobody reads one figure on the home page and another one behind it.
import type { Effects } from '../effects/schema.ts'
import { beforehand, lateness } from '../effects/words.ts'
import { counted, type Figure, type Finder, tenth, whole } from './finding.ts'

const link = '/learn/effects'

/** Fewer answers than this at any of the moments: they are not set side by side. */
const fewestAnswers = 10

/** Told beforehand against not told, of those whose first word did not hold. */
export const toldBeforehand: Finder = async ({ effects }) => {
  const answer = await effects()
  const each = answer.told.find(({ outcome }) => outcome === 'unhappy')
  if (!each?.raw) return null
  const [said] = beforehand(each, answer)
  return said
    ? {
        id: 'told-beforehand',
        claim: said.claim,
        sentence: about(answer, said.text),
        figures: [figureOf('Told beforehand', each.of), figureOf('Not told', each.against)],
        n: each.of.n + each.against.n,
        link,
      }
    : null
}

/** Who came back after a promise was kept, and after it was broken. */
export const backAfterKept: Finder = async ({ effects }) => {
  const answer = await effects()
  const each = answer.comparisons.find(({ outcome }) => outcome === 'cameBack')
  if (!each?.raw) return null
  const [said] = lateness(each, answer, false)
  return said
    ? {
        id: 'back-after-kept',
        claim: said.claim,
        sentence: about(answer, said.text),
        figures: [figureOf('Promise kept', each.against), figureOf('Promise broken', each.of)],
        n: each.of.n + each.against.n,
        link,
      }
    : null
}

/** Answers on late ones: while still waiting, and once it had come. */
export const stillWaiting: Finder = async ({ effects }) => {
  const answer = await effects()
  const stars = (moment: Effects['moments'][number]['moment']) =>
    answer.moments.find((each) => each.moment === moment)?.rating ?? {
      n: 0,
      value: null,
      low: null,
      high: null,
    }
  const [kept, waiting, came] = [stars('in time'), stars('still waiting'), stars('came late')]
  if ([kept, waiting, came].some(({ n }) => n < fewestAnswers)) return null
  const say = ({ value, low, high }: typeof kept) =>
    `${tenth(value ?? 0)} (${tenth(low ?? 0)} to ${tenth(high ?? 0)})`
  return {
    id: 'still-waiting',
    claim: 'counted',
    sentence: `Of ${counted(waiting.n + came.n, 'answer')} on late ones, ${whole(waiting.n)} were given while still waiting: ${say(waiting)} stars. The ${whole(came.n)} given after it came: ${say(came)}. In time: ${say(kept)}.`,
    figures: [
      { ...figureOf('Still waiting', waiting), unit: 'stars' },
      { ...figureOf('Came late', came), unit: 'stars' },
      { ...figureOf('In time', kept), unit: 'stars' },
    ],
    n: waiting.n + came.n,
    link,
  }
}

/** With the name of the promise before it: beside other findings nobody knows which is meant. */
function about({ promise }: Effects, sentence: string): string {
  return promise ? `“${promise.name}”: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence
}

function figureOf(
  name: string,
  { value, low, high, n }: { value: number | null; low: number | null; high: number | null; n: number },
): Figure {
  return { name, value: value ?? 0, low, high, n, unit: 'share' }
}
