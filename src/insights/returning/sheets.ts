import type { Column, Sheet } from '../asking/sheet.ts'
import type { ReturnAnswer, ReturningCustomer } from './schema.ts'

export function returnSheets(answer: ReturnAnswer): Sheet[] {
  const { first, later, cohorts, cohortColumns, check, best, bringers, currency } = answer
  return [
    {
      name: 'groups',
      title: 'Coming back',
      columns: [
        { name: 'group', title: 'who' },
        { name: 'customers', title: 'followed', unit: 'count' },
        { name: 'came_back', title: 'came back', unit: 'count' },
        { name: 'within_year', title: 'within a year', unit: 'share' },
        { name: 'low', title: 'from', unit: 'share' },
        { name: 'high', title: 'to', unit: 'share' },
        { name: 'median_days', title: 'half, days', unit: 'days' },
      ],
      rows: [...first, ...later].map((curve) => [
        curve.name,
        curve.n,
        curve.happened,
        curve.withinYear.value,
        curve.withinYear.low,
        curve.withinYear.high,
        curve.median.value,
      ]),
    },
    {
      name: 'cohorts',
      title: 'By quarter of the first sale: back within months',
      columns: [
        { name: 'cohort', title: 'first bought' },
        { name: 'customers', title: 'customers', unit: 'count' },
        ...cohortColumns.map(
          (months): Column => ({ name: `months_${months}`, title: months, unit: 'share' }),
        ),
      ],
      rows: cohorts.map((cohort) => [
        cohort.name,
        cohort.n,
        ...cohort.cells.map((cell) => cell?.value ?? null),
      ]),
    },
    {
      name: 'check',
      title: 'What would have been foretold, and what came',
      columns: [
        { name: 'tenth', title: 'tenth', unit: 'count' },
        { name: 'customers', title: 'customers', unit: 'count' },
        { name: 'foretold', title: 'foretold each', unit: 'number' },
        { name: 'happened', title: 'came', unit: 'number' },
        { name: 'low', title: 'from', unit: 'number' },
        { name: 'high', title: 'to', unit: 'number' },
      ],
      rows: (check?.groups ?? []).map(({ n, foretold, happened, low, high }, index) => [
        index + 1,
        n,
        foretold,
        happened,
        low,
        high,
      ]),
    },
    people('expected', 'Most expected', best, currency),
    people('bringers', 'Hardly expected back, but brought others', bringers, currency),
    {
      name: 'curves',
      title: 'The curves',
      columns: [
        { name: 'group', title: 'who' },
        { name: 'days', title: 'days', unit: 'days' },
        { name: 'share', title: 'back', unit: 'share' },
        { name: 'low', title: 'from', unit: 'share' },
        { name: 'high', title: 'to', unit: 'share' },
        { name: 'at_risk', title: 'followed', unit: 'count' },
      ],
      rows: [...first, ...later].flatMap((curve) =>
        curve.curve.map((step) => [curve.name, step.time, step.share, step.low, step.high, step.atRisk]),
      ),
    },
  ]
}

function people(name: string, title: string, customers: ReturningCustomer[], currency: string): Sheet {
  return {
    name,
    title,
    columns: [
      { name: 'customer_id', title: 'no.', unit: 'number' },
      { name: 'name', title: 'customer' },
      { name: 'sales', title: 'sales', unit: 'count' },
      { name: 'last_sale', title: 'last' },
      { name: 'still_customer', title: 'still a customer', unit: 'share' },
      { name: 'expected', title: 'expected', unit: 'number' },
      { name: 'expected_minor', title: `worth, ${currency}`, unit: 'minor' },
      { name: 'brought', title: 'brought', unit: 'count' },
    ],
    rows: customers.map((each) => [
      each.customerId,
      each.name,
      each.sales,
      each.lastDay,
      each.alive,
      each.expected,
      each.expectedMinor,
      each.brought,
    ]),
  }
}
