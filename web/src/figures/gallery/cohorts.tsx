import { number } from '../../lib/words.ts'
import { CohortGrid } from '../cohort-grid.tsx'
import type { Cohort } from '../cohort-layout.ts'
import { dice, longNames, open } from './data.ts'

const columns = Array.from({ length: 18 }, (_, index) => String(index + 1))
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September']
function cohorts(): Cohort[] {
  const roll = dice(9)
  return months.map((month, row) => ({
    id: `2025-${row}`,
    name: `${month} 2025`,
    n: Math.round(400 + roll() * 2000),
    cells: columns.map((_, column) =>
      column + row > 17
        ? null
        : {
            value: row === 2 && column === 4 ? null : 0.08 * Math.exp(-column / 7) + roll() * 0.02,
            low: null,
            high: null,
            n: 100,
            open: column + row === 17,
          },
    ),
  }))
}
export function cohort() {
  return (
    <>
      <CohortGrid
        title="Who comes back in which month"
        sentence="In the second month after the first purchase 7 % come back, a year later 2 %."
        claim="counted"
        n="12,410 customers"
        what="First bought in"
        since="months since the first purchase"
        columns={columns}
        cohorts={cohorts()}
        onOpen={open}
      />
      <CohortGrid
        title="Huge, equal and nothing"
        claim="counted"
        what="First bought in"
        since="months"
        columns={['1', '2', '3']}
        cohorts={longNames.slice(0, 3).map((name, row) => ({
          id: name,
          name,
          n: 1_234_567_890,
          cells: columns
            .slice(0, 3)
            .map(() => ({ value: row === 2 ? 0 : 4_000_000, low: null, high: null, n: 1 })),
        }))}
        format={(value) => number(value)}
      />
      <CohortGrid
        title="None"
        claim="counted"
        what="First bought in"
        since="months"
        columns={columns}
        cohorts={[]}
      />
    </>
  )
}
