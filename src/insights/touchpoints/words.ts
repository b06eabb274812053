import { list } from '../../lib/phrases.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { inHundred, tenth, whole } from '../findings/finding.ts'
import { criteriaWords } from './criteria-words.ts'
import type { Estimated, Model } from './estimate.ts'
import type { Outcome, Spans } from './outcome.ts'
import type { OutcomeWords } from './outcome-words.ts'
import type { Compared, Difference, TouchpointRelation, Touchpoints } from './schema.ts'

type Answer = Omit<Touchpoints, 'statements'>

/** The answer in sentences, none of which says more than the figures. */
export function touchpointWords(answer: Answer, words: OutcomeWords): Statement[] {
  if (answer.n === 0) return [nobody(answer), ...leftOut(answer)]
  const told = findings(answer)
  return [
    ...(told.length > 0
      ? told.slice(0, most).map((each) => found(each, answer, words))
      : nothingFound(answer, words)),
    ...(answer.criteria ? criteriaWords(answer.criteria, words) : []),
    ...base(answer, words),
    ...exposed(answer, words),
    ...corners(answer, words),
    ...explained(answer, words),
    ...leftOut(answer),
    ...membership(answer),
    ...tooThin(answer),
  ]
}

const most = 4
const mostNamed = 4

interface Found {
  touchpoint: TouchpointRelation
  what: 'meeting' | 'feeling'
  difference: Difference
  compared: Compared
}

/** Differences between equals that would hardly come by chance among so many, the largest first. */
export function findings(answer: Answer): Found[] {
  return answer.touchpoints
    .flatMap((touchpoint) =>
      (['meeting', 'feeling'] as const).flatMap((what): Found[] => {
        const compared = touchpoint[what]
        return compared.equals && compared.p !== null && compared.p < 0.05
          ? [{ touchpoint, what, difference: compared.equals, compared }]
          : []
      }),
    )
    .toSorted((a, b) => Math.abs(b.difference.value) - Math.abs(a.difference.value))
}

function found(
  { touchpoint, what, difference, compared }: Found,
  answer: Answer,
  words: OutcomeWords,
): Statement {
  const { name } = touchpoint
  const who = what === 'meeting' ? `Customers who met “${name}”` : `Customers who felt well at “${name}”`
  const against = what === 'meeting' ? 'than equals who did not' : 'than equals who felt badly there'
  const plain = compared.plain ? `; ${amount(compared.plain.value, answer)} as counted` : ''
  return goesAlong(
    `${who} ${did(difference, answer, words)} ${against} (${span(difference, answer)}${plain}).`,
    answer.n,
  )
}

/** "came back 11 in 100 more often", "rated 0.31 better" */
function did(difference: { value: number }, answer: Answer, words: OutcomeWords): string {
  if (answer.outcome.kind === 'rating')
    return `rated ${amount(difference.value, answer)} ${difference.value > 0 ? 'better' : 'worse'} later`
  return `${words.did} ${amount(difference.value, answer)} ${difference.value > 0 ? 'more' : 'less'} often`
}

function amount(value: number, answer: Answer): string {
  const size = Math.abs(value)
  if (answer.outcome.kind === 'rating') return size.toFixed(2)
  return `${size < 0.0995 ? tenth(100 * size) : whole(100 * size)} in 100`
}

/** The interval in the direction of the difference: "8 to 14", "−1 to 3". */
function span({ value, low, high }: Difference, answer: Answer): string {
  const [near, far] = value < 0 ? [-high, -low] : [low, high]
  const shown = (each: number) =>
    answer.outcome.kind === 'rating'
      ? each.toFixed(2)
      : Math.abs(each) < 0.0995
        ? tenth(100 * each)
        : whole(100 * each)
  return `${minus(shown(near))} to ${minus(shown(far))}`
}

function minus(text: string): string {
  return text.replace('-', '−')
}

function nothingFound(answer: Answer, words: OutcomeWords): Statement[] {
  return [
    cannotTell(
      `Between equals, no touchpoint goes along with ${words.noun} so clearly that it could not be chance.`,
      answer.n,
    ),
  ]
}

function base({ outcome, n }: Answer, words: OutcomeWords): Statement[] {
  if (outcome.value === null || outcome.low === null || outcome.high === null)
    return [cannotTell(`Only ${whole(n)} could be followed; at least 10 are needed to name a rate.`, n)]
  if (outcome.kind === 'rating')
    return [
      counted(
        `What ${whole(n)} customers said ${words.when} was ${outcome.value.toFixed(2)} on average (${minus(outcome.low.toFixed(2))} to ${minus(outcome.high.toFixed(2))}; −1 is bad, 1 is good).`,
        n,
      ),
    ]
  const share = { hits: 0, n, value: outcome.value, low: outcome.low, high: outcome.high }
  return [
    counted(
      `Of ${whole(n)} buyers who could be followed, ${inHundred(share)} ${words.did} ${words.when}.`,
      n,
    ),
  ]
}

/** Differences that fall away between equals: the largest in full, the others by name. */
function exposed(answer: Answer, words: OutcomeWords): Statement[] {
  const size = ({ meeting }: TouchpointRelation) => Math.abs(meeting.plain?.value ?? 0)
  const found = answer.touchpoints
    .filter(({ decoy }) => decoy)
    .toSorted((a, b) => Number(b.by === 'us') - Number(a.by === 'us') || size(b) - size(a))
  const [first, ...others] = found
  const { plain, equals: left } = first?.meeting ?? {}
  if (!first || !plain || !left) return []
  const why =
    first.decoy === 'busy'
      ? 'but so do all busy customers'
      : 'but they differ from the others in more than that'
  const same = others.slice(0, mostNamed).map(({ name }) => `“${name}”`)
  const more = others.length > same.length ? [`${others.length - same.length} more`] : []
  return [
    goesAlong(
      `Customers who met “${first.name}” ${did(plain, answer, words)} (${span(plain, answer)}), ${why}: compared with equals, nothing is left that could be told from chance (${span({ ...left, value: plain.value }, answer)}).${same.length > 0 ? ` The same holds for ${list([...same, ...more])}.` : ''}`,
      answer.n,
    ),
  ]
}

const cornerWords = {
  mend: (names: string, many: boolean) =>
    `${names} ${many ? 'matter' : 'matters'} and ${many ? 'go' : 'goes'} badly: mend first.`,
  keep: (names: string, many: boolean) =>
    `${names} ${many ? 'matter' : 'matters'} and ${many ? 'go' : 'goes'} well: keep it so.`,
} as const

function corners(answer: Answer, words: OutcomeWords): Statement[] {
  return (['mend', 'keep'] as const).flatMap((corner) => {
    const here = answer.touchpoints.filter(({ quadrant }) => quadrant === corner)
    if (here.length === 0) return []
    const names = list(here.slice(0, 5).map(({ name }) => `“${name}”`))
    return [goesAlong(`For ${words.noun}, ${cornerWords[corner](names, here.length > 1)}`, answer.n)]
  })
}

function explained(answer: Answer, words: OutcomeWords): Statement[] {
  const { explained: shares, n } = answer
  if (!shares) return []
  if (answer.model.kind === 'logistic')
    return [
      goesAlong(
        `Knowing what customers met takes away ${tenth(100 * Math.max(0, shares.touchpoints))} % of the doubt about ${words.noun} (McFadden’s R²); most of it stays.`,
        n,
      ),
    ]
  return [
    goesAlong(
      `All touchpoints together go along with ${tenth(100 * Math.max(0, shares.touchpoints))} % of the differences between customers in ${words.noun}; most of what makes them differ is not in what they met.`,
      n,
    ),
  ]
}

function nobody({ outcome }: Answer): Statement {
  return counted(
    outcome.kind === 'renewal'
      ? 'Nobody in this time bought something with a date of renewal that could be followed to it.'
      : 'Nobody in this time bought and could be followed for long enough.',
    0,
  )
}

function leftOut({ funnel, n, early, outcome, spans }: Answer): Statement[] {
  const [all, ...rest] = funnel
  const out = rest.filter((step) => step.name !== 'counted' && step.n > 0)
  if (!all || all.n === 0) return []
  const reasons = list(out.map((step) => `${whole(step.n)} ${step.words}`))
  const already =
    early > 0
      ? ` ${whole(early)} had ${outcome.kind === 'referral' ? 'brought somebody' : 'come back'} by day ${spans.landmark} already; they stay in, and only what came after counts.`
      : ''
  return [
    counted(
      `${whole(all.n)} buyers → ${whole(n)} counted${out.length > 0 ? `: ${reasons}` : ''}.${already}`,
      all.n,
    ),
  ]
}

function membership({ outcome }: Answer): Statement[] {
  if (outcome.kind !== 'segment') return []
  return [
    cannotTell(
      'Who belongs to the segment is known as of today only: they may have come to belong to it before they met what it is compared with.',
    ),
  ]
}

function tooThin(answer: Answer): Statement[] {
  const thin = answer.touchpoints.filter(({ cannotTell: reason, met }) => reason && met.hits > 0)
  if (thin.length === 0) return []
  const shown = thin
    .slice(0, 5)
    .map(({ name, cannotTell: reason }) =>
      reason?.needed
        ? `“${name}” (${reason.words}; about ${whole(roughly(reason.needed))} needed)`
        : `“${name}” (${reason?.words})`,
    )
  const more = thin.length - shown.length
  return [
    cannotTell(
      `Nothing can be told of ${list([...shown, ...(more > 0 ? [`${more} more`] : [])])}.`,
      answer.n,
    ),
  ]
}

/** To two digits: a plan, not a measurement. */
export function roughly(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1)
  return Math.round(value / step) * step
}

/** From all buyers to those that were counted. */
export function funnelOf({ n, leftOut: out }: Estimated, outcome: Outcome['kind'], spans: Spans) {
  const steps = [
    {
      name: 'too-recent',
      words:
        outcome === 'renewal'
          ? 'whose date of renewal has not come yet'
          : `bought too recently to be followed for ${outcome === 'segment' ? spans.landmark : spans.landmark + spans.horizon} days`,
      n: out.tooRecent,
    },
    { name: 'unanswered', words: 'gave no answer in the time after', n: out.unanswered },
    {
      name: 'too-early',
      words: `came to their date, or ended, before day ${spans.landmark}`,
      n: out.tooEarly,
    },
  ]
  const all = n + out.tooRecent + out.unanswered + out.tooEarly
  return [
    { name: 'buyers', words: 'buyers', n: all },
    ...steps.filter((step) => step.n > 0),
    { name: 'counted', words: 'counted', n },
  ]
}

/** What equals are equal in, in words. */
export function controlWords({ activity, period }: Estimated, names: ReadonlyMap<number, string>): string[] {
  const busy = activity.touchpoints.map((id) => `“${names.get(id) ?? ''}”`)
  return [
    'what they paid',
    `the ${period} in which they bought`,
    'the channel they first came by',
    'whether they had bought before, are a company, or were sent by somebody',
    ...(busy.length > 0
      ? [
          `how busy they are (how often they came to ${list(busy.slice(0, 4))}${busy.length > 4 ? ' and others' : ''} before the sale, with what is chance in such a count taken off)`,
        ]
      : []),
    'what they met before it on the map',
  ]
}

/** How it was weighed, and what that says. */
export function modelWords(
  { used, asked }: { used: Model; asked: Model },
  yesNo: boolean,
  { separated }: Estimated,
): string {
  if (!yesNo)
    return asked === 'logistic'
      ? 'Ratings have no odds: they were weighed as they are.'
      : 'Ratings were weighed as they are, from −1 to 1.'
  if (used === 'linear')
    return 'Weighed in shares: each touchpoint adds so many of 100, whoever the customer is. Easy to read, and as good as odds unless nearly all or nearly none have the outcome.'
  return `Weighed in odds (logistic regression with a ridge of one row of doubt): a touchpoint multiplies the odds, so that it moves those most who could go either way. Differences are what that comes to on average, in 100; importance is a share of McFadden’s R². Both near the one fit of everything, not from a fit for every order of touchpoints.${separated ? ' What is known foretells the outcome without a fault, so only the row of doubt keeps the odds finite: read sizes with care.' : ''}`
}
