import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ScoreAnswer } from '../../../../src/insights/score/schema.ts'
import { foretellerWords, groupWords } from '../../../../src/insights/score/words.ts'
import { CalibrationPlot } from '../../figures/calibration-plot.tsx'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { number } from '../../lib/words.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, DateText } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'

type Judgement = NonNullable<ScoreAnswer['judgement']>

export function ScorePage() {
  return (
    <QuestionPage<ScoreAnswer>
      name="score"
      title="How sure the score is"
      about="The score adds up what a customer experienced since the sale. Every night its weights are found on your past and judged on the time after it, against what purchases and ratings say without it."
      sheets={[
        { name: 'judgement', title: 'Who came back, foretold' },
        { name: 'gains', title: 'What the score adds' },
        { name: 'calibration', title: 'Foretold against what came' },
        { name: 'weights', title: 'What weighs how much' },
        { name: 'groups', title: 'Who scores what' },
      ]}
      scope={false}
    >
      {(answer) =>
        answer.groups.length === 0 ? (
          <EmptyState title="Nobody has bought yet">
            A score says whether the choice to buy is confirmed: it begins with the first sale.
          </EmptyState>
        ) : (
          <>
            {answer.judgement && answer.judgement.cannotTell === null ? (
              <Judged judgement={answer.judgement} />
            ) : null}
            <Groups answer={answer} />
            <Weights answer={answer} />
          </>
        )
      }
    </QuestionPage>
  )
}

const inHundred = (value: number) => number(100 * value, 1)
const auc = [{ id: 'auc', name: 'Told apart' }]
const gained = [{ id: 'gain', name: 'Gained' }]

function Judged({ judgement }: { judgement: Judgement }) {
  const n = judgement.judged?.n ?? 0
  const rows = useMemo(
    () =>
      judgement.foretellers
        .filter(({ by }) => by !== 'base rate')
        .map((each) => ({
          id: each.by,
          name: foretellerWords[each.by],
          values: [each.auc ? { ...each.auc, n } : null],
        })),
    [judgement, n],
  )
  const gains = useMemo(
    () =>
      judgement.gains.map(({ over, value, low, high }) => ({
        id: over,
        name: `Beside ${lower(foretellerWords[over])}`,
        values: [{ value, low, high, n }],
      })),
    [judgement, n],
  )
  const bins = useMemo(() => judgement.bins.map(({ foretold, ...came }) => ({ foretold, came })), [judgement])
  return (
    <>
      <IntervalBars
        title="Who came back, told apart"
        sentence="Of one who came back and one who did not: how often in 100 the first had the higher figure, on time that nothing had seen."
        claim="counted"
        n={`${number(n)} customers, ${number(judgement.judged?.yes ?? 0)} came back`}
        what="Foretold by"
        rows={rows}
        series={auc}
        format={inHundred}
        reference={chance}
        note={<Spans judgement={judgement} />}
      />
      <div className="learn-pair">
        <IntervalBars
          title="What the score adds"
          sentence={
            judgement.claim === 'predictive'
              ? 'Predictive: both intervals lie above 0.'
              : 'Descriptive: predictive would be that both intervals lie above 0.'
          }
          claim="counted"
          what="Beside"
          rows={gains}
          series={gained}
          format={inHundred}
          reference={nothing}
          empty="Nothing could be compared."
        />
        <CalibrationPlot
          title="Foretold against what came"
          sentence={calibrationWords(judgement)}
          claim="counted"
          n={n}
          bins={bins}
        />
      </div>
      <Card title="Every foreteller in figures" tools={<Claim kind="counted" />}>
        <DataTable
          caption="Every foreteller in figures"
          rows={judgement.foretellers}
          rowKey={(each) => each.by}
          columns={[
            { key: 'by', header: 'Foretold by', value: (each) => foretellerWords[each.by], sortable: false },
            {
              key: 'auc',
              header: 'Told apart in 100',
              align: 'end',
              value: (each) => each.auc?.value ?? 0.5,
              cell: (each) => between(each.auc, inHundred),
            },
            {
              key: 'brier',
              header: 'Brier score',
              align: 'end',
              value: (each) => each.brier,
              cell: (each) => (each.brier === null ? '–' : number(each.brier, 4)),
            },
            {
              key: 'slope',
              header: 'Calibration slope',
              align: 'end',
              value: (each) => each.slope?.value ?? null,
              cell: (each) => between(each.slope, (value) => number(value, 2)),
            },
          ]}
        />
        <p className="n">
          Brier score: the mean squared distance from what came; less is better. Calibration slope: 1 is
          right, below 1 too extreme, above 1 too timid.
        </p>
      </Card>
    </>
  )
}

const chance = { value: 0.5, name: 'chance' }
const nothing = { value: 0, name: 'nothing' }

function Spans({ judgement: { fitted, judged, horizonDays } }: { judgement: Judgement }) {
  if (!fitted || !judged) return null
  return (
    <>
      Found on {number(fitted.n)} cases at {fitted.dates} {fitted.dates === 1 ? 'date' : 'dates'} from{' '}
      <DateText at={fitted.from} as="day" />, with what came within {horizonDays} days, until{' '}
      <DateText at={fitted.until} as="day" />
      {fitted.oneIn > 1 ? `; one in ${fitted.oneIn} customers was taken` : ''}. Judged on what came from then
      until <DateText at={judged.until} as="day" />.
    </>
  )
}

/** How many were foretold to come back, all in all, and whether the high and the low were foretold far enough apart. */
function calibrationWords(judgement: Judgement): string {
  const { bins } = judgement
  const n = bins.reduce((sum, bin) => sum + bin.n, 0)
  if (n === 0) return 'Nothing was foretold.'
  const foretold = bins.reduce((sum, bin) => sum + bin.foretold * bin.n, 0) / n
  const came = bins.reduce((sum, bin) => sum + bin.hits, 0) / n
  return `${inHundred(foretold)} in 100 were foretold to come back, ${inHundred(came)} did. ${slopeWords(judgement)}`
}

function slopeWords({ foretellers }: Judgement): string {
  const slope = foretellers.find(({ by }) => by === 'score')?.slope
  if (!slope) return 'Whether the score is too extreme or too timid can’t be told.'
  const figures = `${number(slope.value, 2)} (${number(slope.low, 2)} to ${number(slope.high, 2)})`
  if (slope.high < 1) return `The score is too extreme: slope ${figures}, 1 would be right.`
  if (slope.low > 1) return `The score is too timid: slope ${figures}, 1 would be right.`
  return `The score is neither too extreme nor too timid, as far as can be told: slope ${figures}.`
}

function Groups({ answer }: { answer: ScoreAnswer }) {
  return (
    <Card title="Who scores what" tools={<Claim kind="counted" />}>
      <DataTable
        caption="Who scores what"
        rows={answer.groups}
        rowKey={(each) => each.group}
        columns={[
          {
            key: 'group',
            header: 'Who',
            sortable: false,
            value: (each) => groupWords[each.group],
            cell: (each) => (
              <Link
                to="/customers"
                search={{
                  state: each.state,
                  sort: 'score',
                  ...(each.group === 'silent' ? { silent: answer.silent } : {}),
                }}
              >
                {groupWords[each.group]}
              </Link>
            ),
          },
          {
            key: 'customers',
            header: 'Customers',
            align: 'end',
            value: (each) => each.customers,
            cell: (each) => number(each.customers),
          },
          {
            key: 'scored',
            header: 'With a score',
            align: 'end',
            value: (each) => each.scored,
            cell: (each) => number(each.scored),
          },
          {
            key: 'median',
            header: 'Half of them between',
            align: 'end',
            value: (each) => each.median,
            cell: (each) =>
              each.low === null || each.high === null || each.scored < 10 ? (
                <span className="faint">too few</span>
              ) : (
                `${number(each.low)} and ${number(each.high)}, middle ${number(each.median ?? 0)}`
              ),
          },
        ]}
      />
    </Card>
  )
}

function Weights({ answer: { weights, judgement, fittedAt } }: { answer: ScoreAnswer }) {
  const rows = [
    ['Where everybody begins', weights.start],
    ['Good experiences together, from 0 to 1', weights.good],
    ['Bad experiences together, from 0 to 1', -weights.bad],
    ['The strongest one, from −1 to +1', weights.peak],
    ['The latest one, from −1 to +1', weights.last],
    ['The first one, from −1 to +1', weights.first],
  ] as const
  return (
    <Card
      title="What weighs how much"
      tools={<Claim kind={judgement?.fittedModelUsed ? 'goes along with' : 'counted'} />}
    >
      <DataTable
        caption="What weighs how much"
        rows={[...rows]}
        rowKey={([name]) => name}
        columns={[
          { key: 'name', header: 'What', value: ([name]) => name, sortable: false },
          {
            key: 'value',
            header: 'Log-odds',
            align: 'end',
            sortable: false,
            value: ([, value]) => value,
            cell: ([, value]) => number(value === 0 ? 0 : value, 2),
          },
        ]}
      />
      <p className="n">
        {weights.halfLifeDays === null
          ? 'An experience does not fade.'
          : `An experience loses half its weight in ${weights.halfLifeDays} days.`}{' '}
        {judgement && judgement.halfLives.length > 1
          ? `Tried: ${judgement.halfLives
              .map(
                ({ days, deviance }) =>
                  `${days === null ? 'never' : `${days} days`} (deviance ${number(deviance, 1)})`,
              )
              .join(', ')}; less is better. `
          : ''}
        Every touchpoint counts alike.{' '}
        {fittedAt ? (
          <>
            Found on <DateText at={fittedAt} as="date" />.
          </>
        ) : null}
      </p>
    </Card>
  )
}

function between(
  figure: { value: number; low: number; high: number } | null,
  format: (value: number) => string,
): string {
  return figure ? `${format(figure.value)} (${format(figure.low)} to ${format(figure.high)})` : '–'
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
