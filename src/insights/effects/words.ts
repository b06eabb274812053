import { list } from '../../lib/phrases.ts'
import { wilson } from '../../stats/proportions.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { inHundred, whole } from '../findings/finding.ts'
import { shareOf } from '../map/level.ts'
import { neverAfterDays } from './questions.ts'
import type { Comparison, Difference, Effects, Outcome, Source } from './schema.ts'

type Told = Omit<Effects, 'statements'>

/** What the two sides are called: time is late, money and points are otherwise than said. */
function sides({ promise }: Told): { late: string; inTime: string; got: string; gotInTime: string } {
  return promise?.dimension === 'days'
    ? { late: 'late', inTime: 'in time', got: 'got it late', gotInTime: 'in time' }
    : {
        late: 'not as said',
        inTime: 'as said',
        got: 'got something else than was said',
        gotInTime: 'what was said',
      }
}

/** The answer in sentences, none of which says more than the figures. */
export function effectsWords(answer: Told): Statement[] {
  const { promise, counts } = answer
  if (!promise)
    return [
      counted(
        'No promise fell due in this time. Write one down on the page Expectations, or choose another time.',
        0,
      ),
    ]
  if (counts.all === 0) return [counted(`“${promise.name}” was not made in this time.`, 0)]
  return [
    ...howItStands(answer),
    ...answer.comparisons.flatMap((each, index) => [
      ...lateness(each, answer, index === 0),
      ...answer.steps
        .filter(({ outcome }) => outcome === each.outcome)
        .flatMap((step) => shape(step, answer)),
    ]),
    ...whileWaiting(answer),
    ...answer.told.flatMap((each) => beforehand(each, answer)),
    ...better(answer),
    ...saidWhere(answer),
  ]
}

function howItStands(answer: Told): Statement[] {
  const { promise, counts } = answer
  const decided = counts.kept + counts.late + counts.neverCame + counts.awaited
  if (decided === 0)
    return [
      counted(
        `“${promise?.name}” was made ${counts.all === 1 ? 'once' : `${whole(counts.all)} times`} and has not been decided yet.`,
        counts.all,
      ),
    ]
  const parts = [
    ...(counts.late > 0 ? [`${whole(counts.late)} came ${sides(answer).late}`] : []),
    ...(counts.neverCame > 0
      ? [`${whole(counts.neverCame)} had not come ${neverAfterDays} days after they were due`]
      : []),
    ...(counts.awaited > 0 ? [`${whole(counts.awaited)} are overdue and may still come`] : []),
  ]
  const kept =
    decided < 10 ? `${whole(counts.kept)} of ${whole(decided)}` : `${inHundred(wilson(counts.kept, decided))}`
  return [
    counted(`“${promise?.name}” held for ${kept}${parts.length > 0 ? `; ${list(parts)}` : ''}.`, decided),
  ]
}

/** Came late against came in time; `full`: with what equals are the same in. */
export function lateness(each: Comparison, answer: Told, full: boolean): Statement[] {
  const n = each.of.n + each.against.n
  const { late, inTime, got, gotInTime } = sides(answer)
  if (each.raw === null)
    return [
      cannotTell(
        each.outcome === 'rating'
          ? `Whether it goes along with worse ratings can’t be told: ${whole(each.of.n)} rated it after it came ${late} and ${whole(each.against.n)} after it came ${inTime}; at least 10 of each are needed.`
          : `Whether customers come back less can't be told: of those followed for ${whole(answer.horizon)} days ${whole(each.of.n)} ${got} and ${whole(each.against.n)} ${gotInTime}, and ${each.because}.`,
        n,
      ),
    ]
  const [of, against] = [
    figure(each.outcome, each.of.value ?? 0),
    figure(each.outcome, each.against.value ?? 0),
  ]
  const seen =
    each.outcome === 'rating'
      ? `Once it was there, customers who ${got} gave ${of} stars and the others ${against}: ${off(each.outcome, each.raw)}.`
      : `Within ${whole(answer.horizon)} days after it came, ${of} in 100 of those who ${got} bought again and ${against} of the others: ${off(each.outcome, each.raw)}.`
  return [known(each, `${seen} ${amongEquals(each, full)}`)]
}

/** A difference that is not left among equals (or, where those can't be told, was not there) is none that is known. */
function known(each: Comparison, text: string): Statement {
  const n = each.of.n + each.against.n
  return (each.adjusted ?? each.raw)?.tells ? goesAlong(text, n) : cannotTell(text, n)
}

function amongEquals(each: Comparison, full: boolean): string {
  if (!each.adjusted) return `Among equals nothing can be told, because ${each.because}.`
  const same = full && each.adjustedFor.length > 0 ? ` (the same in ${list(each.adjustedFor)})` : ''
  return each.adjusted.tells
    ? `Among equals${same} it is ${off(each.outcome, each.adjusted)}.`
    : `${noneLeft(each, `Among equals${same}`)} (${span(each.outcome, each.adjusted)}).`
}

function shape(each: Effects['steps'][number], answer: Told): Statement[] {
  if (!each.step || each.cap === null) return []
  const days = answer.promise?.dimension === 'days'
  if (!each.step.tells)
    return [
      cannotTell(
        `Whether ${each.outcome === 'rating' ? 'ratings break' : 'coming back breaks'} at the promise itself can't be told: the step there is anything from ${span(each.outcome, each.step)}.`,
        each.n,
      ),
    ]
  const slope = !days
    ? ''
    : each.slope?.tells === true
      ? `; each day beyond, up to ${whole(each.cap)}, with ${off(each.outcome, each.slope, 3)}`
      : '; beyond it, no more is lost day by day that we can see'
  return [
    goesAlong(
      `${each.outcome === 'rating' ? 'Ratings break' : 'Coming back breaks'} at the promise: among equals, being ${sides(answer).late} at all goes along with ${off(each.outcome, each.step)}${slope}.`,
      each.n,
    ),
  ]
}

function whileWaiting({ moments }: Told): Statement[] {
  const waiting = moments.find(({ moment }) => moment === 'still waiting')
  const never = moments.find(({ moment }) => moment === 'never came')
  const said = (n: number, value: number | null) =>
    n < 10 || value === null ? `${whole(n)} answers` : `${whole(n)} answers, ${value.toFixed(2)} stars`
  const parts = [
    ...(waiting ? [`written while it was overdue (${said(waiting.rating.n, waiting.rating.value)})`] : []),
    ...(never ? [`written when it never came (${said(never.rating.n, never.rating.value)})`] : []),
  ]
  if (parts.length === 0) return []
  return [
    counted(
      `What was ${list(parts)} is about the waiting and is not counted above, where only what came is judged.`,
      (waiting?.rating.n ?? 0) + (never?.rating.n ?? 0),
    ),
  ]
}

/** Told beforehand against not told, of those whose first word did not hold. */
export function beforehand(each: Comparison, answer: Told): Statement[] {
  const n = each.of.n + each.against.n
  if (each.raw === null)
    return each.outcome !== 'unhappy' || n === 0
      ? []
      : [
          cannotTell(
            `Whether telling customers beforehand helps can't be told: ${whole(each.of.n)} whose promise did not hold were told and ${whole(each.against.n)} were not; at least 10 of each are needed.`,
            n,
          ),
        ]
  const [told, untold] = [
    figure(each.outcome, each.of.value ?? 0),
    figure(each.outcome, each.against.value ?? 0),
  ]
  const seen = {
    unhappy: `When it would not hold, ${told} in 100 of those who were told beforehand complained or showed worse, and ${untold} of those who were not told`,
    rating: `Told beforehand they gave ${told} stars once it came, not told ${untold}`,
    cameBack: `Within ${whole(answer.horizon)} days ${told} in 100 of those who were told bought again, and ${untold} of the others`,
  }[each.outcome]
  return [known(each, `${seen}: ${off(each.outcome, each.raw)}. ${equallyLate(each)}`)]
}

function noneLeft({ raw }: Comparison, among: string): string {
  return raw?.tells === false
    ? `${among} there is none either`
    : `${among} no difference is left that we can see`
}

function equallyLate(each: Comparison): string {
  if (!each.adjusted) return `Among equals nothing can be told, because ${each.because}.`
  return each.adjusted.tells
    ? `Among equals who waited as long and were as late it is ${off(each.outcome, each.adjusted)}.`
    : `${noneLeft(each, 'Among equals who were as late')} (${span(each.outcome, each.adjusted)}).`
}

function better({ exceeded, counts, promise }: Told): Statement[] {
  if (counts.exceeded === 0)
    return promise?.exceededBy === null
      ? [cannotTell('Nothing counts as better than said: the promise names no margin for that.', 0)]
      : []
  return exceeded.flatMap((each) => {
    const n = each.of.n + each.against.n
    if (each.raw === null) return []
    const what = each.outcome === 'rating' ? 'ratings' : 'coming back'
    const known = each.adjusted ?? each.raw
    const how = each.adjusted ? 'among equals' : 'as it is, not among equals'
    return known.tells
      ? [
          goesAlong(
            `Better than said goes along with ${what}: ${off(each.outcome, known)} than just in time, ${how}.`,
            n,
          ),
        ]
      : [
          cannotTell(
            `Better than said shows no difference in ${what} against just in time (${span(each.outcome, known)}, ${how}).`,
            n,
          ),
        ]
  })
}

function saidWhere({ sources }: Told): Statement[] {
  const worse = sources.filter(({ adjusted }) => adjusted?.tells && adjusted.value < 0)
  const best = sources.filter(({ adjusted }) => adjusted?.tells && adjusted.value > 0)
  const compared = sources.filter(({ adjusted }) => adjusted !== null)
  const told = [...worse, ...best].map((each) => {
    const share = shareOf(each.held)
    const days =
      each.promised === null || each.took === null
        ? ''
        : ` It says ${whole(each.promised)} days (the middle one); ${whole(each.took)} are taken.`
    return goesAlong(
      `What ${sourceWords(each)} says holds ${share ? inHundred(share, ' times') : ''} by its first word: among equals ${off('cameBack', each.adjusted as Difference)} than what is said elsewhere.${days}`,
      each.held.n,
    )
  })
  if (told.length > 0 || compared.length < 2) return told
  return [
    cannotTell(
      'No place where it is said sets expectations that hold more or less often than the others, as far as we can see.',
      compared.reduce((sum, { held }) => sum + held.n, 0),
    ),
  ]
}

const kindWords: Record<Source['kind'], string> = {
  ad: 'an ad',
  page: 'the website',
  proposal: 'a proposal',
  person: 'a person',
  contract: 'the contract',
  message: 'a message',
  order: 'the order',
  other: 'another place',
}

function sourceWords({ kind, name }: Source): string {
  return name === null ? kindWords[kind] : `“${name}” (${kindWords[kind]})`
}

function figure(outcome: Outcome, value: number): string {
  return outcome === 'rating' ? value.toFixed(2) : whole(100 * value)
}

/** "0.60 stars less (0.27 to 0.93)", "9 in 100 fewer (6 to 12)", "no difference that we can see (…)". */
function off(outcome: Outcome, { value, low, high, tells }: Difference, digits = 2): string {
  if (!tells) return `no difference that we can see (${span(outcome, { value, low, high, tells })})`
  const size = (each: number) =>
    outcome === 'rating'
      ? Math.abs(each).toFixed(digits)
      : digits > 2
        ? (100 * Math.abs(each)).toFixed(1)
        : whole(100 * Math.abs(each))
  const [near, far] = value < 0 ? [high, low] : [low, high]
  const less =
    outcome === 'rating'
      ? value < 0
        ? 'stars less'
        : 'stars more'
      : value < 0
        ? 'in 100 fewer'
        : 'in 100 more'
  return `${size(value)} ${less} (${size(near)} to ${size(far)})`
}

function span(outcome: Outcome, { low, high }: Difference): string {
  const signed = (value: number) => {
    const text = outcome === 'rating' ? Math.abs(value).toFixed(2) : whole(Math.abs(100 * value))
    return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`
  }
  return `${signed(low)} to ${signed(high)} ${outcome === 'rating' ? 'stars' : 'in 100'}`
}
