import type { Column, Sheet } from '../asking/sheet.ts'
import type { Flows } from './schema.ts'

/** Where journeys lead, and what another's do, as tables. */
export function leadingSheets(answer: Flows, name: (id: number) => string): Sheet[] {
  const { conversion, passing, compared } = answer
  return [
    {
      name: 'conversion',
      title: conversion
        ? `From ${name(conversion.start)} to ${conversion.goal === 'sale' ? 'a sale' : name(conversion.goal)}`
        : 'How many get there',
      columns: [
        { name: 'days', title: 'days', unit: 'number' },
        { name: 'share', title: 'there by then', unit: 'share' },
        { name: 'low', title: 'from', unit: 'share' },
        { name: 'high', title: 'to', unit: 'share' },
        { name: 'at_risk', title: 'still followed', unit: 'count' },
      ],
      rows: (conversion?.curve ?? []).map((point) => [
        point.days,
        point.value,
        point.low,
        point.high,
        point.atRisk,
      ]),
    },
    {
      name: 'passing',
      title: 'Passing by, among those not there yet',
      columns: [
        { name: 'touchpoint', title: 'passed' },
        { name: 'passed', title: 'customers', unit: 'count' },
        { name: 'passed_share', title: 'of them there', unit: 'share' },
        { name: 'others_share', title: 'of the others', unit: 'share' },
        { name: 'difference', title: 'difference', unit: 'share' },
        { name: 'low', title: 'from', unit: 'share' },
        { name: 'high', title: 'to', unit: 'share' },
        { name: 'equals', title: 'among equals', unit: 'share' },
        { name: 'equals_low', title: 'from', unit: 'share' },
        { name: 'equals_high', title: 'to', unit: 'share' },
        { name: 'p', title: 'p (Holm)', unit: 'number' },
      ],
      rows: (passing?.steps ?? []).map((step) => [
        name(step.touchpoint),
        step.passed.n,
        step.passed.value,
        step.not.value,
        step.difference?.value ?? null,
        step.difference?.low ?? null,
        step.difference?.high ?? null,
        step.amongEquals?.value ?? null,
        step.amongEquals?.low ?? null,
        step.amongEquals?.high ?? null,
        step.amongEquals?.p ?? null,
      ]),
    },
    ...(compared
      ? [
          {
            name: 'compared',
            title: 'Ways that differ',
            columns: [{ name: 'after', title: 'after' }, { name: 'comes', title: 'comes' }, ...differing],
            rows: compared.edges.map((edge) => [name(edge.from), name(edge.to), ...cells(edge)]),
          },
          {
            name: 'compared-touchpoints',
            title: 'Touchpoints that differ',
            columns: [{ name: 'touchpoint', title: 'touchpoint' }, ...differing],
            rows: compared.touchpoints.map((each) => [name(each.id), ...cells(each)]),
          },
        ]
      : []),
  ]
}

const differing: Column[] = [
  { name: 'here', title: 'here', unit: 'share' },
  { name: 'there', title: 'there', unit: 'share' },
  { name: 'difference', title: 'difference', unit: 'share' },
  { name: 'low', title: 'from', unit: 'share' },
  { name: 'high', title: 'to', unit: 'share' },
  { name: 'p', title: 'p (Benjamini–Hochberg)', unit: 'number' },
]

type Differing = Pick<NonNullable<Flows['compared']>['edges'][number], 'here' | 'there' | 'difference' | 'p'>

function cells({ here, there, difference, p }: Differing) {
  return [
    here.value,
    there.value,
    difference?.value ?? null,
    difference?.low ?? null,
    difference?.high ?? null,
    p,
  ]
}
