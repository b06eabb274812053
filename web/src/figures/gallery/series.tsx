import { number, percent } from '../../lib/words.ts'
import type { SeriesPoint } from '../series-layout.ts'
import { SeriesWithEvent } from '../series-with-event.tsx'
import { dice, open } from './data.ts'

const day = 86_400_000
const from = Date.UTC(2025, 0, 6)
function weeks(count: number, value: (index: number, roll: number) => number | null): SeriesPoint[] {
  const roll = dice(5)
  return Array.from({ length: count }, (_, index) => {
    const here = value(index, roll())
    return {
      at: new Date(from + index * 7 * day).toISOString(),
      value: here,
      low: here === null ? null : here - 0.025,
      high: here === null ? null : here + 0.025,
      n: 200 + index,
    }
  })
}
const at = (week: number) => new Date(from + week * 7 * day).toISOString()
export function series() {
  return (
    <>
      <SeriesWithEvent
        title="Delivered late"
        sentence="Since somebody calls the day before, 11 % are late instead of 24 %."
        claim="goes along with"
        n="14,820 deliveries"
        note="Without a comparison group something else that changed at the same time can’t be ruled out."
        what="Share late"
        points={weeks(80, (index, roll) =>
          index === 30 || index === 31
            ? null
            : (index < 46 ? 0.24 : 0.11) + (roll - 0.5) * 0.05 + (index === 20 ? 0.1 : 0),
        ).map((point, index) => ({ ...point, signal: index === 20 ? ('bad' as const) : null }))}
        levels={[
          { from: at(0), to: at(45), value: 0.24, low: 0.19, high: 0.29, name: 'before' },
          { from: at(46), to: at(79), value: 0.11, low: 0.07, high: 0.15, name: 'after' },
        ]}
        events={[{ at: at(46), name: 'We call the day before' }]}
        format={(value) => percent(value)}
        timeZone="Europe/Berlin"
        onOpen={open}
      />
      <SeriesWithEvent
        title="Many changes, many days"
        claim="counted"
        what="Interactions"
        points={weeks(400, (index, roll) => 4e9 + index * 1e6 + roll * 1e9).map((point) => ({
          ...point,
          low: null,
          high: null,
        }))}
        events={[100, 104, 108, 360].map((week) => ({
          at: at(week),
          name: 'A change with a name that is rather long for such a picture',
        }))}
        format={(value) => number(value)}
        timeZone="UTC"
      />
      <SeriesWithEvent
        title="One, and two equal ones with a hole"
        claim="counted"
        what="Stars"
        points={weeks(5, (index) => (index % 2 === 0 ? 4 : null))}
        format={(value) => number(value, 1)}
        timeZone="UTC"
      />
      <SeriesWithEvent
        title="One"
        claim="counted"
        what="Stars"
        points={weeks(1, () => 4)}
        format={(value) => number(value, 1)}
        timeZone="UTC"
      />
      <SeriesWithEvent
        title="None"
        claim="counted"
        what="Stars"
        points={[]}
        format={(value) => number(value, 1)}
        timeZone="UTC"
      />
    </>
  )
}
