import { NativeSelect } from '@mantine/core'
import { courtedWords } from '../../../../src/insights/winning/names.ts'
import type { Winning } from '../../../../src/insights/winning/schema.ts'
import { winningSheets } from '../../../../src/insights/winning/sheets.ts'
import { BarList } from '../../figures/bar-list.tsx'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { number, percent, wholeMoney } from '../../lib/words.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { sheetNamed, useSheetTable } from '../sheet-cards.tsx'

export function WinningPage() {
  return (
    <QuestionPage<Winning>
      name="winning"
      title="What winning took"
      about="From somebody’s first touch to the sale: who is won, what it takes, and why the others leave."
      sheets={winningSheets}
      pickers={(search, set) => (
        <NativeSelect
          size="xs"
          aria-label="Counts as lost after"
          value={String(search['quiet'] ?? 90)}
          onChange={(event) => set({ quiet: Number(event.currentTarget.value) })}
          data={[30, 60, 90, 180, 365].map((days) => ({
            value: String(days),
            label: `Lost after ${days} quiet days`,
          }))}
        />
      )}
    >
      {(answer) =>
        answer.groups.every((group) => group.begun === 0) ? (
          <EmptyState
            title="Nobody was courted in this time"
            action={
              <LinkButton to="/imports" variant="default">
                Bring it in
              </LinkButton>
            }
          >
            Bring in what happens before a sale: enquiries, visits, proposals.
          </EmptyState>
        ) : (
          <Pictures answer={answer} />
        )
      }
    </QuestionPage>
  )
}

const won = [{ id: 'won', name: 'Won' }]
const share = (value: number) => percent(value)
const ends = [0, 1]

function Pictures({ answer }: { answer: Winning }) {
  const { groups, currency } = answer
  const table = useSheetTable(sheetNamed(winningSheets(answer), 'groups'))
  const open = groups.reduce((sum, group) => sum + group.open, 0)
  return (
    <>
      <IntervalBars
        title="How many are won"
        sentence="Of those who have decided, the share who bought."
        claim="counted"
        n={groups.reduce((sum, group) => sum + group.won.n, 0)}
        rows={groups.map((group) => ({
          id: group.courted,
          name: courtedWords[group.courted],
          values: [group.won],
        }))}
        series={won}
        what="Who"
        format={share}
        include={ends}
        note={`Who was quiet for ${number(answer.quiet)} days counts as lost. ${number(open)} are still open and not counted.`}
      />
      <div className="learn-pair">
        <BarList
          title="What it took"
          sentence="Days from the first touch to the sale: half took at most so many."
          claim="counted"
          rows={groups
            .filter((group) => group.days.median !== null)
            .map((group) => ({
              id: group.courted,
              name: courtedWords[group.courted],
              bar: {
                value: group.days.median ?? 0,
                text: `${number(group.days.median ?? 0)} days`,
                tone: 'group1',
              },
              say: effort(group),
            }))}
          table={table}
          note={groups
            .filter((group) => group.days.median !== null)
            .map(effort)
            .join(' ')}
          empty="Nobody has bought in this time."
        />
        <BarList
          title="What they bought for"
          sentence="Of all that was bought, by who bought it."
          claim="counted"
          rows={groups
            .filter((group) => group.revenueShare !== null)
            .map((group) => ({
              id: group.courted,
              name: courtedWords[group.courted],
              bar: {
                value: group.revenueShare ?? 0,
                text: `${percent(group.revenueShare ?? 0, 1)} · ${wholeMoney(group.revenueMinor, currency)}`,
                tone: 'group1',
              },
              say: `${courtedWords[group.courted]}: ${wholeMoney(group.revenueMinor, currency)}, ${percent(group.revenueShare ?? 0, 1)} of all, n ${number(group.won.hits)}.`,
            }))}
          table={table}
          empty="No value of a sale is known."
        />
      </div>
      <div className="learn-pair">
        <Told
          title="Why they did not buy"
          answer={answer}
          name="reasons"
          told={answer.reasons.map(({ reason, ...rest }) => ({ words: reason, ...rest }))}
          empty="No reason was noted. Send “reason” with the event that says no."
        />
        <Told
          title="Where they went"
          answer={answer}
          name="went-to"
          told={answer.wentTo.map(({ name, ...rest }) => ({ words: name, ...rest }))}
          empty="Where they went was not noted. Send “competitor” with the event that says no."
        />
      </div>
    </>
  )
}

/** Median and nine in ten, with what stands behind them. */
function effort({ courted, days, touches }: Winning['groups'][number]): string {
  return `${courtedWords[courted]}: half within ${number(days.median ?? 0)} days, nine in ten within ${number(days.p90 ?? 0)}; half with at most ${number(touches.median ?? 0)} touches (n ${number(days.n)}).`
}

function Told(props: {
  title: string
  answer: Winning
  name: string
  told: { words: string; n: number; share: number }[]
  empty: string
}) {
  const { title, answer, name, told, empty } = props
  const table = useSheetTable(sheetNamed(winningSheets(answer), name))
  return (
    <BarList
      title={title}
      claim="counted"
      n={told.reduce((sum, each) => sum + each.n, 0)}
      rows={told.slice(0, 12).map((each) => ({
        id: each.words,
        name: each.words,
        bar: { value: each.n, text: `${number(each.n)} · ${percent(each.share)}`, tone: 'group1' },
        say: `${each.words}: ${number(each.n)} customers, ${percent(each.share)} of those who said.`,
      }))}
      table={table}
      empty={empty}
    />
  )
}
