import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { BudgetAnswer } from '../../../../src/insights/budget/schema.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { number, percent } from '../../lib/words.ts'
import { ConfirmAction } from '../../parts/actions.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, Money } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'

const RecordTest = lazy(async () => ({ default: (await import('./record-test.tsx')).RecordTest }))

export function BudgetPage() {
  const manager = useMay('manager')
  const [recording, setRecording] = useState(false)
  return (
    <>
      <QuestionPage<BudgetAnswer>
        name="budget"
        title="Balance and budget"
        about="Where the money goes, what it has been shown to do, and how it would be divided by that. What moved together in the past decides nothing here; only tests that left some customers out at random do."
        sheets={[
          { name: 'touchpoints', title: 'By touchpoint' },
          { name: 'stages', title: 'By stage' },
          { name: 'tests', title: 'What tests showed' },
        ]}
        pickers={() =>
          manager ? (
            <Button size="xs" onClick={() => setRecording(true)}>
              Record a test
            </Button>
          ) : null
        }
      >
        {(answer) =>
          answer.touchpoints.length === 0 ? (
            <EmptyState
              title="No money is entered yet"
              action={
                manager ? (
                  <LinkButton to="/journey/edit" variant="default">
                    Enter what is spent
                  </LinkButton>
                ) : null
              }
            >
              Enter what you spend at each moment in the journey’s editor, under Money.
            </EmptyState>
          ) : (
            <>
              <Spending answer={answer} />
              <Shown answer={answer} />
              <Tests answer={answer} manager={manager} />
            </>
          )
        }
      </QuestionPage>
      <Suspense>{recording ? <RecordTest close={() => setRecording(false)} /> : null}</Suspense>
    </>
  )
}

const effectWords = {
  proven: 'shown by a test',
  'nothing shown': 'a test showed nothing',
  unknown: 'unknown: run a test',
}

function Spending({ answer }: { answer: BudgetAnswer }) {
  const { currency, divided } = answer
  return (
    <Card title="What is spent where" tools={<Claim kind="counted" />}>
      <DataTable
        caption="What is spent where"
        rows={answer.touchpoints}
        rowKey={(each) => each.id}
        sort={{ key: 'spent', descending: true }}
        columns={[
          { key: 'name', header: 'Moment', value: (each) => each.name },
          { key: 'side', header: 'Sale', value: (each) => each.side },
          {
            key: 'spent',
            header: 'Spent',
            value: (each) => each.spentMinor,
            align: 'end',
            cell: (each) => <Money minor={Math.round(each.spentMinor)} currency={currency} />,
          },
          {
            key: 'each',
            header: 'A customer',
            value: (each) => each.perCustomerMinor,
            align: 'end',
            cell: (each) =>
              each.perCustomerMinor === null ? (
                '–'
              ) : (
                <Money minor={Math.round(each.perCustomerMinor)} currency={currency} />
              ),
          },
          { key: 'effect', header: 'What it does', value: (each) => effectWords[each.effect] },
          {
            key: 'needed',
            header: 'For a test, each group',
            value: (each) => each.neededPerGroup,
            align: 'end',
            cell: (each) => (each.neededPerGroup === null ? '–' : number(each.neededPerGroup)),
          },
          ...(divided
            ? [
                {
                  key: 'proposed',
                  header: 'Proposed',
                  align: 'end' as const,
                  value: (each: BudgetAnswer['touchpoints'][number]) => each.proposedMinor,
                  cell: (each: BudgetAnswer['touchpoints'][number]) =>
                    each.proposedMinor === null ? (
                      '–'
                    ) : (
                      <Money minor={each.proposedMinor} currency={currency} />
                    ),
                },
              ]
            : []),
        ]}
      />
      {answer.cannotDivide ? (
        <p className="n">
          {answer.cannotDivide} <Claim kind="not enough to tell" />
        </p>
      ) : null}
    </Card>
  )
}

/** Each group of each test against its holdout. */
function Shown({ answer }: { answer: BudgetAnswer }) {
  const rows = answer.touchpoints.flatMap((each) =>
    each.tests
      .filter((test) => test.uneven === null)
      .flatMap((test) =>
        test.arms.flatMap((arm) =>
          arm.change
            ? [
                {
                  id: `${test.id}:${arm.spendMinor}`,
                  name: `${each.name}, ${number(arm.spendMinor / 100, 2)} a customer`,
                  values: [
                    { value: arm.change.value, low: arm.change.low, high: arm.change.high, n: arm.customers },
                  ],
                },
              ]
            : [],
        ),
      ),
  )
  if (rows.length === 0) return null
  return (
    <IntervalBars
      title="What tests showed"
      sentence="How many more in 100 came back than of those who were left out at random."
      claim="proven by a test"
      rows={rows}
      series={[{ id: 'more', name: 'More who came back' }]}
      what="Moment and amount"
      format={(value) => percent(value, 1)}
      reference={{ value: 0, name: 'no effect' }}
    />
  )
}

function Tests({ answer, manager }: { answer: BudgetAnswer; manager: boolean }) {
  const queries = useQueryClient()
  const tests = answer.touchpoints.flatMap((each) =>
    each.tests.map((test) => ({ ...test, where: each.name })),
  )
  if (tests.length === 0) return null
  async function remove(id: number) {
    await reply(api.api['holdout-results'][':id'].$delete({ param: { id: `${id}` } }))
    await queries.invalidateQueries({ queryKey: ['question', 'budget'] })
  }
  return (
    <Card title="The tests">
      {tests.map((test) => (
        <div className="change" key={test.id}>
          <span className="who">
            {test.name}
            <span className="n">
              {test.where}, ended {test.endedOn}, recorded by {test.madeBy}
            </span>
          </span>
          <span className="why">
            {test.arms
              .map(
                (arm) =>
                  `${number(arm.returned)} of ${number(arm.customers)}${arm.spendMinor === 0 ? ' left out' : ''}`,
              )
              .join('; ')}
            {test.uneven ? (
              <>
                {' '}
                {test.uneven} <Claim kind="not enough to tell" />
              </>
            ) : null}
          </span>
          {manager ? (
            <span className="do">
              <ConfirmAction
                label="Remove"
                question={`Remove “${test.name}”?`}
                confirm="Remove the test"
                act={() => remove(test.id)}
                done="The test is removed."
              />
            </span>
          ) : null}
        </div>
      ))}
    </Card>
  )
}
