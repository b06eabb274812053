import { Button } from '@mantine/core'
import { useDebouncedValue, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../lib/session.ts'
import { number } from '../../lib/words.ts'
import { DataTable, type Sort } from '../../parts/data-table.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { CustomerLine } from '../customer-line.tsx'
import { CustomersNav } from '../customers-nav.tsx'
import { Columns, columnsFor, type Optional, shownAtFirst } from './columns.tsx'
import { CountSentence } from './count-sentence.tsx'
import { Filters } from './filter-bar.tsx'
import { type CustomerSearch, isFiltered, queryOf } from './filters.ts'
import { fetchCount, fetchPage } from './queries.ts'
import { SaveAsSegment } from './save-as-segment.tsx'

/** Sorted by the server only: by a column's heading. */
const sortOf: Record<string, NonNullable<CustomerSearch['sort']>> = {
  name: 'name',
  seen: 'seen',
  value: 'value',
  sales: 'sales',
  score: 'score',
}

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
                            <span className="bad">▼ {row.brokenUnmended} broken, not made good</span>
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

function sortShown(sort: string): Sort {
  return { key: sort === 'new' ? 'seen' : sort, descending: sort !== 'name' && sort !== 'score' }
}
