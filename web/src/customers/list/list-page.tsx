import { Button, Checkbox, Menu } from '@mantine/core'
import { useDebouncedValue, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Fragment } from 'react'
import { stateNames } from '../../../../src/validation/words.ts'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { count, number } from '../../lib/words.ts'
import { type Column, DataTable, type Sort } from '../../parts/data-table.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { DateText, Money, Quote } from '../../parts/words.tsx'
import { CustomerLine, manyOf, StateTag, Who } from '../customer-line.tsx'
import { CustomersNav } from '../customers-nav.tsx'
import { Filters } from './filter-bar.tsx'
import { type CustomerSearch, isFiltered, queryOf } from './filters.ts'
import { SaveAsSegment } from './save-as-segment.tsx'

type Counted = Awaited<ReturnType<typeof fetchCount>>
const fetchCount = (filter: CustomerSearch) =>
  reply(api.api['customer-count'].$get({ query: queryOf(filter) }))

type Row = Awaited<ReturnType<typeof fetchPage>>['items'][number]

function fetchPage(filter: CustomerSearch, cursor: string | undefined) {
  return reply(
    api.api.customers.$get({
      query: { ...queryOf(filter), sort: filter.sort ?? 'seen', limit: '50', ...(cursor ? { cursor } : {}) },
    }),
  )
}

/** Sorted by the server only: by a column's heading. */
const sortOf: Record<string, NonNullable<CustomerSearch['sort']>> = {
  name: 'name',
  seen: 'seen',
  value: 'value',
  sales: 'sales',
  score: 'score',
}

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
type Optional = (typeof optional)[number]
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
const shownAtFirst: Optional[] = ['state', 'score', 'sales', 'value', 'promises', 'words', 'seen']

export function CustomersPage() {
  const filter = useSearch({ strict: false }) as CustomerSearch
  const navigate = useNavigate()
  const [asked] = useDebouncedValue(filter, 250)
  const [shown, setShown] = useLocalStorage<Optional[]>({
    key: 'customers.columns',
    defaultValue: shownAtFirst,
    getInitialValueInEffect: false,
  })
  const narrow = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false }) ?? false
  const manager = useMay('manager')
  const member = useMay('member')
  const pages = useInfiniteQuery({
    queryKey: ['customers', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => fetchPage(asked, pageParam),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const counted = useQuery({
    queryKey: ['customer-count', queryOf(asked)],
    queryFn: () => fetchCount(asked),
    placeholderData: keepPreviousData,
  })
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? []
  const change = (changed: Partial<CustomerSearch>) =>
    void navigate({ to: '/customers', search: { ...filter, ...changed }, replace: true })

  const sort = filter.sort ?? 'seen'
  const nobodyYet = !isFiltered(asked) && pages.data !== undefined && rows.length === 0
  return (
    <>
      <CustomersNav />
      <Page
        title="Customers"
        sentence={<CountSentence counted={counted.data} filter={asked} />}
        tools={
          nobodyYet ? null : (
            <>
              <Columns shown={shown} choose={setShown} />
              {member ? (
                <Button
                  component="a"
                  href={`/api/customers.csv?${new URLSearchParams({ ...queryOf(filter), sort })}`}
                  download
                  variant="default"
                  size="xs"
                >
                  Export CSV
                </Button>
              ) : null}
              {manager && isFiltered(filter) ? <SaveAsSegment filter={filter} /> : null}
            </>
          )
        }
      >
        {nobodyYet ? (
          <EmptyState
            title="Nobody is here yet"
            action={
              <LinkButton to="/welcome" variant="filled">
                Bring customers in
              </LinkButton>
            }
          >
            Import a file, send events, or load the sample company: everybody who is in them appears here.
          </EmptyState>
        ) : (
          <>
            <Filters filter={filter} change={change} />
            {pages.isPending ? (
              <Waiting height={420} />
            ) : pages.isError ? (
              <Failure error={pages.error} retry={() => void pages.refetch()} />
            ) : (
              <div className="card">
                {sort === 'score' ? (
                  <p className="n">
                    The lowest first. Who has had fewer than two experiences since the sale has no score, and
                    is not in this list.
                  </p>
                ) : null}
                {narrow && rows.length > 0 ? (
                  <ul className="plain-list" aria-label="Customers">
                    {rows.map((row) => (
                      <li key={row.id}>
                        <CustomerLine customer={row}>
                          {row.brokenUnmended > 0 ? (
                            <span className="tone-bad">▼ {row.brokenUnmended} broken, not made good</span>
                          ) : null}
                        </CustomerLine>
                      </li>
                    ))}
                  </ul>
                ) : (
                  <DataTable
                    caption="Customers"
                    columns={columnsFor(shown)}
                    rows={rows}
                    rowKey={(row) => row.id}
                    sort={sortShown(sort)}
                    onSort={(next) => change({ sort: sortOf[next.key] ?? 'seen' })}
                    onOpen={(row) => void navigate({ to: '/customers/$id', params: { id: String(row.id) } })}
                    empty={
                      <EmptyState
                        title="Nobody matches"
                        action={
                          <Button
                            variant="default"
                            onClick={() => void navigate({ to: '/customers', search: {} })}
                          >
                            Show everybody
                          </Button>
                        }
                      >
                        Take a filter out, or look for another name, address or order.
                      </EmptyState>
                    }
                  />
                )}
                {pages.hasNextPage ? (
                  <p className="more">
                    <Button
                      variant="default"
                      loading={pages.isFetchingNextPage}
                      onClick={() => void pages.fetchNextPage()}
                    >
                      Show 50 more
                    </Button>
                    <span className="n">{number(rows.length)} shown</span>
                  </p>
                ) : null}
              </div>
            )}
          </>
        )}
      </Page>
    </>
  )
}

/** What is true of those who are shown. */
function CountSentence({ counted, filter }: { counted: Counted | undefined; filter: CustomerSearch }) {
  if (!counted) return <span aria-hidden="true">&nbsp;</span>
  const filtered = isFiltered(filter)
  if (!counted.exact)
    return (
      <>
        About <b>{number(counted.customers)}</b> customers{filtered ? ' match' : ''}.{' '}
        <span className="n">The database’s estimate: counting them all would take a while.</span>
      </>
    )
  if (counted.customers === 0) return filtered ? <>Nobody matches.</> : <>Nobody is here yet.</>
  const parts = manyOf.flatMap(([state, words]) => {
    const n = counted.states[state] ?? 0
    if (n === 0) return []
    const tone =
      state === 'doubting' || state === 'lost' ? 'tone-bad' : state === 'advocate' ? 'tone-good' : ''
    return [
      <span key={state} className={tone}>
        {number(n)} {words}
      </span>,
    ]
  })
  return (
    <>
      <b>{count(counted.customers, 'customer')}</b>
      {filtered ? (counted.customers === 1 ? ' matches' : ' match') : ''}:{' '}
      {parts.map((part, index) => (
        <Fragment key={part.key}>
          {index === 0 ? '' : index === parts.length - 1 ? ' and ' : ', '}
          {part}
        </Fragment>
      ))}
      .
    </>
  )
}

function sortShown(sort: string): Sort {
  return { key: sort === 'new' ? 'seen' : sort, descending: sort !== 'name' && sort !== 'score' }
}

function columnsFor(shown: Optional[]): Column<Row>[] {
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
            <span className="tone-bad">▼ {row.brokenUnmended} broken, not made good</span>
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

function Columns({ shown, choose }: { shown: Optional[]; choose: (shown: Optional[]) => void }) {
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
