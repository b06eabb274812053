import { Alert, Button, Progress } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { count, number } from '../lib/words.ts'
import { Copyable } from '../parts/copyable.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Card, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { underWay } from './imports-page.tsx'
import { delimiterWords, type ImportLine, kindWords, stateWords, stepWords } from './words.ts'
import './imports.css'
import { Actions } from './import-actions.tsx'

export function ImportPage() {
  const { id } = useParams({ strict: false })
  const may = useMay('manager')
  const found = useQuery({
    queryKey: ['imports', id],
    queryFn: () => reply(api.api.imports[':id'].$get({ param: { id: id ?? '' } })),
    refetchInterval: (query) => (query.state.data && underWay(query.state.data) ? 700 : false),
  })
  if (found.isPending)
    return (
      <Page title="Import">
        <Waiting />
      </Page>
    )
  if (found.isError)
    return (
      <Page title="Import">
        <Failure error={found.error} retry={() => void found.refetch()} />
      </Page>
    )
  const line = found.data
  return (
    <Page
      title={line.name}
      beside={<span className="tag">{stateWords[line.state]}</span>}
      tools={may ? <Actions line={line} changed={() => void found.refetch()} /> : null}
      sentence={<Told line={line} />}
    >
      <div className="stack">
        {underWay(line) ? <UnderWay line={line} /> : null}
        {line.error ? (
          <Alert color="red" variant="outline" title="Why it stopped" role="alert">
            <span className="import-error">{line.error}</span>
          </Alert>
        ) : null}
        <Counts line={line} />
        {line.counts.rejected > 0 && may ? <Rejected line={line} /> : null}
        <Files line={line} />
        <Recipe id={line.id} />
      </div>
    </Page>
  )
}

function Told({ line }: { line: ImportLine }) {
  const { counts } = line
  if (line.state === 'undone') return <>Everything this import brought in has been taken back.</>
  if (line.state === 'waiting' || (line.state === 'running' && counts.read === 0))
    return <>{stepWords[line.step]}. You can leave this page; it goes on.</>
  return (
    <>
      Of <b>{count(counts.read, 'entry', 'entries')}</b> in the files, <b>{number(counts.created)}</b> brought
      something new, {number(counts.updated)} changed what was there, {number(counts.unchanged)} said what we
      knew, and <b>{number(counts.rejected)}</b> could not be taken.
    </>
  )
}

function UnderWay({ line }: { line: ImportLine }) {
  const share = line.total > 0 ? Math.min(100, (line.done / line.total) * 100) : 100
  return (
    <Card title={line.stopping ? 'Stopping after the present rows …' : (stepWords[line.step] ?? line.step)}>
      <Progress
        value={share}
        animated={line.total === 0}
        aria-label={stepWords[line.step] ?? line.step}
        size="lg"
        radius="xl"
      />
      <p className="n" aria-live="polite">
        {line.total > 0 ? `${number(line.done)} of ${number(line.total)}` : `${number(line.done)} so far`}
      </p>
    </Card>
  )
}

function Counts({ line }: { line: ImportLine }) {
  if (line.kinds.length === 0) return null
  return (
    <Card title="What became of the rows">
      <DataTable
        caption="Rows by what they became"
        rows={line.kinds}
        rowKey={(row) => row.kind}
        columns={[
          { key: 'kind', header: 'Became', value: (row) => kindWords[row.kind] ?? row.kind },
          { key: 'read', header: 'Rows', align: 'end', value: (row) => row.read },
          { key: 'created', header: 'New', align: 'end', value: (row) => row.created },
          { key: 'updated', header: 'Changed', align: 'end', value: (row) => row.updated },
          { key: 'unchanged', header: 'As before', align: 'end', value: (row) => row.unchanged },
          { key: 'rejected', header: 'Rejected', align: 'end', value: (row) => row.rejected },
        ]}
      />
      {line.counts.unreadable > 0 ? (
        <p className="n">{count(line.counts.unreadable, 'line')} could not be read as a row at all.</p>
      ) : null}
    </Card>
  )
}

function Rejected({ line }: { line: ImportLine }) {
  const pages = useInfiniteQuery({
    queryKey: ['imports', line.id, 'rejects', line.state],
    queryFn: ({ pageParam }) =>
      reply(
        api.api.imports[':id'].rejects.$get({
          param: { id: String(line.id) },
          query: { limit: '25', ...(pageParam ? { cursor: pageParam } : {}) },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card
      title="Rows that could not be taken"
      tools={
        <a href={`/api/imports/${line.id}/rejects.csv`} download>
          Download them with their reasons
        </a>
      }
    >
      {pages.isError ? <Failure error={pages.error} /> : null}
      <DataTable
        caption="Rejected rows"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'file', header: 'File', value: (row) => row.file },
          { key: 'line', header: 'Line', align: 'end', value: (row) => row.line },
          { key: 'reason', header: 'Why', value: (row) => row.reason },
          {
            key: 'row',
            header: 'The row',
            sortable: false,
            value: (row) => rowText(row.row),
            cell: (row) => <span className="n import-row">{rowText(row.row)}</span>,
          },
        ]}
      />
      {pages.hasNextPage ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => void pages.fetchNextPage()}>
          More of them
        </Button>
      ) : null}
    </Card>
  )
}

function rowText(row: unknown): string {
  if (typeof row === 'string') return row
  const values = Array.isArray(row) ? row : Object.values((row ?? {}) as Record<string, unknown>)
  return values
    .filter((value) => value !== null && value !== '')
    .join(' · ')
    .slice(0, 300)
}

function Files({ line }: { line: ImportLine }) {
  if (line.files.length === 0) return null
  return (
    <Card title="The files, as they were read">
      <DataTable
        caption="Files"
        rows={line.files}
        rowKey={(row) => row.file}
        columns={[
          { key: 'file', header: 'File', value: (row) => row.file },
          { key: 'rows', header: 'Rows', align: 'end', value: (row) => row.rows },
          { key: 'lines', header: 'Lines', align: 'end', value: (row) => row.lines },
          {
            key: 'how',
            header: 'How',
            sortable: false,
            value: (row) =>
              [
                row.sheet ? `sheet ${row.sheet}` : null,
                row.encoding,
                row.delimiter ? `separated by ${delimiterWords[row.delimiter] ?? row.delimiter}` : null,
                ...row.notes,
              ]
                .filter((part) => part !== null)
                .join(', '),
          },
        ]}
      />
      <p className="n">
        Asked for <DateText at={line.createdAt} as="time" />
        {line.createdBy ? ` by ${line.createdBy}` : ''}. The files themselves are not kept.
      </p>
    </Card>
  )
}

function Recipe({ id }: { id: number }) {
  const [open, setOpen] = useState(false)
  const text = useQuery({
    queryKey: ['imports', id, 'recipe'],
    enabled: open,
    queryFn: async () => (await fetch(`/api/imports/${id}/recipe`)).text(),
  })
  return (
    <Card
      title="What was done, written down"
      tools={
        <a href={`/api/imports/${id}/recipe`} download>
          Download
        </a>
      }
    >
      <p className="muted" style={{ marginTop: 0 }}>
        It can be run again on newer files, here or in the terminal, and only what changed is changed.
      </p>
      {open ? (
        <Copyable text={text.data ?? '…'} label="Copy" />
      ) : (
        <Button variant="default" size="xs" onClick={() => setOpen(true)}>
          Show it
        </Button>
      )}
    </Card>
  )
}
