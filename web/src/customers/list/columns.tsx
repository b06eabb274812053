// The columns of the customers' table, and which of them are shown.
import { Button, Checkbox, Menu } from '@mantine/core'
import { stateNames } from '../../../../src/validation/words.ts'
import type { Column } from '../../parts/data-table.tsx'
import { DateText, Money, Quote } from '../../parts/words.tsx'
import { StateTag, Who } from '../customer-line.tsx'
import type { Row } from './queries.ts'

const optional = [
  'state',
  'score',
  'sales',
  'value',
  'promises',
  'words',
  'seen',
  'phone',
  'referred',
] as const
export type Optional = (typeof optional)[number]
const optionalWords: Record<Optional, string> = {
  state: 'Where they stand',
  score: 'Score',
  sales: 'Bought',
  value: 'For',
  promises: 'Promises',
  words: 'Last words',
  seen: 'Last seen',
  phone: 'Phone',
  referred: 'Sent others',
}
export const shownAtFirst: Optional[] = ['state', 'score', 'sales', 'value', 'promises', 'words', 'seen']

export function columnsFor(shown: Optional[]): Column<Row>[] {
  const all: Column<Row>[] = [
    { key: 'name', header: 'Who', value: (row) => row.label, cell: (row) => <Who customer={row} /> },
    {
      key: 'state',
      header: 'Where they stand',
      sortable: false,
      value: (row) => stateNames[row.state],
      cell: (row) => <StateTag state={row.state} />,
    },
    {
      key: 'score',
      header: 'Score',
      align: 'end',
      value: (row) => row.score,
      cell: (row) =>
        row.score ?? (
          <span className="faint" title="Not enough evidence yet">
            –
          </span>
        ),
    },
    { key: 'phone', header: 'Phone', sortable: false, value: (row) => row.phone },
    {
      key: 'sales',
      header: 'Bought',
      align: 'end',
      value: (row) => row.sales,
      cell: (row) =>
        row.sales === 0 ? (
          <span className="faint">not yet</span>
        ) : row.sales === 1 ? (
          'once'
        ) : (
          <span className="nowrap">{row.sales === 2 ? 'twice' : `${row.sales} times`}</span>
        ),
    },
    {
      key: 'value',
      header: 'For',
      align: 'end',
      value: (row) => row.valueMinor,
      cell: (row) => (row.sales > 0 ? <Money minor={row.valueMinor} currency={row.currency} /> : null),
    },
    {
      key: 'promises',
      header: 'Promises',
      sortable: false,
      value: (row) => row.brokenUnmended,
      cell: (row) => (
        <>
          {row.brokenUnmended > 0 ? (
            <span className="bad">
              <span className="one-line">▼ {row.brokenUnmended} broken,</span>{' '}
              <span className="one-line">not made good</span>
            </span>
          ) : null}
          {row.brokenUnmended > 0 && row.openExpectations > 0 ? <br /> : null}
          {row.openExpectations > 0 ? <span className="n">{row.openExpectations} open</span> : null}
        </>
      ),
    },
    {
      key: 'referred',
      header: 'Sent others',
      align: 'end',
      sortable: false,
      value: (row) => row.referred || null,
    },
    {
      key: 'words',
      header: 'Last words',
      sortable: false,
      value: (row) => row.lastWords,
      cell: (row) =>
        row.lastWords ? (
          <span className="clip">
            <Quote>{row.lastWords}</Quote>
          </span>
        ) : null,
    },
    {
      key: 'seen',
      header: 'Last seen',
      value: (row) => row.lastSeenAt,
      cell: (row) => (
        <span className="nowrap">
          <DateText at={row.lastSeenAt} as="ago" />
        </span>
      ),
    },
  ]
  return all.filter((column) => column.key === 'name' || shown.includes(column.key as Optional))
}

export function Columns({ shown, choose }: { shown: Optional[]; choose: (shown: Optional[]) => void }) {
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs">
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {optional.map((key) => (
          <Menu.Item
            key={key}
            onClick={() =>
              choose(shown.includes(key) ? shown.filter((each) => each !== key) : [...shown, key])
            }
            leftSection={
              <Checkbox size="xs" checked={shown.includes(key)} readOnly tabIndex={-1} aria-hidden="true" />
            }
            aria-checked={shown.includes(key)}
            role="menuitemcheckbox"
          >
            {optionalWords[key]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
