import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { foretellerWords, groupWords } from '../../../../src/insights/score/names.ts'
import type { ScoreAnswer } from '../../../../src/insights/score/schema.ts'
import { scoreSheets } from '../../../../src/insights/score/sheets.ts'
import { BarList } from '../../figures/bar-list.tsx'
import { CalibrationPlot } from '../../figures/calibration-plot.tsx'
import { signed } from '../../figures/estimate.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { number } from '../../lib/words.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, DateText } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'
import { FoldedSheets, sheetNamed, useSheetTable } from '../sheet-cards.tsx'

type Judgement = NonNullable<ScoreAnswer['judgement']>

export function ScorePage() {
  return (
    <QuestionPage<ScoreAnswer>
      name="score"
      title="How sure the score is"
      about="The score adds up what a customer experienced since the sale. Every night its weights are found on your past and judged on the time after it, against what purchases and ratings say without it."
      sheets={scoreSheets}
      scope={false}
    >
      {(answer) =>
        answer.groups.length === 0 ? (
          <EmptyState
            title="Nobody has bought yet"
            action={
              <LinkButton to="/imports" variant="default">
                Bring in sales
              </LinkButton>
            }
          >
            A score says whether the choice to buy is confirmed: it begins with the first sale.
          </EmptyState>
        ) : (
          <>
            {answer.judgement && answer.judgement.cannotTell === null ? (
              <Judged judgement={answer.judgement} />
            ) : null}
            <Groups answer={answer} />
            <Weights answer={answer} />
            <FoldedSheets
              sheets={scoreSheets(answer)}
              note="Brier score: the mean squared distance from what came; less is better. Calibration slope: 1 is right, below 1 too extreme, above 1 too timid."
            />
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

function Weights({ answer }: { answer: ScoreAnswer }) {
  const { weights, judgement, fittedAt } = answer
  const table = useSheetTable(sheetNamed(scoreSheets(answer), 'weights'))
  const rows = [
    ['start', 'Where everybody begins', weights.start],
    ['good', 'Good experiences together, from 0 to 1', weights.good],
    ['bad', 'Bad experiences together, from 0 to 1', -weights.bad],
    ['peak', 'The strongest one, from −1 to +1', weights.peak],
    ['last', 'The latest one, from −1 to +1', weights.last],
    ['first', 'The first one, from −1 to +1', weights.first],
  ] as const
  return (
    <BarList
      title="What weighs how much"
      sentence="How far each moves the odds that the choice is confirmed, in log-odds."
      claim={judgement?.fittedModelUsed ? 'goes along with' : 'counted'}
      sides={lessAndMore}
      rows={rows.map(([id, name, value]) => ({
        id,
        name,
        opposite: { value: Math.max(0, -value), text: value < 0 ? signed(value) : '', tone: 'bad' },
        bar: { value: Math.max(0, value), text: value < 0 ? '' : signed(value), tone: 'good' },
        say: `${name}: ${signed(value)}.`,
      }))}
      table={table}
      note={
        <>
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
        </>
      }
    />
  )
}

const lessAndMore: [string, string] = ['▼ less likely', '▲ more likely']

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
