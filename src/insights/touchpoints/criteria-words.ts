import { list } from '../../lib/phrases.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { tenth, whole } from '../findings/finding.ts'
import type { OutcomeWords } from './outcome-words.ts'
import type { Criteria, Criterion } from './schema.ts'

const most = 3

/** Choosing against being validated, in sentences; first who was compared, as all else hangs on it. */
export function criteriaWords(criteria: Criteria, words: OutcomeWords): Statement[] {
  return [...found(criteria, words), ...populations(criteria, words)]
}

function found(criteria: Criteria, words: OutcomeWords): Statement[] {
  const { cannotTell: reason, choosing, validated } = criteria
  const n = Math.min(choosing.n, validated.n)
  if (reason) {
    const what = { choosing: 'choosing', validated: words.noun, both: `choosing or ${words.noun}` }[
      reason.words
    ]
    return [
      cannotTell(
        `Whether choosing hangs on other things than ${words.noun} can’t be told: of ${what}, ${reason.why}${reason.needed === null ? '' : ` (about ${whole(reason.needed)} needed)`}.`,
        n,
      ),
      ...mostInChoosing(criteria),
    ]
  }
  const surely = criteria.touchpoints
    .flatMap((each) => (each.difference?.tells ? [{ ...each, difference: each.difference }] : []))
    .toSorted((a, b) => Math.abs(b.difference.value) - Math.abs(a.difference.value))
  if (surely.length === 0)
    return [
      cannotTell(
        `No touchpoint before the sale weighs so differently in choosing and in ${words.noun} that it could not be chance.`,
        n,
      ),
    ]
  const rest = surely.slice(most).map(({ name }) => `“${name}”`)
  return [
    ...surely.slice(0, most).map((each) => weighs(each, words, n)),
    ...(rest.length > 0 ? [goesAlong(`So do ${list(rest)}.`, n)] : []),
  ]
}

/** What choosing hangs on by itself, where there is nothing to set it against. */
function mostInChoosing({ touchpoints, choosing }: Criteria): Statement[] {
  const surely = touchpoints
    .flatMap(({ name, choosing: weight }) => (weight && weight.low > 0 ? [{ name, ...weight }] : []))
    .toSorted((a, b) => b.value - a.value)
    .slice(0, most)
    .map(
      ({ name, value, low, high }) =>
        `“${name}” (${whole(100 * value)} %, ${whole(100 * low)} to ${whole(100 * high)})`,
    )
  if (surely.length === 0) return []
  return [
    goesAlong(
      `Of what touchpoints before the sale go along with in choosing, most falls to ${list(surely)}.`,
      choosing.n,
    ),
  ]
}

function weighs(
  { name, choosing, validated, difference }: Criterion & { difference: NonNullable<Criterion['difference']> },
  words: OutcomeWords,
  n: number,
): Statement {
  const percent = (value: number | undefined) => `${whole(100 * Math.max(0, value ?? 0))} %`
  const [more, less] = difference.value > 0 ? ['choosing', words.noun] : [words.noun, 'choosing']
  const [high, low] = difference.value > 0 ? [choosing, validated] : [validated, choosing]
  const [near, far] =
    difference.value > 0 ? [difference.low, difference.high] : [-difference.high, -difference.low]
  return goesAlong(
    `“${name}” weighs more in ${more} than in ${less}: ${percent(high?.value)} against ${percent(low?.value)} of what touchpoints before the sale go along with (${whole(100 * near)} to ${whole(100 * far)} points more).`,
    n,
  )
}

function populations({ choosing, validated, spans }: Criteria, words: OutcomeWords): Statement[] {
  const end = spans.landmark + spans.horizon
  const bought = choosing.share === null ? '' : `, of whom ${rate(choosing.share)} bought by day ${end}`
  const did = validated.share === null ? '' : `, of whom ${rate(validated.share)} ${words.did} ${words.when}`
  return [
    counted(
      `Choosing: ${whole(choosing.n)} who asked or were courted and had not bought by day ${spans.landmark} after their first touch${bought}; ${whole(choosing.already)} had bought by then and ${whole(choosing.tooRecent)} can’t be followed so long yet. Being validated: ${whole(validated.n)} buyers${did}. In both only what was met before the sale and by the landmark counts, so that nobody who had longer to meet things seems moved by them.`,
      choosing.n + validated.n,
    ),
  ]
}

function rate({ value }: { value: number | null }): string {
  return `${tenth(100 * (value ?? 0))} in 100`
}
