// What one column is: chosen beside it, or dragged onto what it is.
import { Autocomplete, Select } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { type ColumnMapping, type Role, roleGroups, usualEvents } from './words.ts'

export const dragTargets: Role[] = [
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

const columnType = 'application/x-troth-column'

export function Bucket({ role, dropped }: { role: Role; dropped: (column: string) => void }) {
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

export function ColumnRow(props: {
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
