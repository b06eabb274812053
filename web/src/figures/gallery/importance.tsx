import type { ImportancePoint, Quadrant } from '../importance-layout.ts'
import { ImportanceMap } from '../importance-map.tsx'
import { dice, estimate, lonely, open, sixtyNames, unknown } from './data.ts'

type Row = [string, number, number, number, number, number, Quadrant | null]
const shop: ImportancePoint[] = (
  [
    ['Delivery', 0.23, 0.05, -0.31, 0.06, 2280, 'mend'],
    ['Support call', 0.17, 0.045, -0.18, 0.08, 960, 'mend'],
    ['Order updates', 0.13, 0.05, -0.03, 0.09, 2101, null],
    ['Design meeting', 0.16, 0.04, 0.66, 0.05, 3120, 'keep'],
    ['First month call', 0.14, 0.055, 0.41, 0.13, 410, 'keep'],
    ['Assembly', 0.09, 0.03, 0.22, 0.08, 1740, 'fine'],
    ['Proposal', 0.08, 0.03, 0.38, 0.07, 2710, 'fine'],
    ['Invoice', 0.05, 0.02, -0.02, 0.11, 2399, null],
    ['Newsletter', 0.02, 0.015, 0.06, 0.08, 8020, null],
  ] satisfies Row[]
).map(([name, importance, half, experience, wide, n, quadrant]) => ({
  id: name,
  name,
  importance: estimate(importance, half, n),
  experience: estimate(experience, wide, n),
  quadrant,
}))

function sixty(): ImportancePoint[] {
  const roll = dice(7)
  const quarters = ['mend', 'keep', 'minor', 'fine', null, null] as const
  return sixtyNames().map((name, index) => ({
    id: String(index),
    name,
    importance: estimate(0.002 + roll() ** 2 * 0.05, 0.004 + roll() * 0.01, 100),
    experience: estimate(roll() * 1.6 - 0.8, 0.03 + roll() * 0.15, Math.round(roll() ** 3 * 90_000)),
    quadrant: quarters[Math.floor(roll() * 6)] ?? null,
  }))
}

export function importance() {
  return (
    <>
      <ImportanceMap
        title="What moves with coming back"
        sentence={
          <>
            <b>Delivery</b> matters most and goes worst. <b>Order updates</b> matter more than they look.
          </>
        }
        claim="goes along with"
        n="18,930 of 41,200 buyers"
        note="After allowing for order value, month, channel and how often they were in touch."
        points={[
          ...shop,
          {
            id: 'Warranty',
            name: 'Warranty repair',
            importance: unknown,
            experience: unknown,
            quadrant: null,
          },
        ]}
        matters={0.1}
        up="moves with coming back"
        onOpen={open}
      />
      <ImportanceMap
        title="Sixty touchpoints"
        claim="goes along with"
        n={1_230_000}
        points={sixty()}
        matters={1 / 60}
        up="moves with coming back"
        onOpen={open}
      />
      <ImportanceMap
        title="All equal, and one without intervals"
        claim="goes along with"
        points={['First', 'Second', 'Third'].map((name, index) => ({
          id: name,
          name,
          importance: index === 0 ? lonely : estimate(0.4, 0, 12),
          experience: index === 0 ? lonely : estimate(0.4, 0, 12),
          quadrant: null,
        }))}
        matters={0.33}
        up="moves with renewing"
      />
      <ImportanceMap
        title="One"
        claim="counted"
        points={shop.slice(0, 1)}
        matters={0.1}
        up="moves with coming back"
      />
      <ImportanceMap
        title="None"
        claim="goes along with"
        points={[]}
        matters={null}
        up="moves with coming back"
      />
      <ImportanceMap
        title="Too few to tell"
        claim="goes along with"
        points={shop}
        matters={0.1}
        up="moves with coming back"
        cantTell="Can’t tell yet which touchpoints matter: 41 buyers have been followed for a year, and it takes about 400 to see a difference of 10 points."
      />
    </>
  )
}
