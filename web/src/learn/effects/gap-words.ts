// How far off a promise was, in the unit that it was made in.
import type { Effects } from '../../../../src/insights/effects/schema.ts'
import type { DoseBin } from '../../figures/dose-layout.ts'
import { money, number } from '../../lib/words.ts'

type Promised = Pick<NonNullable<Effects['promise']>, 'dimension' | 'currency'>

interface GapWords {
  sayBin?: (bin: DoseBin) => string
  shortBin?: (bin: DoseBin) => string
  axis?: string
}

/** For bins of the gap; days are what a figure says by itself. */
export function gapWords({ dimension, currency }: Promised): GapWords {
  if (dimension === 'days') return {}
  const say = (value: number) =>
    dimension === 'money' ? money(Math.round(Math.abs(value)), currency ?? 'EUR') : number(Math.abs(value), 1)
  const unit = dimension === 'points' ? ' points' : ''
  // no space: under an axis a label is broken where it has one
  const short = (value: number) =>
    `${value > 0 ? '+' : value < 0 ? '−' : ''}${say(value).replace('\u00a0', '')}`
  return {
    sayBin: ({ from, to }) => {
      if (from === null && to === null) return 'whatever came of it'
      if (from === null) return `${say(to ?? 0)}${unit} better than said, or more`
      if (to === null) return `${say(from)}${unit} worse than said, or more`
      if (from === 0 && to === 0) return 'exactly as said'
      const side = to > 0 ? 'worse than said' : 'better than said'
      if (from === to) return `${say(from)}${unit} ${side}`
      const [near = 0, far = 0] = [from, to].toSorted((a, b) => Math.abs(a) - Math.abs(b))
      if (say(near) === say(0)) return `up to ${say(far)}${unit} ${side}`
      return `${say(near)} to ${say(far)}${unit} ${side}`
    },
    shortBin: ({ from, to }) => {
      if (from === null) return `≤ ${short(to ?? 0)}`
      if (to === null) return `≥ ${short(from)}`
      if (say(from) === say(0) && to > 0) return `…${short(to)}`
      return from === to ? short(from) : `${short(from)}…${short(to)}`
    },
    axis:
      dimension === 'money'
        ? 'against what was said; + is worse'
        : 'points against what was said; + is worse',
  }
}
