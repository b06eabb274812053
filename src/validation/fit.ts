// Finding the weights of the score in a company's past, and judging them on the time after it. Runs in a thread.
import { auc, aucDifference } from '../stats/auc.ts'
import { brier, calibration, calibrationBins } from '../stats/calibration.ts'
import { isTold } from '../stats/cannot-tell.ts'
import { type Logistic, logistic, probabilities, sigmoid } from '../stats/logistic.ts'
import type { Foreteller, Judgement } from './judgement-schema.ts'
import { type Landmarks, landmarksOf, type Past, type Row } from './landmarks.ts'
import { defaultModel, ledgerOf, logOddsOf, type ScoreModel } from './score.ts'

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
  const { rows, dates, horizonDays, oneIn } = landmarks
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
    },
  }
  const thin =
    tooThin(toFit.length, fitYes, leastToFit, 'to find the weights on') ??
    tooThin(toJudge.length, judgeYes, leastToJudge, 'to judge them on')
  if (thin) return nothing(thin, known)
  const fits = halfLives.map((days) => fitWith(past, landmarks, toFit, days))
  const best = fits
    .filter((fit) => fit.logistic !== undefined)
    .toSorted((a, b) => (a.logistic?.deviance ?? 0) - (b.logistic?.deviance ?? 0))[0]
  if (!best?.logistic) return nothing('no weights could be found', known)
  return judge(past, landmarks, toFit, toJudge, modelOf(best.logistic, best.days), {
    ...nothing('').judgement,
    ...known,
    cannotTell: null,
    halfLives: fits.flatMap(({ days, logistic: fit }) => (fit ? [{ days, deviance: fit.deviance }] : [])),
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
  logistic: Logistic | undefined
}

function fitWith(past: Past, { dates }: Landmarks, rows: Row[], days: number | null): Tried {
  const found = logistic(
    { n: rows.length, full: columnsOfScore(past, dates, rows, days), outcome: outcomes(rows) },
    { ridge, nonNegative: [0, 1, 2, 3, 4] },
  )
  return { days, logistic: isTold(found) ? found : undefined }
}

/** Good, bad (as a minus), strongest, latest and first. */
function columnsOfScore(past: Past, dates: number[], rows: Row[], days: number | null): Float64Array[] {
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
    good[i] = ledger.good
    bad[i] = -ledger.bad
    peak[i] = value[ledger.peakAt] as number
    last[i] = value[ledger.lastAt] as number
    first[i] = value[ledger.firstAt] as number
  }
  return columns
}

function modelOf({ intercept, coefficients }: Logistic, halfLifeDays: number | null): ScoreModel {
  const [good = 0, bad = 0, peak = 0, last = 0, first = 0] = coefficients.map(({ value }) => value)
  return { halfLifeDays, firstBonus: 0, start: intercept.value, good, bad, peak, last, first }
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
  const logOdds = (rows: Row[]) =>
    Float64Array.from(rows, (row) =>
      logOddsOf(
        ledgerOf(past.pieces, row.from, row.to, dates[row.landmark] as number, model),
        past.pieces.value,
        model,
      ),
    )
  const purchases = (rows: Row[]) => [
    Float64Array.from(rows, (row) => Math.log1p(row.recencyDays)),
    Float64Array.from(rows, (row) => Math.log(row.sales)),
    Float64Array.from(rows, (row) => Math.log1p(Math.max(0, row.minor))),
  ]
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
  const tells = own != null && own.low > 0.5
  const bins = calibrationBins(foretold.score ?? new Float64Array(), outcome)
  const predictive = tells && gains.length === 2 && gains.every(({ low }) => low > 0)
  return {
    model: tells ? model : defaultModel,
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

function outcomes(rows: Row[]): Float64Array {
  return Float64Array.from(rows, (row) => row.outcome)
}

function yesOf(rows: Row[]): number {
  return rows.reduce((sum, row) => sum + row.outcome, 0)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
