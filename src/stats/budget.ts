import { cannotTell, type Told } from './cannot-tell.ts'

/** What spending brings: A(1 − e^(−x/c)), concave, at most A. */
export interface Response {
  /** A: the effect that can't be exceeded, in units of the outcome. */
  most: number
  /** c: the spending that brings 63 % of it, in units of money. */
  scale: number
}

export interface Spending {
  name: string
  /** What it is spent now, per period. */
  now: number
  /** Known from an experiment, or null: then nobody knows what more or less would bring. */
  response: Response | null
  min?: number
  max?: number
}

export interface Allocated {
  name: string
  now: number
  spend: number
  /** What one more unit of money brings there; null where unknown. */
  marginal: number | null
  /** What holds it where it is; "unknown" keeps what it has until a test says otherwise. */
  held: 'nothing' | 'min' | 'max' | 'unknown'
}

export interface Allocation {
  parts: Allocated[]
  /** λ: what one more unit of money brings wherever nothing holds it; null where everything is held. */
  marginal: number | null
  /** Kept for tests of what is unknown. */
  reserve: number
  /** What no part may take: all are at their limit. */
  unspent: number
  /** The effect to expect of the known parts, and what they bring now. */
  effect: number
  effectNow: number
}

/**
 * Divides a budget so that the last unit of money brings equally much everywhere: with concave responses that
 * is the division that brings most (Kuhn–Tucker). Parts of unknown response keep what they have; `reserve`
 * (a share of the budget) is set aside to test them. No part moves by more than `change` (a share) of what it
 * is spent now (of the whole budget where that is nothing), because a response measured at one spending says
 * little far from it.
 *
 * Slopes read from history are confounded with everything that moved along: `response` is for effects that a
 * randomised holdout showed.
 * Checked: A 50, 30, 20 and c 40, 20, 10 with a budget of 100 → 52.373, 29.833, 17.793, λ .33750.
 */
export function allocate(
  spendings: readonly Spending[],
  budget: number,
  { change = Number.POSITIVE_INFINITY, reserve = 0 }: { change?: number; reserve?: number } = {},
): Told<Allocation> {
  if (!(budget > 0 && budget < Number.POSITIVE_INFINITY)) return cannotTell('there is no budget to divide')
  const flawed = spendings.find((each) => !sound(each))
  if (flawed)
    return cannotTell(
      `the numbers for ${flawed.name} can’t be: a response rises, and spending isn’t negative`,
    )
  const known = spendings.filter((each): each is Known => each.response !== null)
  if (known.length === 0)
    return cannotTell('no effect of spending is known from a test; run one before moving money')
  const unknown = spendings.filter(({ response }) => response === null)
  const kept = unknown.length > 0 ? reserve * budget : 0
  const open = budget - kept - unknown.reduce((sum, { now }) => sum + now, 0)
  const parts = known.map((each) => ({ ...each, ...limits(each, change, budget) }))
  const least = parts.reduce((sum, { low }) => sum + low, 0)
  if (least > open * (1 + 1e-12))
    return cannotTell('the budget doesn’t cover what may not be spent less', Math.ceil(budget + least - open))
  const lambda = equalMarginal(parts, open)
  const spends = new Map(parts.map((part) => [part.name, spendAt(part, lambda)]))
  const spent = [...spends.values()].reduce((sum, value) => sum + value, 0)
  const allocated = spendings.map((each) =>
    allocatedTo(each, spends.get(each.name) ?? each.now, limits(each, change, budget)),
  )
  return {
    parts: allocated,
    marginal: allocated.some(({ held }) => held === 'nothing') ? lambda : null,
    reserve: kept,
    unspent: Math.max(0, open - spent),
    effect: parts.reduce((sum, part) => sum + effectOf(part.response, spends.get(part.name) ?? 0), 0),
    effectNow: parts.reduce((sum, part) => sum + effectOf(part.response, part.now), 0),
  }
}

/** The effect of spending `x`. */
export function effectOf({ most, scale }: Response, x: number): number {
  return -most * Math.expm1(-x / scale)
}

/**
 * The response through two measured effects of different spending, each against no spending, as two holdouts
 * give them. Can't tell where more money brought more than in proportion: that bend isn't concave.
 */
export function responseThrough(
  a: { spend: number; effect: number },
  b: { spend: number; effect: number },
): Told<Response> {
  const [small, large] = a.spend <= b.spend ? [a, b] : [b, a]
  if (!(small.spend > 0 && large.spend > small.spend && Number.isFinite(large.spend)))
    return cannotTell('two different amounts of spending are needed')
  if (!(small.effect > 0 && large.effect > small.effect)) return cannotTell('more spending didn’t bring more')
  const ratio = large.effect / small.effect
  if (ratio >= (large.spend / small.spend) * (1 - 1e-9))
    return cannotTell('more spending brought more than in proportion, so no limit is in sight')
  // The ratio of both effects falls from the ratio of spendings (c → ∞) to 1 (c → 0).
  let low = small.spend * 1e-3
  let high = large.spend * 1e9
  for (let step = 0; step < 200; step++) {
    const scale = Math.sqrt(low * high)
    const at = Math.expm1(-large.spend / scale) / Math.expm1(-small.spend / scale)
    if (at < ratio) low = scale
    else high = scale
  }
  const scale = Math.sqrt(low * high)
  const most = -large.effect / Math.expm1(-large.spend / scale)
  if (!Number.isFinite(most)) return cannotTell('the two amounts lie too far apart')
  return { most, scale }
}

type Known = Spending & { response: Response }
type Limited = Known & Limits

function sound({ response, now, min = 0, max = Number.POSITIVE_INFINITY }: Spending): boolean {
  const rising =
    response === null ||
    (response.most > 0 &&
      response.scale > 0 &&
      Number.isFinite(response.most * response.scale + response.most / response.scale))
  return rising && now >= 0 && Number.isFinite(now) && min >= 0 && max >= min
}

interface Limits {
  low: number
  high: number
}

/** Where a part's own limits are further away than the change allows, its own limits win. */
function limits(
  { now, min = 0, max = Number.POSITIVE_INFINITY }: Spending,
  change: number,
  budget: number,
): Limits {
  if (change === Number.POSITIVE_INFINITY) return { low: min, high: max }
  const step = change * (now === 0 ? budget : now)
  return { low: Math.min(Math.max(min, now - step), max), high: Math.max(Math.min(max, now + step), min) }
}

/** Bisection on ln λ: the higher the return asked for, the less is spent. */
function equalMarginal(parts: Limited[], open: number): number {
  const slopes = parts.map(({ response }) => response.most / response.scale)
  let high = Math.log(Math.max(...slopes)) + 1
  let low = high - 800
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    const spent = parts.reduce((sum, part) => sum + spendAt(part, Math.exp(middle)), 0)
    if (spent > open) low = middle
    else high = middle
  }
  return Math.exp(high)
}

function spendAt({ response: { most, scale }, low, high }: Limited, lambda: number): number {
  const wanted = lambda > 0 ? scale * Math.log(most / (scale * lambda)) : Number.POSITIVE_INFINITY
  return Math.min(high, Math.max(low, wanted))
}

function allocatedTo({ name, now, response }: Spending, spend: number, { low, high }: Limits): Allocated {
  if (response === null) return { name, now, spend, marginal: null, held: 'unknown' }
  const marginal = (response.most / response.scale) * Math.exp(-spend / response.scale)
  return { name, now, spend, marginal, held: spend <= low ? 'min' : spend >= high ? 'max' : 'nothing' }
}
