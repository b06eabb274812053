import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { money } from '../lib/words.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'

export function ChangesPage() {
  const [actor, setActor] = useState('')
  const [action, setAction] = useState<string | null>(null)
  const [subject, setSubject] = useState<string | null>(null)
  const [wanted] = useDebouncedValue(actor.trim(), 250)
  const words = useQuery({ queryKey: ['audit-words'], queryFn: () => reply(api.api.audit.words.$get()) })
  const filter = {
    ...(wanted ? { actor: wanted } : {}),
    ...(action ? { action } : {}),
    ...(subject ? { subject } : {}),
  }
  const pages = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      reply(api.api.audit.$get({ query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? []
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    {
      key: 'at',
      header: 'When',
      value: (row) => String(row.at),
      cell: (row) => <DateText at={String(row.at)} as="time" />,
    },
    { key: 'who', header: 'Who', value: (row) => row.actorName || row.actor },
    {
      key: 'what',
      header: 'What',
      value: (row) => `${row.action} ${row.subject} ${row.subjectId ?? ''}`,
      cell: (row) => (
        <>
          {row.action} <b>{row.subject}</b> <span className="n">{row.subjectId}</span>
        </>
      ),
    },
    {
      key: 'details',
      header: 'Details',
      sortable: false,
      value: (row) => detailsText(row.details),
      cell: (row) => (
        <span className="n" style={{ overflowWrap: 'anywhere' }}>
          {detailsText(row.details)}
        </span>
      ),
    },
  ]
  return (
    <Page title="Changes" sentence="Who changed what, newest first.">
      <Card>
        <div style={{ display: 'flex', gap: 12, flexWrap: 'wrap', marginBottom: 12 }}>
          <TextInput
            size="xs"
            aria-label="Who"
            placeholder="Who"
            value={actor}
            onChange={(event) => setActor(event.currentTarget.value)}
          />
          <Select
            size="xs"
            aria-label="Did what"
            placeholder="Did what"
            clearable
            data={words.data?.actions ?? []}
            value={action}
            onChange={setAction}
          />
          <Select
            size="xs"
            aria-label="To what"
            placeholder="To what"
            clearable
            data={words.data?.subjects ?? []}
            value={subject}
            onChange={setSubject}
          />
        </div>
        {pages.isPending ? (
          <Waiting />
        ) : pages.isError ? (
          <Failure error={pages.error} retry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState title="Nothing matches">Take a filter away to see more.</EmptyState>
        ) : (
          <DataTable
            caption="Changes"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            exportAs="changes"
          />
        )}
        {pages.hasNextPage ? (
          <Button
            mt="sm"
            variant="default"
            size="xs"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show older
          </Button>
        ) : null}
      </Card>
    </Page>
  )
}

/** The particulars of a change in words: "starts on: 2026-01-01, amount: € 14,000, touchpoint: 33". */
function detailsText(details: Record<string, unknown>): string {
  const { currency } = details
  const priced = typeof currency === 'string' && Object.keys(details).some((name) => name.endsWith('Minor'))
  return Object.entries(details)
    .filter(([name]) => name !== 'id' && !(priced && name === 'currency'))
    .map(([name, value]) => {
      const minor = priced && name.endsWith('Minor') && typeof value === 'number'
      const plain = name.replace(/(Minor|Id)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      return `${plain}: ${minor ? money(value, currency) : typeof value === 'string' ? value : JSON.stringify(value)}`
    })
    .join(', ')
}
