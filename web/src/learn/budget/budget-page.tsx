import { Button, NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { BudgetAnswer } from '../../../../src/insights/budget/schema.ts'
import { budgetSheets } from '../../../../src/insights/budget/sheets.ts'
import { BarList } from '../../figures/bar-list.tsx'
import { signed } from '../../figures/estimate.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import type { LegendItem } from '../../figures/legend.tsx'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { money, number, wholeMoney } from '../../lib/words.ts'
import { ConfirmAction } from '../../parts/actions.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, DateText } from '../../parts/words.tsx'
import { QuestionPage, type SetSearch } from '../question-page.tsx'
import type { QuestionSearch } from '../question-search.ts'
import { sheetNamed, useSheetTable } from '../sheet-cards.tsx'

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
        sheets={budgetSheets}
        pickers={() =>
          manager ? (
            <Button size="xs" onClick={() => setRecording(true)}>
              Record a test
            </Button>
          ) : null
        }
      >
        {(answer, search, set) =>
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
              <Divided answer={answer} search={search} set={set} />
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
  unknown: 'effect unknown',
}
const tones = { before: 'before', after: 'after' } as const
const spendingLegend: LegendItem[] = [
  { swatch: 'bar', tone: 'before', text: 'before the sale' },
  { swatch: 'bar', tone: 'after', text: 'after the sale' },
]

function Spending({ answer }: { answer: BudgetAnswer }) {
  const { currency } = answer
  const table = useSheetTable(sheetNamed(budgetSheets(answer), 'touchpoints'))
  const spent = answer.touchpoints.toSorted((a, b) => b.spentMinor - a.spentMinor)
  const needed = answer.touchpoints.find((each) => each.effect === 'unknown')?.neededPerGroup
  return (
    <BarList
      title="What is spent where, and whether a test has shown what it does"
      sentence="What moved together in the past decides nothing here: an effect is unknown until a test has left some customers out at random."
      claim="counted"
      rows={spent.map((each) => ({
        id: String(each.id),
        name: each.name,
        bar: {
          value: each.spentMinor,
          text: `${wholeMoney(each.spentMinor, currency)} · ${effectWords[each.effect]}`,
          tone: tones[each.side],
        },
        say: `${each.name}, ${each.side} the sale: ${wholeMoney(each.spentMinor, currency)}${
          each.perCustomerMinor === null
            ? ''
            : `, ${money(Math.round(each.perCustomerMinor), currency)} for each of ${number(each.reached)} customers`
        }; ${effectWords[each.effect]}.`,
      }))}
      legend={spendingLegend}
      table={table}
      note={
        needed
          ? `A test that can see two in 100 more coming back needs about ${number(needed)} customers in each group.`
          : undefined
      }
    />
  )
}

/** What is spent now against what the tests would have it be. */
function Divided(props: { answer: BudgetAnswer; search: QuestionSearch; set: SetSearch }) {
  const { answer, search, set } = props
  const { currency, divided, cannotDivide } = answer
  const table = useSheetTable(sheetNamed(budgetSheets(answer), 'touchpoints'))
  if (answer.touchpoints.every(({ tests }) => tests.length === 0)) return null
  return (
    <BarList
      title="How it would be divided"
      sentence={
        divided
          ? `By what the tests showed${divided.reserveMinor > 0 ? `, with ${wholeMoney(divided.reserveMinor, currency)} kept for tests of what is unknown` : ''}.`
          : undefined
      }
      {...(divided ? {} : { cantTell: cannotDivide })}
      tools={
        <>
          <NativeSelect
            size="xs"
            aria-label="How much an amount may change"
            value={String(search['change'] ?? 30)}
            onChange={(event) => set({ change: Number(event.currentTarget.value) })}
            data={[10, 30, 50, 100].map((value) => ({
              value: String(value),
              label: `Change at most ${value} in 100`,
            }))}
          />
          <NativeSelect
            size="xs"
            aria-label="How much is kept for tests"
            value={String(search['reserve'] ?? 10)}
            onChange={(event) => set({ reserve: Number(event.currentTarget.value) })}
            data={[0, 1, 5, 10, 20].map((value) => ({
              value: String(value),
              label: `Keep ${value} in 100 for tests`,
            }))}
          />
        </>
      }
      claim="proven by a test"
      sides={nowAndThen}
      note="Where no test has shown an effect, what is spent stays as it is."
      rows={answer.touchpoints.flatMap(({ id, name, side, spentMinor, proposedMinor, held }) =>
        proposedMinor === null || held === 'unknown'
          ? []
          : [
              {
                id: String(id),
                name,
                opposite: {
                  value: spentMinor,
                  text: wholeMoney(spentMinor, currency),
                  tone: 'faint' as const,
                },
                bar: { value: proposedMinor, text: wholeMoney(proposedMinor, currency), tone: tones[side] },
                say: `${name}: ${wholeMoney(spentMinor, currency)} now, ${wholeMoney(proposedMinor, currency)} proposed.`,
              },
            ],
      )}
      table={table}
    />
  )
}

const nowAndThen: [string, string] = ['now', 'proposed']

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
                  name: `${each.name}, ${money(arm.spendMinor, answer.currency)} a customer`,
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
      format={(value) => signed(100 * value, 1)}
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
              {test.where}, ended <DateText at={`${test.endedOn}T12:00:00Z`} />, recorded by {test.madeBy}
            </span>
          </span>
          <span className="why">
            Came back:{' '}
            {test.arms
              .map(
                (arm) =>
                  `${number(arm.returned)} of ${number(arm.customers)} ${arm.spendMinor === 0 ? 'who were left out at random' : `at ${money(arm.spendMinor, answer.currency)} each`}`,
              )
              .join('; ')}
            .
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
