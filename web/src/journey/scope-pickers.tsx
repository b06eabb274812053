import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { segmentsQuery } from './api.ts'
import { type JourneySearch, type Period, periods, without } from './scope.ts'

/** Whose journey, when, and compared with what; everything goes into the page's address. */
export function ScopePickers({
  search,
  change,
  compares = true,
}: {
  search: JourneySearch
  change: (next: JourneySearch) => void
  /** Whether what is shown can be compared. */
  compares?: boolean
}) {
  const segments = useQuery(segmentsQuery).data?.items ?? []
  const period = search.period ?? (search.from || search.to ? 'custom' : 'all')
  const begins = period !== 'all' && !(period === 'custom' && !search.from)
  const compared = [
    { value: '', label: 'Compared with nothing' },
    ...(begins
      ? [
          { value: 'previous', label: 'Compared with the time before' },
          { value: 'year', label: 'Compared with the year before' },
        ]
      : []),
    ...(search.segment ? [{ value: 'everyone', label: 'Compared with everyone' }] : []),
    ...segments
      .filter((segment) => segment.id !== search.segment)
      .map((segment) => ({ value: `segment:${segment.id}`, label: `Compared with ${segment.name}` })),
  ]
  const set = (changes: { [Name in keyof JourneySearch]: JourneySearch[Name] | undefined }) =>
    change(without({ ...search, ...changes }) as JourneySearch)
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="Customers"
        value={String(search.segment ?? '')}
        onChange={(event) =>
          set({
            segment: Number(event.currentTarget.value) || undefined,
            ...(search.compare === 'everyone' ? { compare: undefined } : {}),
          })
        }
        data={[
          { value: '', label: 'All customers' },
          ...segments.map((segment) => ({ value: String(segment.id), label: segment.name })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label="Time"
        value={period}
        onChange={(event) => {
          const next = event.currentTarget.value as Period
          const timed = search.compare === 'previous' || search.compare === 'year'
          set({
            period: next === 'all' ? undefined : next,
            ...(next === 'custom' ? {} : { from: undefined, to: undefined }),
            ...(next === 'all' && timed ? { compare: undefined } : {}),
          })
        }}
        data={Object.entries(periods).map(([value, label]) => ({ value, label }))}
      />
      {period === 'custom' ? (
        <>
          <TextInput
            size="xs"
            type="date"
            aria-label="From"
            value={search.from ?? ''}
            max={search.to}
            onChange={(event) => set({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            size="xs"
            type="date"
            aria-label="To"
            value={search.to ?? ''}
            min={search.from}
            onChange={(event) => set({ to: event.currentTarget.value || undefined })}
          />
        </>
      ) : null}
      {compares && compared.length > 1 ? (
        <NativeSelect
          size="xs"
          aria-label="Compared with"
          value={search.compare ?? ''}
          onChange={(event) => set({ compare: event.currentTarget.value || undefined })}
          data={compared}
        />
      ) : null}
    </>
  )
}
