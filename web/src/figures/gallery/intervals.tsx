import { number, percent } from '../../lib/words.ts'
import { IntervalBars } from '../interval-bars.tsx'
import { dice, estimate, lonely, open, sixtyNames, unknown } from './data.ts'

const share = (value: number) => percent(value)
export function intervals() {
  const roll = dice(3)
  return (
    <>
      <IntervalBars
        title="Who is won"
        sentence="Of the people referred by a customer 41 % buy, of the others 19 %."
        claim="counted"
        n="4,120 enquiries"
        what="Came through"
        rows={[
          { id: 'referred', name: 'Referred by a customer', values: [estimate(0.41, 0.06, 270)] },
          { id: 'returning', name: 'Customers who come back', values: [estimate(0.58, 0.04, 610)] },
          {
            id: 'fair',
            name: 'Fairs and showroom visits without an appointment',
            values: [estimate(0.22, 0.05, 302)],
          },
          { id: 'search', name: 'Search', values: [estimate(0.19, 0.02, 1900)] },
          { id: 'print', name: 'Adverts in print', values: [lonely] },
          { id: 'new', name: 'The new configurator', values: [unknown] },
        ]}
        series={[{ id: 'won', name: 'Win rate' }]}
        format={share}
        reference={{ value: 0.21, name: 'all enquiries, 21 %' }}
        onOpen={open}
      />
      <IntervalBars
        title="What wins first sales, five ways of counting"
        sentence="Search wins between 21 % and 35 % of first sales, depending on how it is counted."
        claim="goes along with"
        n={19_785}
        what="Channel"
        rows={['Search', 'Referral', 'Newsletter', 'Social media', 'Fairs'].map((name, row) => ({
          id: name,
          name,
          values: [0.35, 0.28, 0.24, 0.22, 0.21].map((value, way) =>
            way === 1 && row === 4 ? null : estimate(Math.abs(value - row * 0.045), 0.02, 5000 - row * 800),
          ),
        }))}
        series={['last', 'first', 'linear', 'Markov', 'Shapley'].map((name) => ({ id: name, name }))}
        format={share}
        onOpen={open}
      />
      <IntervalBars
        title="Sixty, of huge and wild figures"
        claim="counted"
        what="Touchpoint"
        rows={sixtyNames().map((name, index) => ({
          id: String(index),
          name,
          values: [
            index === 20
              ? { value: 4e9, low: -9e15, high: 9e15, n: 3 }
              : estimate(roll() * 9e9, roll() * 1e9, 10_000_000),
          ],
        }))}
        series={[{ id: 'spent', name: 'Spent' }]}
        format={(value) => number(value)}
      />
      <IntervalBars
        title="All equal, without intervals"
        claim="counted"
        what="Channel"
        rows={['One', 'Two'].map((name) => ({ id: name, name, values: [lonely] }))}
        series={[{ id: 'share', name: 'Share' }]}
        format={share}
      />
      <IntervalBars title="None" claim="counted" what="Channel" rows={[]} series={[]} format={share} />
    </>
  )
}
