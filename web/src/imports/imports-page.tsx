import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { count } from '../lib/words.ts'
import { DataTable } from '../parts/data-table.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { type ImportLine, stateWords } from './words.ts'

export function ImportsPage() {
  const may = useMay('manager')
  const pages = useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam }) =>
      reply(api.api.imports.$get({ query: pageParam ? { cursor: pageParam } : {} })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages.some(({ items }) => items.some(underWay)) ? 1_000 : false,
  })
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? []
  const running = rows.filter(underWay).length
  const brought = rows.filter(({ state }) => state === 'done')
  const bring = may ? <LinkButton to="/imports/new">Bring files in</LinkButton> : null
  return (
    <Page
      title="Imports"
      tools={rows.length > 0 ? bring : null}
      sentence={
        rows.length > 0 ? (
          <>
            {running > 0 ? `${count(running, 'import')} under way. ` : null}
            {brought.length > 0 ? (
              <>
                <b>{count(brought.length, 'import')}</b> brought in{' '}
                <b>
                  {count(
                    brought.reduce((all, each) => all + each.counts.created, 0),
                    'new row',
                  )}
                </b>
                . Any of them can be taken back whole.
              </>
            ) : (
              'Nothing that was brought in is here at present.'
            )}
          </>
        ) : null
      }
    >
      {pages.isPending ? <Waiting /> : null}
      {pages.isError ? <Failure error={pages.error} retry={() => void pages.refetch()} /> : null}
      {pages.data && rows.length === 0 ? (
        <EmptyState title="No files have been brought in yet" action={bring}>
          A spreadsheet of projects, the orders your shop exports, reviews, tickets: drop the file, see what
          its rows become, and bring them in. What you brought in can be taken back.
        </EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <Card>
          <DataTable<ImportLine>
            caption="Imports, newest first"
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'name',
                header: 'What',
                value: (row) => row.name,
                cell: (row) => (
                  <Link to="/imports/$id" params={{ id: String(row.id) }}>
                    {row.name}
                  </Link>
                ),
              },
              { key: 'state', header: 'State', value: (row) => stateWords[row.state] },
              { key: 'read', header: 'Rows', align: 'end', value: (row) => row.counts.read },
              { key: 'created', header: 'New', align: 'end', value: (row) => row.counts.created },
              { key: 'updated', header: 'Changed', align: 'end', value: (row) => row.counts.updated },
              { key: 'unchanged', header: 'As before', align: 'end', value: (row) => row.counts.unchanged },
              { key: 'rejected', header: 'Rejected', align: 'end', value: (row) => row.counts.rejected },
              {
                key: 'when',
                header: 'When',
                value: (row) => row.createdAt,
                cell: (row) => <DateText at={row.createdAt} as="time" />,
              },
              { key: 'who', header: 'By', value: (row) => row.createdBy },
            ]}
          />
          {pages.hasNextPage ? (
            <Button variant="default" size="xs" mt="sm" onClick={() => void pages.fetchNextPage()}>
              Older ones
            </Button>
          ) : null}
        </Card>
      ) : null}
    </Page>
  )
}

export function underWay({ state }: { state: ImportLine['state'] }): boolean {
  return state === 'waiting' || state === 'running' || state === 'undoing'
}
