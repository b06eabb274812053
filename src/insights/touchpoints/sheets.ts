import type { Column, Sheet } from '../asking/sheet.ts'
import type { Touchpoints } from './schema.ts'

const share = (name: string, title: string): Column => ({ name, title, unit: 'share' })
const figure = (name: string, title: string): Column => ({ name, title, unit: 'number' })

export function touchpointSheets(answer: Touchpoints): Sheet[] {
  const unit = answer.outcome.kind === 'rating' ? figure : share
  return [
    {
      name: 'touchpoints',
      title: `What moves with ${answer.outcome.noun}`,
      columns: [
        { name: 'touchpoint', title: 'touchpoint' },
        { name: 'met', title: 'met it', unit: 'count' },
        share('importance', 'matters'),
        share('importance_low', 'from'),
        share('importance_high', 'to'),
        unit('difference', 'between equals'),
        unit('difference_low', 'from'),
        unit('difference_high', 'to'),
        unit('difference_plain', 'as counted'),
        unit('well_against_badly', 'felt well against badly'),
        unit('well_against_badly_low', 'from'),
        unit('well_against_badly_high', 'to'),
        unit('well_against_badly_plain', 'as counted'),
        figure('experience', 'experience'),
        { name: 'note', title: '' },
      ],
      rows: answer.touchpoints.map((each) => [
        each.name,
        each.met.hits,
        each.importance?.share ?? null,
        each.importance?.low ?? null,
        each.importance?.high ?? null,
        each.meeting.equals?.value ?? null,
        each.meeting.equals?.low ?? null,
        each.meeting.equals?.high ?? null,
        each.meeting.plain?.value ?? null,
        each.feeling.equals?.value ?? null,
        each.feeling.equals?.low ?? null,
        each.feeling.equals?.high ?? null,
        each.feeling.plain?.value ?? null,
        each[each.shown].value,
        note(each),
      ]),
    },
    {
      name: 'funnel',
      title: 'Who was counted',
      columns: [
        { name: 'step', title: 'who' },
        { name: 'customers', title: 'customers', unit: 'count' },
      ],
      rows: answer.funnel.map((step) => [step.words, step.n]),
    },
    {
      name: 'equals',
      title: 'Equals are equal in',
      columns: [{ name: 'in', title: '' }],
      rows: answer.controls.map((each) => [each]),
    },
    ...criteriaSheet(answer),
    {
      name: 'weighed',
      title: 'How it was weighed',
      columns: [
        { name: 'model', title: 'model' },
        { name: 'means', title: '' },
      ],
      rows: [[answer.model.kind, answer.model.words]],
    },
    {
      name: 'ranks',
      title: 'How sure the order is',
      columns: [
        { name: 'touchpoint', title: 'touchpoint' },
        { name: 'rank', title: 'rank', unit: 'count' },
        { name: 'best_rank', title: 'at best', unit: 'count' },
        { name: 'worst_rank', title: 'at worst', unit: 'count' },
      ],
      rows: answer.touchpoints
        .flatMap(({ name, importance }) =>
          importance ? [[name, importance.rank, importance.bestRank, importance.worstRank]] : [],
        )
        .toSorted((a, b) => Number(a[1]) - Number(b[1])),
    },
  ]
}

function criteriaSheet({ criteria, outcome }: Touchpoints): Sheet[] {
  if (!criteria) return []
  return [
    {
      name: 'criteria',
      title: `Choosing against ${outcome.noun}`,
      columns: [
        { name: 'touchpoint', title: 'touchpoint' },
        share('choosing', 'in choosing'),
        share('choosing_low', 'from'),
        share('choosing_high', 'to'),
        share('validated', `in ${outcome.noun}`),
        share('validated_low', 'from'),
        share('validated_high', 'to'),
        share('difference', 'difference'),
        share('difference_low', 'from'),
        share('difference_high', 'to'),
        figure('p', 'p (Holm)'),
        { name: 'met_choosing', title: 'met it, courted', unit: 'count' },
        { name: 'met_validated', title: 'met it, buyers', unit: 'count' },
      ],
      rows: criteria.touchpoints.map(({ name, met, choosing, validated, difference }) => [
        name,
        ...[choosing, validated, difference].flatMap((each) => [
          each?.value ?? null,
          each?.low ?? null,
          each?.high ?? null,
        ]),
        difference?.p ?? null,
        met.choosing,
        met.validated,
      ]),
    },
  ]
}

function note({ quadrant, asymmetry, decoy, twins, cannotTell }: Touchpoints['touchpoints'][number]): string {
  return [
    quadrant === 'mend' ? 'matters, goes badly' : quadrant === 'keep' ? 'matters, goes well' : '',
    asymmetry?.kind ?? '',
    decoy ? 'falls away between equals' : '',
    twins.length > 0 ? `met by the same as ${twins.join(', ')}` : '',
    cannotTell
      ? `can't tell: ${cannotTell.words}${cannotTell.needed === null ? '' : `, about ${cannotTell.needed} needed`}`
      : '',
  ]
    .filter((each) => each !== '')
    .join('; ')
}
