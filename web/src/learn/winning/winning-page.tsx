import { NativeSelect } from '@mantine/core'
import type { Winning } from '../../../../src/insights/winning/schema.ts'
import { number, percent } from '../../lib/words.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, Money, Share } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'

const who: Record<Winning['groups'][number]['courted'], string> = {
  referred: 'Brought by a customer',
  returning: 'Bought before',
  cold: 'Came by themselves',
}

export function WinningPage() {
  return (
    <QuestionPage<Winning>
      name="winning"
      title="What winning took"
      about="From somebody’s first touch to the sale: who is won, what it takes, and why the others leave."
      sheets={[
        { name: 'groups', title: 'Won, and what it took' },
        { name: 'reasons', title: 'Why they did not buy' },
        { name: 'went-to', title: 'Where they went' },
      ]}
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
          <EmptyState title="Nobody was courted in this time">
            Bring in what happens before a sale: enquiries, visits, proposals.
          </EmptyState>
        ) : (
          <>
            <Card title="Won, and what it took" tools={<Claim kind="counted" />}>
              <DataTable
                caption="Won, and what it took"
                rows={answer.groups}
                rowKey={(group) => group.courted}
                columns={[
                  { key: 'who', header: 'Who', value: (group) => who[group.courted] },
                  {
                    key: 'begun',
                    header: 'Courted',
                    value: (group) => group.begun,
                    align: 'end',
                    cell: (group) => number(group.begun),
                  },
                  {
                    key: 'open',
                    header: 'Still open',
                    value: (group) => group.open,
                    align: 'end',
                    cell: (group) => number(group.open),
                  },
                  {
                    key: 'won',
                    header: 'Won',
                    value: (group) => group.won.value,
                    align: 'end',
                    cell: (group) => <Share {...group.won} />,
                  },
                  {
                    key: 'days',
                    header: 'Days, half of them',
                    value: (group) => group.days.median,
                    align: 'end',
                  },
                  { key: 'p90', header: 'Days, 9 in 10', value: (group) => group.days.p90, align: 'end' },
                  {
                    key: 'touches',
                    header: 'Touches, half of them',
                    value: (group) => group.touches.median,
                    align: 'end',
                  },
                  {
                    key: 'revenue',
                    header: 'Bought for',
                    value: (group) => group.revenueMinor,
                    align: 'end',
                    cell: (group) => <Money minor={group.revenueMinor} currency={answer.currency} />,
                  },
                  {
                    key: 'share',
                    header: 'Of all',
                    value: (group) => group.revenueShare,
                    align: 'end',
                    cell: (group) =>
                      group.revenueShare === null
                        ? '–'
                        : percent(group.revenueShare, group.revenueShare < 0.1 ? 1 : 0),
                  },
                ]}
              />
            </Card>
            <div className="learn-pair">
              <Told
                title="Why they did not buy"
                told={answer.reasons.map(({ reason, ...rest }) => ({ words: reason, ...rest }))}
              />
              <Told
                title="Where they went"
                told={answer.wentTo.map(({ name, ...rest }) => ({ words: name, ...rest }))}
              />
            </div>
          </>
        )
      }
    </QuestionPage>
  )
}

function Told({ title, told }: { title: string; told: { words: string; n: number; share: number }[] }) {
  return (
    <Card title={title} tools={<Claim kind="counted" />}>
      {told.length === 0 ? (
        <p className="faint">Nothing was noted.</p>
      ) : (
        <DataTable
          caption={title}
          rows={told}
          rowKey={(each) => each.words}
          columns={[
            { key: 'words', header: 'In words', value: (each) => each.words },
            {
              key: 'n',
              header: 'Customers',
              value: (each) => each.n,
              align: 'end',
              cell: (each) => number(each.n),
            },
            {
              key: 'share',
              header: 'Share',
              value: (each) => each.share,
              align: 'end',
              cell: (each) => percent(each.share),
            },
          ]}
        />
      )}
    </Card>
  )
}
