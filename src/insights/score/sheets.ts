import type { Sheet } from '../asking/sheet.ts'
import { foretellerWords, groupWords } from './names.ts'
import type { ScoreAnswer } from './schema.ts'

export function scoreSheets(answer: ScoreAnswer): Sheet[] {
  return [
    {
      name: 'judgement',
      title: 'Who came back, foretold',
      columns: [
        { name: 'by', title: 'foretold by' },
        { name: 'auc', title: 'area under the curve', unit: 'number' },
        { name: 'auc_low', title: 'from', unit: 'number' },
        { name: 'auc_high', title: 'to', unit: 'number' },
        { name: 'brier', title: 'Brier score', unit: 'number' },
        { name: 'slope', title: 'calibration slope', unit: 'number' },
        { name: 'slope_low', title: 'from', unit: 'number' },
        { name: 'slope_high', title: 'to', unit: 'number' },
      ],
      rows: (answer.judgement?.foretellers ?? []).map(({ by, auc, brier, slope }) => [
        foretellerWords[by],
        auc?.value ?? null,
        auc?.low ?? null,
        auc?.high ?? null,
        brier,
        slope?.value ?? null,
        slope?.low ?? null,
        slope?.high ?? null,
      ]),
    },
    {
      name: 'gains',
      title: 'What the score adds',
      columns: [
        { name: 'over', title: 'added to' },
        { name: 'gain', title: 'area gained', unit: 'number' },
        { name: 'low', title: 'from', unit: 'number' },
        { name: 'high', title: 'to', unit: 'number' },
      ],
      rows: (answer.judgement?.gains ?? []).map(({ over, value, low, high }) => [
        foretellerWords[over],
        value,
        low,
        high,
      ]),
    },
    {
      name: 'calibration',
      title: 'Foretold against what came',
      columns: [
        { name: 'foretold', title: 'foretold', unit: 'share' },
        { name: 'came_back', title: 'came back', unit: 'share' },
        { name: 'low', title: 'from', unit: 'share' },
        { name: 'high', title: 'to', unit: 'share' },
        { name: 'customers', title: 'customers', unit: 'count' },
      ],
      rows: (answer.judgement?.bins ?? []).map(({ foretold, value, low, high, n }) => [
        foretold,
        value,
        low,
        high,
        n,
      ]),
    },
    {
      name: 'weights',
      title: 'What weighs how much, in log-odds',
      columns: [
        { name: 'weight', title: 'what' },
        { name: 'value', title: 'weighs', unit: 'number' },
      ],
      rows: [
        ['where everybody begins', answer.weights.start],
        ['good experiences', answer.weights.good],
        ['bad experiences', answer.weights.bad],
        ['the strongest one', answer.weights.peak],
        ['the latest one', answer.weights.last],
        ['the first one', answer.weights.first],
        ['days in which an experience loses half its weight', answer.weights.halfLifeDays],
      ],
    },
    {
      name: 'groups',
      title: 'Who scores what',
      columns: [
        { name: 'group', title: 'who' },
        { name: 'customers', title: 'customers', unit: 'count' },
        { name: 'scored', title: 'with a score', unit: 'count' },
        { name: 'low', title: 'a quarter below', unit: 'number' },
        { name: 'median', title: 'half below', unit: 'number' },
        { name: 'high', title: 'a quarter above', unit: 'number' },
      ],
      rows: answer.groups.map(({ group, customers, scored, low, median, high }) => [
        groupWords[group],
        customers,
        scored,
        low,
        median,
        high,
      ]),
    },
  ]
}
