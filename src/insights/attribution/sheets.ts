import type { Sheet } from '../asking/sheet.ts'
import type { Attribution } from './schema.ts'

export function attributionSheets(answer: Attribution): Sheet[] {
  const what = answer.by
  return [
    {
      name: 'credited',
      title: 'First sales, by how one counts',
      columns: [
        { name: what, title: what },
        { name: 'first', title: 'first touch', unit: 'share' },
        { name: 'last', title: 'last touch', unit: 'share' },
        { name: 'linear', title: 'equal parts', unit: 'share' },
        { name: 'markov', title: 'removal', unit: 'share' },
        { name: 'shapley', title: 'Shapley', unit: 'share' },
        { name: 'least', title: 'least', unit: 'share' },
        { name: 'most', title: 'most', unit: 'share' },
        { name: 'won_with', title: 'bought, met there', unit: 'count' },
        { name: 'lost_with', title: 'not bought, met there', unit: 'count' },
      ],
      rows: answer.credited.map((each) => [
        each.name,
        ...each.by.map(({ share }) => share),
        each.least,
        each.most,
        each.wonWith,
        each.lostWith,
      ]),
    },
    {
      name: 'intervals',
      title: 'With their intervals',
      columns: [
        { name: what, title: what },
        { name: 'method', title: 'counted by' },
        { name: 'sales', title: 'first sales', unit: 'number' },
        { name: 'share', title: 'of all', unit: 'share' },
        { name: 'low', title: 'from', unit: 'share' },
        { name: 'high', title: 'to', unit: 'share' },
        { name: 'value_minor', title: `worth, ${answer.currency}`, unit: 'minor' },
      ],
      rows: answer.credited.flatMap((each) =>
        each.by.map(({ method, sales, share, low, high, minor }) => [
          each.name,
          method,
          sales,
          share,
          low,
          high,
          minor,
        ]),
      ),
    },
  ]
}
