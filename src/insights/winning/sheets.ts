import type { Sheet } from '../asking/sheet.ts'
import { courtedWords } from './names.ts'
import type { Winning } from './schema.ts'

export function winningSheets(answer: Winning): Sheet[] {
  return [
    {
      name: 'groups',
      title: 'Won, and what it took',
      columns: [
        { name: 'courted', title: 'who' },
        { name: 'begun', title: 'courted', unit: 'count' },
        { name: 'open', title: 'still open', unit: 'count' },
        { name: 'won', title: 'won', unit: 'count' },
        { name: 'won_share', title: 'share won', unit: 'share' },
        { name: 'won_low', title: 'from', unit: 'share' },
        { name: 'won_high', title: 'to', unit: 'share' },
        { name: 'median_days', title: 'days (half)', unit: 'days' },
        { name: 'p90_days', title: 'days (9 in 10)', unit: 'days' },
        { name: 'median_touches', title: 'touches (half)', unit: 'number' },
        { name: 'revenue_minor', title: `revenue, ${answer.currency}`, unit: 'minor' },
        { name: 'revenue_share', title: 'of all', unit: 'share' },
      ],
      rows: answer.groups.map((group) => [
        courtedWords[group.courted],
        group.begun,
        group.open,
        group.won.hits,
        group.won.value,
        group.won.low,
        group.won.high,
        group.days.median,
        group.days.p90,
        group.touches.median,
        group.revenueMinor,
        group.revenueShare,
      ]),
    },
    {
      name: 'reasons',
      title: 'Why they did not buy',
      columns: [
        { name: 'reason', title: 'reason' },
        { name: 'customers', title: 'customers', unit: 'count' },
        { name: 'share', title: 'share', unit: 'share' },
      ],
      rows: answer.reasons.map((each) => [each.reason, each.n, each.share]),
    },
    {
      name: 'went-to',
      title: 'Where they went',
      columns: [
        { name: 'name', title: 'to' },
        { name: 'customers', title: 'customers', unit: 'count' },
        { name: 'share', title: 'share', unit: 'share' },
      ],
      rows: answer.wentTo.map((each) => [each.name, each.n, each.share]),
    },
  ]
}
