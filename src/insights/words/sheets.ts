import type { Sheet } from '../asking/sheet.ts'
import type { WordsAnswer } from './schema.ts'

export function wordsSheets({ themes, topics }: WordsAnswer): Sheet[] {
  return [
    {
      name: 'terms',
      title: 'Words that separate good from bad',
      columns: [
        { name: 'touchpoint', title: 'where' },
        { name: 'side', title: 'said where it was' },
        { name: 'term', title: 'words' },
        { name: 'good_texts', title: 'good texts', unit: 'count' },
        { name: 'bad_texts', title: 'bad texts', unit: 'count' },
        { name: 'z', title: 'z', unit: 'number' },
        { name: 'example', title: 'for example' },
      ],
      rows: themes.flatMap((theme) =>
        (['bad', 'good'] as const).flatMap((side) =>
          theme[side].map((term) => [
            theme.name,
            side,
            term.term,
            term.good,
            term.bad,
            term.z,
            term.examples[0]?.text ?? null,
          ]),
        ),
      ),
    },
    {
      name: 'topics',
      title: 'What they speak of',
      columns: [
        { name: 'topic', title: 'topic' },
        { name: 'texts', title: 'texts', unit: 'count' },
        { name: 'labelled', title: 'labelled', unit: 'count' },
        { name: 'good', title: 'good', unit: 'count' },
        { name: 'bad', title: 'bad', unit: 'count' },
      ],
      rows: [
        ...topics.topics.map((each) => [each.topic, each.texts, each.labelled, each.good, each.bad]),
        ...(topics.topics.length > 0 ? [['unsure', topics.unsure, 0, null, null]] : []),
      ],
    },
  ]
}
