import { NativeSelect } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type {
  ReturnAnswer,
  ReturnCurve,
  ReturningCustomer,
} from '../../../../src/insights/returning/schema.ts'
import { returnSheets } from '../../../../src/insights/returning/sheets.ts'
import { CalibrationPlot } from '../../figures/calibration-plot.tsx'
import { CohortGrid } from '../../figures/cohort-grid.tsx'
import { SurvivalCurves } from '../../figures/survival-curves.tsx'
import { number, percent, wholeMoney } from '../../lib/words.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, DateText } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'

export function ReturnPage() {
  return (
    <QuestionPage<ReturnAnswer>
      name="return"
      compares
      title="Coming back"
      about="How soon customers buy again, who still is one, and how many sales to expect; with how well the same forecast would have done in the past."
      sheets={returnSheets}
      pickers={(search, set) => (
        <NativeSelect
          size="xs"
          aria-label="How far ahead"
          value={String(search['span'] ?? 365)}
          onChange={(event) => set({ span: Number(event.currentTarget.value) })}
          data={[90, 180, 365, 730].map((days) => ({ value: String(days), label: `Foretell ${days} days` }))}
        />
      )}
    >
      {(answer) =>
        answer.customers === 0 ? (
          <EmptyState
            title="Nobody has bought in this time"
            action={
              <LinkButton to="/imports" variant="default">
                Bring in sales
              </LinkButton>
            }
          >
            Bring in orders, projects or contracts; each later one of the same customer counts as coming back.
          </EmptyState>
        ) : (
          <>
            <SurvivalCurves
              title="From the first sale to the second"
              sentence="The share who had bought again, by the days since their first sale."
              claim="counted"
              n={answer.customers}
              groups={answer.first.map(groupOf)}
              unit="days"
              happened="had bought again"
              note="Bands: 95 % log-log interval. Who has not bought again yet counts for as long as they were followed."
            />
            {answer.later.length > 0 ? (
              <SurvivalCurves
                title="And after that"
                sentence="The share who had bought once more, by the days since the sale before."
                claim="counted"
                n={answer.later.reduce((sum, curve) => sum + curve.n, 0)}
                groups={answer.later.map(groupOf)}
                unit="days"
                happened="had bought again"
              />
            ) : null}
            <CohortGrid
              title="By quarter of the first sale"
              sentence="The share who had come back within so many months."
              claim="counted"
              n={answer.customers}
              cohorts={answer.cohorts}
              columns={answer.cohortColumns}
              since="months since the first sale"
              what="First bought in"
            />
            <Foretold answer={answer} />
            {answer.best.length > 0 ? (
              <People title="Most expected" customers={answer.best.slice(0, 25)} currency={answer.currency} />
            ) : null}
            {answer.bringers.length > 0 ? (
              <People
                title="Hardly expected back, but they brought others"
                customers={answer.bringers.slice(0, 25)}
                currency={answer.currency}
              />
            ) : null}
          </>
        )
      }
    </QuestionPage>
  )
}

function groupOf(curve: ReturnCurve) {
  return {
    id: curve.id,
    name: curve.name,
    n: curve.n,
    curve: curve.curve,
    median: curve.median.value === null ? null : curve.median,
  }
}

function Foretold({ answer }: { answer: ReturnAnswer }) {
  const { model, check } = answer
  if (!model)
    return (
      <Card title="What to expect" tools={<Claim kind="not enough to tell" />}>
        <p className="faint">This can’t be told, because {answer.cannotForetell}.</p>
      </Card>
    )
  const modelWords = `${model.name} in weeks: ${Object.entries(model.parameters)
    .map(([name, value]) => `${name} ${number(value, 4)}`)
    .join(', ')}.${model.dropout === 'none detectable' ? ' No detectable dropout.' : ''}`
  if (!check)
    return (
      <Card title={checkTitle} tools={<Claim kind="not enough to tell" />}>
        <p className="faint">There is too little past to check the forecast against.</p>
        <p className="n">{modelWords}</p>
      </Card>
    )
  const { foretold, happened, groups } = check
  return (
    <CalibrationPlot
      title={checkTitle}
      sentence={
        <>
          Told only what was known before <DateText at={`${check.until}T12:00:00Z`} />:{' '}
          {number(foretold.value)} sales
          {foretold.low === null || foretold.high === null
            ? ''
            : ` (${number(foretold.low)} to ${number(foretold.high)})`}{' '}
          for the {number(check.days)} days since. It was <b>{number(happened)}</b>.
        </>
      }
      claim="counted"
      n={groups.reduce((sum, group) => sum + group.n, 0)}
      bins={groups.map((group) => ({
        foretold: group.foretold,
        came: { value: group.happened, low: group.low, high: group.high, n: group.n },
      }))}
      format={each}
      beside={
        <div className="n">
          <p>
            Each dot is a tenth of the customers, by what was foretold for them: how many sales each was to
            bring, and how many came. Below the line fewer came than foretold.
          </p>
          <p>{modelWords}</p>
        </div>
      }
    />
  )
}

const checkTitle = 'What would have been foretold, and what came'
const each = (value: number) => number(value, 2)

function People(props: { title: string; customers: ReturningCustomer[]; currency: string }) {
  const { title, customers, currency } = props
  return (
    <Card title={title} tools={<Claim kind="goes along with" />}>
      <DataTable
        caption={title}
        rows={customers}
        rowKey={(each) => each.customerId}
        first={8}
        columns={[
          {
            key: 'name',
            header: 'Customer',
            value: (each) => each.name ?? '',
            cell: (each) => (
              <Link to="/customers/$id" params={{ id: `${each.customerId}` }}>
                {each.name ?? `Customer ${each.customerId}`}
              </Link>
            ),
          },
          { key: 'sales', header: 'Sales', value: (each) => each.sales, align: 'end' },
          {
            key: 'last',
            header: 'Last',
            value: (each) => each.lastDay,
            align: 'end',
            cell: (each) => <DateText at={`${each.lastDay}T12:00:00Z`} />,
          },
          {
            key: 'alive',
            header: 'Still a customer',
            value: (each) => each.alive,
            align: 'end',
            cell: (each) => percent(each.alive),
          },
          {
            key: 'expected',
            header: 'Sales to expect',
            value: (each) => each.expected,
            align: 'end',
            cell: (each) => each.expected.toFixed(2),
          },
          {
            key: 'worth',
            header: 'Worth',
            value: (each) => each.expectedMinor,
            align: 'end',
            cell: (each) => (each.expectedMinor === null ? '–' : wholeMoney(each.expectedMinor, currency)),
          },
          { key: 'brought', header: 'Brought', value: (each) => each.brought, align: 'end' },
        ]}
      />
    </Card>
  )
}
