import { Autocomplete, Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type DragEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useWorkspace } from '../lib/session.ts'
import { toastFailure } from '../parts/actions.tsx'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Becomes } from './becomes.tsx'
import { type ColumnMapping, delimiterWords, type Look, type Role, roleGroups, usualEvents } from './words.ts'

interface Layout {
  encoding?: string
  delimiter?: string
  sheet?: string
  header?: boolean
}

/** Names the columns of one file; begins with what they probably are. */
export function MapFile({ upload, file }: { upload: string; file: string }) {
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
      <Columns key={JSON.stringify(layout)} upload={upload} look={look.data} layout={layout} />
    </div>
  )
}

function HowRead(props: { layout: Layout; change: (layout: Layout) => void; look: Look | undefined }) {
  const { layout, change, look } = props
  const set = (more: Layout) => change({ ...layout, ...more })
  return (
    <Card title="How the file is read">
      <div className="wizard-fields">
        {look?.read.sheets ? (
          <Select
            label="Sheet"
            data={look.read.sheets}
            value={look.read.sheet ?? null}
            allowDeselect={false}
            onChange={(sheet) => (sheet ? set({ sheet }) : null)}
          />
        ) : null}
        {!look || look.read.delimiter ? (
          <Select
            label="Cells are separated by"
            data={[
              ...Object.entries(delimiterWords).map(([value, label]) => ({ value, label })),
              ...(look?.read.delimiter && !delimiterWords[look.read.delimiter]
                ? [{ value: look.read.delimiter, label: look.read.delimiter }]
                : []),
            ]}
            value={layout.delimiter ?? look?.read.delimiter ?? null}
            allowDeselect={false}
            onChange={(delimiter) => (delimiter ? set({ delimiter }) : null)}
          />
        ) : null}
        {!look || look.read.encoding ? (
          <Select
            label="Letters are written in"
            searchable
            data={[
              'utf-8',
              'windows-1252',
              'windows-1250',
              'windows-1251',
              'utf-16le',
              'macintosh',
              'shift_jis',
              'gb18030',
            ]}
            value={layout.encoding ?? look?.read.encoding ?? null}
            allowDeselect={false}
            onChange={(encoding) => (encoding ? set({ encoding }) : null)}
          />
        ) : null}
        <Checkbox
          label="The first row names the columns"
          checked={layout.header ?? true}
          onChange={(event) => set({ header: event.currentTarget.checked })}
          pb={8}
        />
      </div>
      {look ? (
        <>
          {[
            ...look.read.notes,
            ...(look.read.refused > 0 ? [`${look.read.refused} lines could not be read`] : []),
          ].map((note) => (
            <p key={note} className="n" style={{ margin: '8px 0 0' }}>
              {note}
            </p>
          ))}
          <details style={{ marginTop: 10 }}>
            <summary>The first rows, as they stand in the file</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard too */}
            <section className="table-wrap first-rows" aria-label="The first rows" tabIndex={0}>
              <table className="data">
                <thead>
                  <tr>
                    <th scope="col">Line</th>
                    {look.columns.map(({ name }) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {look.rows.map(({ line, cells }) => (
                    <tr key={line}>
                      <td className="n">{line}</td>
                      {look.columns.map(({ name }, index) => (
                        <td key={name}>{cells[index]}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </details>
        </>
      ) : null}
    </Card>
  )
}

const dragTargets: Role[] = [
  'email',
  'customer_id',
  'name',
  'order_id',
  'moment',
  'promised',
  'amount',
  'rating',
  'words',
  'trait',
  'detail',
  'leave',
]
const labels = new Map(
  roleGroups.flatMap(({ items }) => items.map(({ value, label }) => [value, label] as const)),
)

function Columns({ upload, look, layout }: { upload: string; look: Look; layout: Layout }) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
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
      await navigate({ to: '/imports/$id', params: { id: String(line.id) } })
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

const columnType = 'application/x-troth-column'

function Bucket({ role, dropped }: { role: Role; dropped: (column: string) => void }) {
  const [over, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; the keyboard uses the list beside each column
    <span
      className={over ? 'bucket over' : 'bucket'}
      onDragOver={(event: DragEvent) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        const column = event.dataTransfer.getData(columnType)
        if (column) dropped(column)
      }}
    >
      {labels.get(role)}
    </span>
  )
}

function ColumnRow(props: {
  mapped: ColumnMapping
  samples: string[]
  happenings: string[]
  change: (more: Partial<ColumnMapping>) => void
}) {
  const { mapped, samples, happenings, change } = props
  const { column, role } = mapped
  const named = role === 'moment' || role === 'time' || role === 'promised'
  const attached =
    (role === 'amount' || role === 'rating' || role === 'words' || role === 'detail') && happenings.length > 1
  return (
    <div className={role === 'leave' ? 'map-column left-out' : 'map-column'}>
      <div style={{ minWidth: 0 }}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dragged by mouse; the keyboard uses the list beside it */}
        <div
          className="name"
          draggable
          onDragStart={(event) => event.dataTransfer.setData(columnType, column)}
        >
          {column}
        </div>
        <div className="samples">{samples.join(' · ') || 'empty'}</div>
      </div>
      <Select
        aria-label={`What "${column}" is`}
        data={roleGroups}
        value={role}
        searchable
        allowDeselect={false}
        onChange={(value) => (value ? change({ role: value as Role }) : null)}
      />
      <div>
        {named ? (
          <Autocomplete
            aria-label={role === 'promised' ? `What keeps "${column}"` : `What happened on "${column}"`}
            placeholder={role === 'promised' ? 'Kept by …' : 'What happened then'}
            leftSection={role === 'promised' ? <span className="muted">by</span> : null}
            data={usualEvents}
            value={mapped.event ?? ''}
            onChange={(event) => change({ event })}
          />
        ) : null}
        {attached ? (
          <Select
            aria-label={`What "${column}" belongs to`}
            placeholder="Belongs to …"
            data={[...new Set(happenings)]}
            value={mapped.event ?? null}
            clearable
            onChange={(event) => change({ event: event ?? undefined })}
          />
        ) : null}
        {role === 'rating' ? (
          <Select
            mt={attached ? 6 : 0}
            aria-label={`Scale of "${column}"`}
            data={[
              { value: '1-5', label: 'from 1 to 5' },
              { value: '0-10', label: 'from 0 to 10' },
              { value: '1-10', label: 'from 1 to 10' },
              { value: '1-7', label: 'from 1 to 7' },
              { value: '0-100', label: 'from 0 to 100' },
            ]}
            value={mapped.scale ?? '1-5'}
            allowDeselect={false}
            onChange={(scale) => change({ scale: scale ?? undefined })}
          />
        ) : null}
      </div>
    </div>
  )
}
