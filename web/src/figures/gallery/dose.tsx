import { number, percent } from '../../lib/words.ts'
import { DoseCurve } from '../dose-curve.tsx'
import type { DoseBin, DoseSeries } from '../dose-layout.ts'
import { estimate, open, unknown } from './data.ts'

const bins: DoseBin[] = [
  { from: null, to: -14 },
  { from: -13, to: -7 },
  { from: -6, to: -3 },
  { from: -2, to: -1 },
  { from: 0, to: 0 },
  { from: 1, to: 2 },
  { from: 3, to: 6 },
  { from: 7, to: 13 },
  { from: 14, to: null },
]
const stars: DoseSeries = {
  id: 'stars',
  name: 'Stars',
  format: (value) => number(value, 2),
  range: [1, 5],
  values: [4.31, 4.28, 4.3, 4.22, 4.19, 3.28, 2.4, 1.9, 1.72].map((value, index) =>
    estimate(
      value,
      0.05 + index * 0.02,
      [9211, 24_311, 18_002, 5120, 1301, 1480, 1733, 1204, 3011][index] ?? 0,
    ),
  ),
  kept: estimate(4.28, 0.02, 57_945),
  broken: estimate(2.55, 0.05, 7428),
}
const returned: DoseSeries = {
  id: 'returned',
  name: 'Came back',
  format: (value) => percent(value, 1),
  values: [0.31, 0.32, 0.3, 0.3, 0.29, 0.22, 0.2, 0.19, 0.18].map((value, index) =>
    estimate(value, 0.02 + index * 0.004, 900 - index * 80),
  ),
  kept: estimate(0.305, 0.01, 3400),
  broken: estimate(0.195, 0.02, 1240),
}
export function dose() {
  return (
    <>
      <DoseCurve
        title="It breaks at the promise"
        sentence={
          <>
            Customers whose promise was kept gave <b>4.28</b> stars, the others <b>2.55</b>: 1.73 less (1.68
            to 1.78).
          </>
        }
        claim="goes along with"
        n={65_373}
        bins={bins}
        series={[stars, returned]}
        onOpen={open}
      />
      <DoseCurve
        title="Few answers, one side only"
        claim="counted"
        n={7}
        bins={bins}
        series={[
          {
            id: 'stars',
            name: 'Stars',
            format: (value) => number(value, 2),
            values: bins.map((_, index) =>
              index === 5
                ? { value: 3, low: null, high: null, n: 2 }
                : index === 7
                  ? estimate(2, 1.4, 5)
                  : unknown,
            ),
          },
        ]}
      />
      <DoseCurve
        title="Nobody"
        claim="counted"
        bins={bins}
        series={[{ ...stars, values: bins.map(() => unknown) }]}
      />
      <DoseCurve
        title="Huge and all equal"
        claim="counted"
        bins={bins}
        series={[
          {
            id: 'spent',
            name: 'Spent',
            format: (value) => number(value),
            values: bins.map(() => estimate(4_200_000_000, 0, 12_345_678)),
          },
        ]}
      />
    </>
  )
}
