import type { Sheet } from '../asking/sheet.ts'
import { leadingSheets } from './leading-sheets.ts'
import type { Flows } from './schema.ts'

export function flowsSheets(answer: Flows): Sheet[] {
  const names = new Map(answer.touchpoints.map(({ id, name }) => [id, name]))
  const name = (id: number) => names.get(id) ?? String(id)
  return [
    {
      name: 'next',
      title: 'What comes next',
      columns: [
        { name: 'after', title: 'after' },
        { name: 'comes', title: 'comes' },
        { name: 'times', title: 'times', unit: 'count' },
        { name: 'journeys', title: 'journeys', unit: 'count' },
        { name: 'share', title: 'of all that follow', unit: 'share' },
        { name: 'median_seconds', title: 'about how long after', unit: 'seconds' },
        { name: 'p90_seconds', title: '9 in 10 within', unit: 'seconds' },
      ],
      rows: answer.edges.map((edge) => [
        name(edge.from),
        name(edge.to),
        edge.n,
        edge.cases,
        edge.share,
        Math.round(edge.medianSeconds),
        Math.round(edge.p90Seconds),
      ]),
    },
    {
      name: 'touchpoints',
      title: 'Where journeys begin, come by and end',
      columns: [
        { name: 'touchpoint', title: 'touchpoint' },
        { name: 'stage', title: 'stage' },
        { name: 'side', title: 'side of the sale' },
        { name: 'times', title: 'times', unit: 'count' },
        { name: 'journeys', title: 'journeys', unit: 'count' },
        { name: 'begin', title: 'begin here', unit: 'count' },
        { name: 'end', title: 'end here', unit: 'count' },
      ],
      rows: answer.touchpoints.map((each) => [
        each.name,
        each.stage,
        each.side,
        each.n,
        each.cases,
        each.starts,
        each.ends,
      ]),
    },
    {
      name: 'ways',
      title: 'The commonest ways',
      columns: [
        { name: 'way', title: 'way' },
        { name: 'steps', title: 'steps', unit: 'count' },
        { name: 'journeys', title: 'journeys', unit: 'count' },
        { name: 'share', title: 'of all', unit: 'share' },
      ],
      rows: (answer.ways?.commonest ?? []).map((way) => [
        `${way.steps.map(name).join(' → ')}${way.length > way.steps.length ? ' → …' : ''}`,
        way.length,
        way.n,
        way.share,
      ]),
    },
    ...leadingSheets(answer, name),
  ]
}
