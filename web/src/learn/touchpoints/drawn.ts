// From the answer to what the pictures draw, and the sentences of their marks.
import type {
  Difference,
  TouchpointRelation,
  Touchpoints,
} from '../../../../src/insights/touchpoints/schema.ts'
import { signed } from '../../figures/estimate.ts'
import type { FunnelStep } from '../../figures/funnel-layout.ts'
import { type ImportancePoint, quadrantWords } from '../../figures/importance-layout.ts'
import type { IntervalRow } from '../../figures/interval-layout.ts'
import { number, percent } from '../../lib/words.ts'

type Answer = Touchpoints

/** Every touchpoint that could be weighed; those that nobody was asked about have no experience. */
export function pointsOf({ touchpoints }: Answer): ImportancePoint[] {
  return touchpoints.flatMap((each): ImportancePoint[] => {
    const { importance } = each
    const level = each[each.shown]
    return importance
      ? [
          {
            id: String(each.id),
            name: each.name,
            importance: {
              value: importance.share,
              low: importance.low,
              high: importance.high,
              n: each.met.hits,
            },
            experience: { value: level.value, low: level.low, high: level.high, n: level.n },
            quadrant: each.quadrant,
          },
        ]
      : []
  })
}

export function sayPoint({ touchpoints, outcome, model }: Answer): (point: ImportancePoint) => string {
  return ({ id, name, importance, experience, quadrant }) => {
    const own = touchpoints.find((each) => each.id === Number(id))
    const share = (value: number | null) => (value === null ? '–' : percent(value, 1))
    const rank = own?.importance
    return [
      `${name}: ${share(importance.value)} (${share(importance.low)} to ${share(importance.high)}) of ${model.kind === 'logistic' ? 'the doubt about' : 'the differences in'} ${outcome.noun}`,
      rank ? `rank ${rank.rank}, plausibly ${rank.bestRank} to ${rank.worstRank}` : '',
      experience.value === null
        ? ''
        : `experience ${signed(experience.value)} (${signed(experience.low ?? experience.value)} to ${signed(experience.high ?? experience.value)}), ${own?.shown === 'said' ? 'said by' : 'inferred for'} ${number(experience.n)} customers`,
      quadrant ? quadrantWords[quadrant] : 'where it belongs can’t be told yet',
    ]
      .filter((each) => each !== '')
      .join('; ')
      .concat('.')
  }
}

export interface DifferenceRow extends IntervalRow {
  touchpoint: TouchpointRelation
  what: 'meeting' | 'feeling'
}

/** As counted, and between equals; what surely differs first, then what falls away, then the others by size. */
export function differenceRows({ touchpoints }: Answer): DifferenceRow[] {
  const rows = touchpoints.flatMap((touchpoint) =>
    (['meeting', 'feeling'] as const).flatMap((what): DifferenceRow[] => {
      const { plain, equals } = touchpoint[what]
      if (!equals) return []
      const n = what === 'meeting' ? touchpoint.met.hits : touchpoint.good.hits + touchpoint.bad.hits
      return [
        {
          id: `${touchpoint.id} ${what}`,
          name: what === 'meeting' ? touchpoint.name : `${touchpoint.name}: well against badly`,
          values: [estimateOf(plain, n), estimateOf(equals, n)],
          touchpoint,
          what,
        },
      ]
    }),
  )
  const place = ({ touchpoint, what }: DifferenceRow) =>
    (touchpoint[what].p ?? 1) < 0.05 ? 0 : what === 'meeting' && touchpoint.decoy ? 1 : 2
  const size = ({ values }: DifferenceRow) => Math.abs(values[1]?.value ?? 0)
  return rows.sort((a, b) => place(a) - place(b) || size(b) - size(a))
}

function estimateOf(difference: Difference | null, n: number): IntervalRow['values'][number] {
  return difference && { value: difference.value, low: difference.low, high: difference.high, n }
}

/** From all buyers to those that were counted, with those left out. */
export function funnelSteps({ funnel }: Answer): FunnelStep[] {
  const [all, ...rest] = funnel
  const counted = rest.at(-1)
  if (!all || !counted) return []
  return [
    {
      id: all.name,
      name: 'bought in this time',
      n: all.n,
      left: rest.slice(0, -1).map(({ name, words, n }) => ({ id: name, name: words, n })),
    },
    { id: counted.name, name: 'counted', n: counted.n },
  ]
}
