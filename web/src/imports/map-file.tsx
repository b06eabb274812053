import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useWorkspace } from '../lib/session.ts'
import { toastFailure } from '../parts/actions.tsx'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Becomes } from './becomes.tsx'
import { Bucket, ColumnRow, dragTargets } from './column-row.tsx'
import { HowRead, type Layout } from './how-read.tsx'
import type { ColumnMapping, Look } from './words.ts'

/** Names the columns of one file; begins with what they probably are. `started`: it is being brought in, by that import. */
export function MapFile({
  upload,
  file,
  started,
}: {
  upload: string
  file: string
  started: (id: number) => void
}) {
  const [layout, setLayout] = useState<Layout>({})
  const look = useQuery({
    queryKey: ['imports', 'look', upload, file, layout],
    queryFn: () =>
      reply(
        api.api.imports.uploads[':upload'].files[':name'].look.$post({
          param: { upload, name: file },
          json: layout,
        }),
      ),
    retry: false,
  })
  if (look.isError)
    return (
      <div className="wizard">
        <HowRead layout={layout} change={setLayout} look={undefined} />
        <Failure error={look.error} retry={() => void look.refetch()} />
      </div>
    )
  if (!look.data) return <Waiting height={320} />
  return (
    <div className="wizard">
      <HowRead layout={layout} change={setLayout} look={look.data} />
      <Columns
        key={JSON.stringify(layout)}
        upload={upload}
        look={look.data}
        layout={layout}
        started={started}
      />
    </div>
  )
}

function Columns(props: { upload: string; look: Look; layout: Layout; started: (id: number) => void }) {
  const { upload, look, layout, started } = props
  const workspace = useWorkspace()
  const [columns, setColumns] = useState<ColumnMapping[]>(look.guess.columns)
  const [title, setTitle] = useState(look.file.replace(/\.\w+$/, '').replaceAll(/[_-]+/g, ' '))
  const [dates, setDates] = useState<'day-first' | 'month-first' | null>(
    look.guess.datesAmbiguous ? null : look.guess.dates,
  )
  const [numbers, setNumbers] = useState(look.guess.numbers)
  const [spread, setSpread] = useState(look.guess.spread)
  const [busy, setBusy] = useState(false)
  const mapping = {
    title: title.trim() || look.file,
    file: look.file,
    layout,
    dates: dates ?? 'day-first',
    ...(numbers ? { numbers } : {}),
    time_zone: workspace.timeZone,
    currency: workspace.currency,
    spread,
    columns,
  }
  const [asked] = useDebouncedValue(mapping, 400)
  const preview = useQuery({
    queryKey: ['imports', 'preview', upload, asked],
    queryFn: () => reply(api.api.imports.previews.$post({ json: { upload, mapping: asked } })),
    placeholderData: (before) => before,
    retry: false,
  })
  const change = (column: string, more: Partial<ColumnMapping>) =>
    setColumns((all) => all.map((each) => (each.column === column ? { ...each, ...more } : each)))
  const hasDates = look.columns.some(({ ambiguousDates }) => ambiguousDates)
  const hasNumbers = columns.some(({ role }) => /^(amount|line_amount|unit_price)$/.test(role))
  const hasCase = columns.some(({ role }) => /^(order|project|contract|subscription)_id$/.test(role))

  async function start() {
    setBusy(true)
    try {
      const line = await reply(api.api.imports.$post({ json: { upload, mapping } }))
      started(line.id)
    } catch (error) {
      toastFailure(error)
      setBusy(false)
    }
  }

  return (
    <>
      <Card title="What the columns are">
        <fieldset className="buckets" aria-label="Drag a column's name onto what it is, or choose beside it">
          {dragTargets.map((role) => (
            <Bucket key={role} role={role} dropped={(column) => change(column, { role })} />
          ))}
        </fieldset>
        <div className="map-columns">
          {columns.map((mapped) => (
            <ColumnRow
              key={mapped.column}
              mapped={mapped}
              samples={look.columns.find(({ name }) => name === mapped.column)?.samples ?? []}
              happenings={columns.flatMap(({ role, event }) =>
                (role === 'moment' || role === 'time') && event ? [event] : [],
              )}
              change={(more) => change(mapped.column, more)}
            />
          ))}
        </div>
        <div className="wizard-fields" style={{ marginTop: 14 }}>
          {hasDates ? (
            <Select
              label="03/04/2024 is"
              description={
                look.guess.datesAmbiguous ? 'These dates can be read both ways: choose' : undefined
              }
              data={[
                { value: 'day-first', label: '3 April (day first)' },
                { value: 'month-first', label: '4 March (month first)' },
              ]}
              placeholder="Choose"
              value={dates}
              allowDeselect={false}
              error={dates === null}
              onChange={(value) => setDates(value as 'day-first' | 'month-first')}
            />
          ) : null}
          {hasNumbers ? (
            <Select
              label="One and a half thousand is written"
              data={[
                { value: 'point', label: '1,500.00' },
                { value: 'comma', label: '1.500,00' },
              ]}
              placeholder="Either way"
              value={numbers ?? null}
              clearable
              onChange={(value) => setNumbers(value === 'point' || value === 'comma' ? value : undefined)}
            />
          ) : null}
          {hasCase ? (
            <Checkbox
              label="One order or project covers several rows"
              description="An export with a row per item: the rows become one order with its items. Without an amount of the whole order, its lines are added up"
              checked={spread}
              onChange={(event) => setSpread(event.currentTarget.checked)}
            />
          ) : null}
        </div>
      </Card>
      <Card title="What the first rows become">
        <Becomes
          preview={preview.error ? undefined : preview.data}
          error={preview.error}
          waiting={preview.isPending}
        />
        <div className="wizard-fields" style={{ marginTop: 16 }}>
          <TextInput
            label="Call this import"
            description="Bringing in a newer file under the same name changes only what changed"
            value={title}
            maxLength={120}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Button
            loading={busy}
            disabled={
              dates === null ||
              !preview.data ||
              preview.isError ||
              Object.keys(preview.data.made).length === 0
            }
            onClick={() => void start()}
          >
            Bring all rows in
          </Button>
        </div>
      </Card>
    </>
  )
}
