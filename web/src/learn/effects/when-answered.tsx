import { useMemo } from 'react'
import type { Effects } from '../../../../src/insights/effects/schema.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { number } from '../../lib/words.ts'

type Moment = Effects['moments'][number]

const words: Record<Moment['moment'], string> = {
  'before it was said': 'Nothing had been promised yet',
  'in time': 'It had come in time',
  'not due yet': 'It was not due yet',
  'came late': 'It had come late',
  'still waiting': 'They were still waiting',
  'never came': 'It never came',
}
const endings: Record<Moment['endings'][number]['ending'], string> = {
  'came in time': 'and it came in time',
  'came late': 'and it came late',
  'never came': 'and it never came',
  open: 'and it is still open',
}

/** Of money and points: nothing is late that is otherwise than it was said. */
const otherwise: Partial<typeof words> = {
  'in time': 'It was as said',
  'not due yet': 'It had not come yet',
  'came late': 'It was not as said',
}
const endedOtherwise: Partial<typeof endings> = {
  'came in time': 'and it was as said',
  'came late': 'and it was not as said',
}

/** Fewer answers than this have no interval worth drawing. */
const fewest = 5
const series = [{ id: 'stars', name: 'Stars' }]
const scale = [1, 5]
const stars = (value: number) => value.toFixed(2)

/** An answer is about what had happened when it was given. */
export function WhenAnswered({ answer }: { answer: Effects }) {
  const days = answer.promise?.dimension === 'days'
  const rows = useMemo(
    () =>
      answer.moments.flatMap(({ moment, rating, endings: parts }) => [
        { id: moment, name: (days ? words : otherwise)[moment] ?? words[moment], values: [drawn(rating)] },
        ...(parts.length > 1
          ? parts
              .filter(({ rating: { n } }) => n >= fewest)
              .map((part) => ({
                id: `${moment} ${part.ending}`,
                name: `… ${(days ? undefined : endedOtherwise[part.ending]) ?? endings[part.ending]}`,
                values: [drawn(part.rating)],
              }))
          : []),
      ]),
    [answer.moments, days],
  )
  return (
    <IntervalBars
      title="When they answered"
      sentence="An answer only judges what had happened when it was given: what is written while waiting is about the waiting."
      claim="counted"
      n={answer.moments.reduce((sum, { rating }) => sum + rating.n, 0)}
      rows={rows}
      series={series}
      what="When they answered"
      format={stars}
      formatTick={(value) => number(value, 1)}
      include={scale}
      empty="Nobody has rated anything after this promise was made. Ratings come with reviews and answers to surveys."
    />
  )
}

function drawn({ n, value, low, high }: Moment['rating']): Moment['rating'] {
  return n < fewest ? { n, value: null, low: null, high: null } : { n, value, low, high }
}
