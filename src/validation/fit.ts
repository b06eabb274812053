// Finding the weights of the score in a company's past, and judging them on the time after it. Runs in a thread.
import { auc, aucDifference } from '../stats/auc.ts'
import { brier, calibration, calibrationBins } from '../stats/calibration.ts'
import { isTold } from '../stats/cannot-tell.ts'
import { logistic, probabilities, sigmoid } from '../stats/logistic.ts'
import type { Foreteller, Judgement } from './judgement-schema.ts'
import { type Landmarks, landmarksOf, type Past, type Row } from './landmarks.ts'
import { defaultModel, heldBack, ledgerOf, logOddsOf, type ScoreModel } from './score.ts'

export interface Fitted {
  model: ScoreModel
  judgement: Judgement
}

const halfLives = [30, 60, 90, 180, null]
/** Of those who came back and of those who did not, in the time fitted on and in that judged on. */
const leastToFit = 50
const leastToJudge = 30
/** Pulls weights towards 0 as so many customers with no effect would. */
const ridge = 10

/** Too little to fit on or to judge on leaves the weights of the beginning. Never throws for thin data. */
export function fitScore(past: Past): Fitted {
  const nothing = unfitted(past)
  const landmarks = landmarksOf(past)
  if (!isTold(landmarks)) return nothing(landmarks.cannotTell)
  const { rows, dates, horizonDays, oneIn, oneInJudged } = landmarks
  const toFit = rows.filter((row) => row.landmark > 0)
  const toJudge = rows.filter((row) => row.landmark === 0)
  const [fitYes, judgeYes] = [yesOf(toFit), yesOf(toJudge)]
  const horizon = horizonDays * 86_400_000
  const known = {
    horizonDays,
    fitted: {
      n: toFit.length,
      yes: fitYes,
      from: iso(dates.at(-1) ?? past.asOf),
      until: iso((dates[1] ?? past.asOf) + horizon),
      dates: dates.length - 1,
      oneIn,
    },
    judged: {
      n: toJudge.length,
      yes: judgeYes,
      from: iso(dates[0] ?? past.asOf),
      until: iso(past.asOf),
      oneIn: oneInJudged,
    },
  }
  const thin =
    tooThin(toFit.length, fitYes, leastToFit, 'to find the weights on') ??
    tooThin(toJudge.length, judgeYes, leastToJudge, 'to judge them on')
  if (thin) return nothing(thin, known)
  const fits = halfLives.map((days) => fitWith(past, landmarks, toFit, days))
  const [best] = fits.toSorted((a, b) => a.deviance - b.deviance)
  if (!best?.model) return nothing('no weights could be found', known)
  return judge(past, landmarks, toFit, toJudge, best.model, {
    ...nothing('').judgement,
    ...known,
    cannotTell: null,
    halfLives: fits.flatMap(({ days, deviance, model }) => (model ? [{ days, deviance }] : [])),
  })
}

function unfitted(past: Past): (because: string, known?: Partial<Judgement>) => Fitted {
  return (because, known = {}) => ({
    model: defaultModel,
    judgement: {
      claim: 'descriptive',
      comingBack: past.comingBack,
      asOf: Number.isFinite(past.asOf) ? iso(past.asOf) : null,
      horizonDays: null,
      fitted: null,
      judged: null,
      halfLives: [],
      foretellers: [],
      gains: [],
      bins: [],
      fittedModelUsed: false,
      ...known,
      cannotTell: because,
    },
  })
}

function tooThin(n: number, yes: number, least: number, what: string): string | undefined {
  if (yes >= least && n - yes >= least) return undefined
  return `${what} there are ${n.toLocaleString('en')} cases, each a customer at a date: ${yes.toLocaleString('en')} came back and ${(n - yes).toLocaleString('en')} did not, and it takes ${least} of each`
}

interface Tried {
  days: number | null
  deviance: number
  model: ScoreModel | undefined
}

/**
 * The weights of experiences among customers who bought as lately, as often and for as much and of whom as much
 * is known: fresh experiences go along with having bought lately, and who bought lately comes back more by itself.
 */
function fitWith(past: Past, { dates }: Landmarks, rows: Row[], days: number | null): Tried {
  const { felt, known } = columnsOfScore(past, dates, rows, days)
  const found = logistic(
    { n: rows.length, full: [...felt, known, ...purchases(rows)], outcome: outcomes(rows) },
    { ridge, nonNegative: [0, 1, 2, 3, 4] },
  )
  if (!isTold(found)) return { days, deviance: Number.POSITIVE_INFINITY, model: undefined }
  const [good = 0, bad = 0, peak = 0, last = 0, first = 0] = found.coefficients.map(({ value }) => value)
  const model = { halfLifeDays: days, firstBonus: 0, start: 0, good, bad, peak, last, first }
  const felts = logOddsAt(past, dates, rows, model)
  return {
    days,
    deviance: found.deviance,
    model: { ...model, start: startOf(felts, yesOf(rows) / rows.length) },
  }
}

/** Where everybody begins, so that as many are foretold to come back as did. */
function startOf(logOdds: Float64Array, share: number): number {
  let [low, high] = [-40, 40]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    const foretold = logOdds.reduce((sum, each) => sum + sigmoid(each + middle), 0) / logOdds.length
    if (foretold < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function logOddsAt(past: Past, dates: number[], rows: Row[], model: ScoreModel): Float64Array {
  return Float64Array.from(rows, (row) =>
    logOddsOf(
      ledgerOf(past.pieces, row.from, row.to, dates[row.landmark] as number, model),
      past.pieces.value,
      model,
    ),
  )
}

/** Good, bad (as a minus), strongest, latest and first; and how much is known of any kind. */
function columnsOfScore(past: Past, dates: number[], rows: Row[], days: number | null) {
  const known = new Float64Array(rows.length)
  const columns = Array.from({ length: 5 }, () => new Float64Array(rows.length))
  const [good, bad, peak, last, first] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const { value } = past.pieces
  for (const [i, row] of rows.entries()) {
    const ledger = ledgerOf(past.pieces, row.from, row.to, dates[row.landmark] as number, {
      halfLifeDays: days,
      firstBonus: 0,
    })
    known[i] = ledger.weight / (ledger.weight + heldBack)
    good[i] = ledger.good
    bad[i] = -ledger.bad
    peak[i] = value[ledger.peakAt] as number
    last[i] = value[ledger.lastAt] as number
    first[i] = value[ledger.firstAt] as number
  }
  return { felt: columns, known }
}

/** Sets the score beside what is there without it, on the time after the fit. */
function judge(
  past: Past,
  { dates }: Landmarks,
  toFit: Row[],
  toJudge: Row[],
  model: ScoreModel,
  known: Judgement,
): Fitted {
  const logOdds = (rows: Row[]) => logOddsAt(past, dates, rows, model)
  const lastRating = (rows: Row[]) => [
    Float64Array.from(rows, (row) => row.lastRating),
    Float64Array.from(rows, (row) => row.rated),
  ]
  const meanRating = (rows: Row[]) => [
    Float64Array.from(rows, (row) => row.meanRating),
    Float64Array.from(rows, (row) => row.rated),
  ]
  const outcome = outcomes(toJudge)
  const fittedOn = (columns: (rows: Row[]) => Float64Array[]): Float64Array | undefined => {
    const fit = logistic({ n: toFit.length, full: columns(toFit), outcome: outcomes(toFit) }, { ridge: 1 })
    return isTold(fit)
      ? probabilities({ n: toJudge.length, full: columns(toJudge), outcome }, fit)
      : undefined
  }
  const foretold: Record<Foreteller, Float64Array | undefined> = {
    'base rate': new Float64Array(toJudge.length).fill(yesOf(toFit) / toFit.length),
    'last rating': fittedOn(lastRating),
    'mean rating': fittedOn(meanRating),
    purchases: fittedOn(purchases),
    'purchases and mean rating': fittedOn((rows) => [...purchases(rows), ...meanRating(rows)]),
    score: logOdds(toJudge).map(sigmoid),
    'purchases and score': fittedOn((rows) => [...purchases(rows), logOdds(rows)]),
  }
  const gains = (['purchases', 'purchases and mean rating'] as const).flatMap((over) => {
    const [first, second] = [foretold['purchases and score'], foretold[over]]
    if (!first || !second) return []
    const gain = aucDifference(first, second, outcome)
    return isTold(gain) ? [{ over, ...gain }] : []
  })
  const named = (Object.entries(foretold) as [Foreteller, Float64Array | undefined][]).map(([by, each]) =>
    measured(by, each, outcome),
  )
  const own = named.find((each) => each.by === 'score')?.auc
  // Weights that are in use stay while they tell anything: scores should not jump to and fro at the edge.
  const tells = own != null && (own.low > 0.5 || (past.usedBefore && own.value > 0.5))
  const bins = calibrationBins(foretold.score ?? new Float64Array(), outcome)
  const predictive = tells && own.low > 0.5 && gains.length === 2 && gains.every(({ low }) => low > 0)
  return {
    // Where everybody begins is brought up to what came last; what was judged began where the fit had ended.
    model: tells
      ? {
          ...model,
          start: startOf(
            logOddsAt(past, dates, toJudge, { ...model, start: 0 }),
            yesOf(toJudge) / toJudge.length,
          ),
        }
      : defaultModel,
    judgement: {
      ...known,
      claim: predictive ? 'predictive' : 'descriptive',
      foretellers: named,
      gains,
      bins: isTold(bins) ? bins.map(({ foretold: mean, happened }) => ({ foretold: mean, ...happened })) : [],
      fittedModelUsed: tells,
    },
  }
}

function measured(
  by: Foreteller,
  foretold: Float64Array | undefined,
  outcome: Float64Array,
): Judgement['foretellers'][number] {
  const none = { by, auc: null, brier: null, skill: null, slope: null }
  if (!foretold) return none
  const area = by === 'base rate' ? undefined : auc(foretold, outcome)
  const loss = brier(foretold, outcome)
  const slope = by === 'base rate' ? undefined : calibration(foretold, outcome)
  return {
    by,
    auc: area && isTold(area) ? { value: area.value, low: area.low, high: area.high } : null,
    brier: isTold(loss) ? loss.score.value : null,
    skill: isTold(loss) ? loss.skill : null,
    slope:
      slope && isTold(slope) && slope.slope.low !== null && slope.slope.high !== null
        ? { value: slope.slope.value, low: slope.slope.low, high: slope.slope.high }
        : null,
  }
}

/** How lately (with a bend: nobody comes back the day after), how often, for how much. */
function purchases(rows: Row[]): Float64Array[] {
  return [
    Float64Array.from(rows, (row) => Math.log1p(row.recencyDays)),
    Float64Array.from(rows, (row) => Math.log1p(row.recencyDays) ** 2),
    Float64Array.from(rows, (row) => Math.log(row.sales)),
    Float64Array.from(rows, (row) => Math.log1p(Math.max(0, row.minor))),
  ]
}

function outcomes(rows: Row[]): Float64Array {
  return Float64Array.from(rows, (row) => row.outcome)
}

function yesOf(rows: Row[]): number {
  return rows.reduce((sum, row) => sum + row.outcome, 0)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
