import { SurvivalCurves } from '../survival-curves.tsx'
import type { SurvivalGroup } from '../survival-layout.ts'
import { longNames, open } from './data.ts'

function group(id: string, name: string, n: number, speed: number, most: number, until = 730): SurvivalGroup {
  const curve = Array.from({ length: Math.floor(until / 5) + 1 }, (_, index) => {
    const time = index * 5
    const share = most * (1 - Math.exp(-time / speed))
    const atRisk = Math.round(n * (1 - share) * Math.max(0, 1 - (time / until) ** 2))
    const half = 1.96 * Math.sqrt((share * (1 - share)) / Math.max(4, atRisk))
    return {
      time,
      share,
      low: atRisk === 0 ? null : Math.max(0, share - half),
      high: atRisk === 0 ? null : Math.min(1, share + half),
      atRisk,
    }
  })
  const median = most > 0.5 ? -speed * Math.log(1 - 0.5 / most) : null
  return {
    id,
    name,
    n,
    curve,
    median: { value: median === null ? null : Math.round(median), low: null, high: null, n },
  }
}
const words = { unit: 'days', happened: 'had come back' }
export function survival() {
  return (
    <>
      <SurvivalCurves
        title="When they come back"
        sentence="Half of the referred customers are back after 250 days; of the others 31 % within two years."
        claim="counted"
        n="12,410 customers"
        groups={[
          group('referred', 'Referred by a customer', 1240, 210, 0.72),
          group('returning', 'Late delivery', 3920, 300, 0.24),
          group('rest', 'All others', 7250, 330, 0.36),
        ]}
        {...words}
        onOpen={open}
      />
      <SurvivalCurves
        title="Six groups that end together"
        claim="counted"
        groups={longNames.map((name, index) =>
          group(String(index), name, 60 + index * 4_000_000, 200, 0.3 + index * 0.002),
        )}
        {...words}
      />
      <SurvivalCurves
        title="One customer"
        claim="not enough to tell"
        groups={[
          {
            id: 'one',
            name: 'All',
            n: 1,
            median: null,
            curve: [{ time: 12, share: 1, low: null, high: null, atRisk: 1 }],
          },
        ]}
        {...words}
      />
      <SurvivalCurves title="Nobody" claim="counted" groups={[]} {...words} />
    </>
  )
}
