import { cannotTell, type Told } from '../cannot-tell.ts'
import { inverse } from '../inverse.ts'
import { curvatureAt, type Minimum, minimise } from '../minimise.ts'
import { type GroupedHistories, sampleOf } from './histories.ts'
import type { ReturnModel } from './model.ts'
import { nbd } from './nbd.ts'

export interface ReturnFit<Name extends string = string> {
  model: ReturnModel<Name>
  /** In the unit of time of the histories. */
  parameters: Record<Name, number>
  customers: number
  returned: number
  leftOut: number
  logLikelihood: number
  /** Covariance of the logarithms of the parameters; null where the likelihood is flat in some direction. */
  covariance: number[][] | null
  /** Parameters that ran against the bound: the data leave them open on that side. */
  atBound: Name[]
  /**
   * Whether the data show that customers leave. "none detectable": the model explains the data no better than
   * chance would let it, against one in which nobody leaves (likelihood ratio, 5 %), or no customer leaves in
   * it at all: the chance, or the rate, lies at the bound.
   */
  dropout: 'seen' | 'none detectable'
}

/** The logarithms of the parameters stay within ±9 (a factor of 8,100), in a unit that suits the data. */
const bound = 9

/** Fewer customers who came back than this can't settle four parameters. */
const fewestReturned = 20

/** Starting points are tried on this many different histories; the best of them is finished on all. */
const sample = 5_000

/** Twice the gain in log-likelihood that chance gives two more parameters in 5 of 100 cases, halved. */
const chanceGain = 2.996

/** Steps that gain less log-likelihood than this move no parameter by a hundredth of its standard error. */
const worth = 1e-6

/**
 * Fits a return model by maximum likelihood: from several starts on a sample, then the best on all histories.
 * The result is the maximum over all customers, not over the sample. One million customers with times in days
 * take a few seconds.
 */
export function fitReturns<Name extends string>(
  model: ReturnModel<Name>,
  histories: GroupedHistories,
): Told<ReturnFit<Name>> {
  const { customers, returned, leftOut } = histories
  if (returned < fewestReturned)
    return cannotTell(
      returned === 0
        ? 'nobody has come back in the time that was seen'
        : `only ${returned} customers have come back, too few to tell how customers return`,
      fewestReturned,
    )
  const unit = meanObserved(histories) / 50
  if (!(unit > 0)) return cannotTell('no time has passed since the first purchases')
  const scaled = { ...histories, times: histories.times.map((time) => time / unit) }
  const best = fitScaled(model, scaled)
  if (!Number.isFinite(best.value)) return cannotTell('the model doesn’t fit these purchases at all')
  const value = (name: Name) => best.x[model.parameters.indexOf(name)] as number
  const atBound = model.parameters.filter((name) => Math.abs(value(name)) >= bound - 1e-6)
  // Times measured in `unit` make the density of each time of purchase `unit` times as large.
  const logLikelihood = -best.value - purchases(histories) * Math.log(unit)
  const curvature = inverse(curvatureAt(downhill(model, scaled), best.x))
  const sound = curvature?.every((row, i) => (row[i] as number) > 0)
  return {
    model,
    parameters: Object.fromEntries(
      model.parameters.map((name) => [name, Math.exp(value(name)) * (inTime.has(name) ? unit : 1)]),
    ) as Record<Name, number>,
    customers,
    returned,
    leftOut,
    logLikelihood,
    covariance: curvature && sound && atBound.length === 0 ? curvature.map((row) => Array.from(row)) : null,
    atBound,
    dropout: dropout(model, scaled, -best.value),
  }
}

/** Parameters that are times; the others have no unit. */
const inTime = new Set<string>(['alpha', 'beta'])

function fitScaled(model: ReturnModel, histories: GroupedHistories): Minimum {
  const some = sampleOf(histories, sample)
  const box = { low: -bound, high: bound }
  const tried = model
    .starts(50)
    .map((start) => model.parameters.map((name) => Math.log(start[name] as number)))
    .map((logs) => minimise(downhill(model, some), logs, box, { worth }))
  const best = tried.reduce((one, other) => (other.value < one.value ? other : one))
  if (some === histories) return best
  const share = some.customers / histories.customers
  const learned = best.inverse.map((row) => row.map((value) => value * share))
  return minimise(downhill(model, histories), best.x, box, { worth, inverse: learned })
}

/** The negative log-likelihood and its slopes. */
function downhill(model: ReturnModel, histories: GroupedHistories) {
  return (logs: Float64Array, slope: Float64Array) => {
    const value = -model.logLikelihood(histories, logs, slope)
    for (let i = 0; i < slope.length; i++) slope[i] = -(slope[i] as number)
    return value
  }
}

/**
 * At the bound the likelihood equals that of the model in which nobody leaves, so comparing the two tells
 * that case too; but a bound is also reached where all customers leave with the same chance (a and b both
 * large), and that is dropout.
 */
function dropout(model: ReturnModel, scaled: GroupedHistories, logLikelihood: number): ReturnFit['dropout'] {
  if (model.leaving.length === 0) return 'none detectable'
  return logLikelihood + fitScaled(nbd, scaled).value > chanceGain ? 'seen' : 'none detectable'
}

function meanObserved({ count, observed, times, customers }: GroupedHistories): number {
  let sum = 0
  for (let i = 0; i < count.length; i++)
    sum += (count[i] as number) * (times[observed[i] as number] as number)
  return sum / customers
}

function purchases({ count, returns }: GroupedHistories): number {
  let sum = 0
  for (let i = 0; i < count.length; i++) sum += (count[i] as number) * (returns[i] as number)
  return sum
}
