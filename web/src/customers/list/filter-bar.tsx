import { Button, Checkbox, MultiSelect, NativeSelect, NumberInput, Popover, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { validationStates } from '../../../../src/customers/schema.ts'
import { stateNames } from '../../../../src/validation/words.ts'
import { journeyQuery } from '../../journey/edit/queries.ts'
import { api, reply } from '../../lib/api.ts'
import { useWorkspace } from '../../lib/session.ts'
import { segmentsQuery } from '../segments/queries.ts'
import { type CustomerSearch, isFiltered } from './filters.ts'

interface Props {
  filter: CustomerSearch
  change: (changed: Partial<CustomerSearch>) => void
}

export function Filters({ filter, change }: Props) {
  const [text, setText] = useState(filter.search ?? '')
  // The address changes by other ways too: a link, the browser's back.
  useEffect(() => setText(filter.search ?? ''), [filter.search])
  const segments = useQuery(segmentsQuery)
  const seen = filter.seenWithin
    ? `within ${filter.seenWithin}`
    : filter.notSeenWithin
      ? `not ${filter.notSeenWithin}`
      : ''
  return (
    <search className="filters">
      <TextInput
        className="search"
        label="Find"
        placeholder="Name, email, phone, id or order"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          change({ search: event.currentTarget.value || undefined })
        }}
      />
      <MultiSelect
        label="Where they stand"
        placeholder={filter.state ? '' : 'anywhere'}
        w={230}
        data={validationStates.map((state) => ({ value: state, label: stateNames[state] }))}
        value={filter.state?.split(',') ?? []}
        onChange={(states) => change({ state: states.join(',') || undefined })}
        clearable
      />
      <NativeSelect
        label="Last seen"
        value={seen}
        onChange={(event) => {
          const [how, days] = event.currentTarget.value.split(' ')
          change({
            seenWithin: how === 'within' ? Number(days) : undefined,
            notSeenWithin: how === 'not' ? Number(days) : undefined,
          })
        }}
        data={[
          { value: '', label: 'any time' },
          ...[7, 30, 90, 365].map((days) => ({ value: `within ${days}`, label: `in the last ${days} days` })),
          ...[30, 90, 365].map((days) => ({ value: `not ${days}`, label: `over ${days} days ago` })),
        ]}
      />
      <NativeSelect
        label="Segment"
        maw={220}
        value={String(filter.segment ?? '')}
        onChange={(event) => change({ segment: Number(event.currentTarget.value) || undefined })}
        data={[
          { value: '', label: 'everybody' },
          ...(segments.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
      />
      <More filter={filter} change={change} />
      {isFiltered(filter) ? (
        <Button
          variant="subtle"
          color="gray"
          onClick={() =>
            change(
              Object.fromEntries(
                Object.keys(filter)
                  .filter((key) => key !== 'sort')
                  .map((key) => [key, undefined]),
              ),
            )
          }
        >
          Clear
        </Button>
      ) : null}
    </search>
  )
}

function More({ filter, change }: Props) {
  const journey = useQuery(journeyQuery)
  const { currency } = useWorkspace()
  const used = [
    filter.kind,
    filter.touchpoint,
    filter.valueFrom ?? filter.valueTo,
    filter.salesFrom ?? filter.salesTo,
    filter.scoreFrom ?? filter.scoreTo,
    filter.unmended,
    filter.company,
    filter.silent,
  ].filter((each) => each !== undefined).length
  const company = useQuery({
    queryKey: ['customer-label', filter.company],
    enabled: filter.company !== undefined,
    queryFn: () => reply(api.api.customers[':id'].people.$get({ param: { id: String(filter.company) } })),
  })
  return (
    <Popover width={320} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default">{used > 0 ? `More (${used})` : 'More'}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack" style={{ gap: 10 }}>
          <NativeSelect
            label="Kind"
            value={filter.kind ?? ''}
            onChange={(event) =>
              change({ kind: (event.currentTarget.value || undefined) as CustomerSearch['kind'] })
            }
            data={[
              { value: '', label: 'people and companies' },
              { value: 'person', label: 'people' },
              { value: 'company', label: 'companies' },
            ]}
          />
          <NativeSelect
            label="Had this moment"
            value={String(filter.touchpoint ?? '')}
            onChange={(event) => change({ touchpoint: Number(event.currentTarget.value) || undefined })}
            data={[
              { value: '', label: 'any' },
              ...(journey.data?.stages ?? []).flatMap((stage) =>
                stage.touchpoints.map((touchpoint) => ({
                  value: String(touchpoint.id),
                  label: `${stage.name}: ${touchpoint.name}`,
                })),
              ),
            ]}
          />
          <Range
            label={`Bought for (${currency})`}
            from={filter.valueFrom === undefined ? undefined : filter.valueFrom / 100}
            to={filter.valueTo === undefined ? undefined : filter.valueTo / 100}
            change={(from, to) =>
              change({
                valueFrom: from === undefined ? undefined : Math.round(from * 100),
                valueTo: to === undefined ? undefined : Math.round(to * 100),
              })
            }
          />
          <Range
            label="Bought how often"
            from={filter.salesFrom}
            to={filter.salesTo}
            change={(salesFrom, salesTo) => change({ salesFrom, salesTo })}
          />
          <Range
            label="Score (0 to 100)"
            from={filter.scoreFrom}
            to={filter.scoreTo}
            change={(scoreFrom, scoreTo) => change({ scoreFrom, scoreTo })}
          />
          <Checkbox
            label="Has a broken promise not made good"
            checked={filter.unmended === 'true'}
            onChange={(event) => change({ unmended: event.currentTarget.checked ? 'true' : undefined })}
          />
          <NumberInput
            label="Bought, and heard nothing caring for (days)"
            placeholder="any time"
            min={1}
            value={filter.silent ?? ''}
            onChange={(value) =>
              change({ silent: value === '' ? undefined : Number(value), boughtWithin: undefined })
            }
          />
          {filter.company !== undefined ? (
            <Checkbox
              label={`People of ${company.data?.company.label ?? 'one company'}`}
              checked
              onChange={() => change({ company: undefined })}
            />
          ) : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Range(props: {
  label: string
  from: number | undefined
  to: number | undefined
  change: (from: number | undefined, to: number | undefined) => void
}) {
  const read = (value: string | number) => (value === '' ? undefined : Number(value))
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ fontSize: 14, fontWeight: 500, padding: 0 }}>{props.label}</legend>
      <div className="line" style={{ flexWrap: 'nowrap' }}>
        <NumberInput
          aria-label={`${props.label}, at least`}
          placeholder="at least"
          min={0}
          value={props.from ?? ''}
          onChange={(value) => props.change(read(value), props.to)}
        />
        <NumberInput
          aria-label={`${props.label}, at most`}
          placeholder="at most"
          min={0}
          value={props.to ?? ''}
          onChange={(value) => props.change(props.from, read(value))}
        />
      </div>
    </fieldset>
  )
}
