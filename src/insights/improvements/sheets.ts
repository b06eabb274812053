import type { Sheet } from '../asking/sheet.ts'
import type { Improvements } from './schema.ts'

export function improvementsSheets({ improvements, watched }: Improvements): Sheet[] {
  return [
    {
      name: 'improvements',
      title: 'What was changed, before against after',
      columns: [
        { name: 'what', title: 'what' },
        { name: 'about', title: 'where' },
        { name: 'made_on', title: 'from' },
        { name: 'before', title: 'before', unit: 'number' },
        { name: 'before_n', title: 'n', unit: 'count' },
        { name: 'after', title: 'after', unit: 'number' },
        { name: 'after_n', title: 'n', unit: 'count' },
        { name: 'change', title: 'change', unit: 'number' },
        { name: 'change_low', title: 'from', unit: 'number' },
        { name: 'change_high', title: 'to', unit: 'number' },
        { name: 'beyond_trend', title: 'beyond its way', unit: 'number' },
        { name: 'beyond_trend_low', title: 'from', unit: 'number' },
        { name: 'beyond_trend_high', title: 'to', unit: 'number' },
      ],
      rows: improvements.map((each) => {
        const figure = each.kept ?? each.experience
        return [
          each.what,
          each.about,
          each.madeOn,
          figure?.before.value ?? null,
          figure?.before.n ?? null,
          figure?.after.value ?? null,
          figure?.after.n ?? null,
          figure?.change?.value ?? null,
          figure?.change?.low ?? null,
          figure?.change?.high ?? null,
          each.lined?.byNow.value ?? null,
          each.lined?.byNow.low ?? null,
          each.lined?.byNow.high ?? null,
        ]
      }),
    },
    {
      name: 'turns',
      title: 'What has turned',
      columns: [
        { name: 'about', title: 'what' },
        { name: 'figure', title: 'figure' },
        { name: 'since', title: 'since' },
        { name: 'direction', title: 'for the' },
        { name: 'before', title: 'before', unit: 'number' },
        { name: 'after', title: 'after', unit: 'number' },
      ],
      rows: watched.flatMap((each) =>
        each.turns.map((turn) => [
          each.about,
          each.figure,
          turn.since,
          turn.good ? 'better' : 'worse',
          turn.before,
          turn.after,
        ]),
      ),
    },
    {
      name: 'weeks',
      title: 'Week by week',
      columns: [
        { name: 'about', title: 'what' },
        { name: 'figure', title: 'figure' },
        { name: 'week', title: 'week of' },
        { name: 'n', title: 'n', unit: 'count' },
        { name: 'value', title: 'value', unit: 'number' },
        { name: 'low', title: 'usual from', unit: 'number' },
        { name: 'high', title: 'to', unit: 'number' },
      ],
      rows: watched.flatMap((each) =>
        each.weeks.map((week) => [each.about, each.figure, week.at, week.n, week.value, week.low, week.high]),
      ),
    },
  ]
}
