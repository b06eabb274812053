import type { Column, Sheet } from '../asking/sheet.ts'
import type { BudgetAnswer } from './schema.ts'

const spent = (currency: string): Column[] => [
  { name: 'name', title: 'where' },
  { name: 'side', title: 'side' },
  { name: 'spent_minor', title: `spent, ${currency}`, unit: 'minor' },
  { name: 'reached', title: 'customers', unit: 'count' },
  { name: 'per_customer_minor', title: 'a customer', unit: 'minor' },
]

export function budgetSheets({ touchpoints, stages, currency }: BudgetAnswer): Sheet[] {
  return [
    {
      name: 'touchpoints',
      title: 'By touchpoint',
      columns: [
        ...spent(currency),
        { name: 'effect', title: 'effect' },
        { name: 'per_return_minor', title: 'one more back', unit: 'minor' },
        { name: 'needed_per_group', title: 'for a test, each', unit: 'count' },
        { name: 'proposed_minor', title: 'proposed', unit: 'minor' },
      ],
      rows: touchpoints.map((each) => [
        each.name,
        each.side,
        each.spentMinor,
        each.reached,
        each.perCustomerMinor,
        each.effect === 'unknown' ? 'unknown: run a test' : each.effect,
        each.perReturnMinor,
        each.neededPerGroup,
        each.proposedMinor,
      ]),
    },
    {
      name: 'stages',
      title: 'By stage',
      columns: spent(currency),
      rows: stages.map((each) => [
        each.name,
        each.side,
        each.spentMinor,
        each.reached,
        each.perCustomerMinor,
      ]),
    },
    {
      name: 'tests',
      title: 'What tests showed',
      columns: [
        { name: 'touchpoint', title: 'where' },
        { name: 'test', title: 'test' },
        { name: 'ended_on', title: 'ended' },
        { name: 'spend_minor', title: 'a customer', unit: 'minor' },
        { name: 'customers', title: 'customers', unit: 'count' },
        { name: 'returned', title: 'came back', unit: 'count' },
        { name: 'change', title: 'more back', unit: 'share' },
        { name: 'change_low', title: 'from', unit: 'share' },
        { name: 'change_high', title: 'to', unit: 'share' },
      ],
      rows: touchpoints.flatMap((each) =>
        each.tests.flatMap((test) =>
          test.arms.map((arm) => [
            each.name,
            test.name,
            test.endedOn,
            arm.spendMinor,
            arm.customers,
            arm.returned,
            arm.change?.value ?? null,
            arm.change?.low ?? null,
            arm.change?.high ?? null,
          ]),
        ),
      ),
    },
  ]
}
