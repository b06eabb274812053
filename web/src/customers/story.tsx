import { Button, Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { count } from '../lib/words.ts'
import { EmptyState, Failure, Waiting } from '../parts/page.tsx'
import { type Customer, monthsQuery, type StoryFilter, storyQuery } from './customer-data.ts'
import { MonthScrubber } from './month-scrubber.tsx'
import { StoryRow } from './story-row.tsx'
import { storyLines } from './story-runs.ts'

/** The customer's timeline, the newest first; only the lines in sight are in the page. */
export function Story({ customer }: { customer: Customer }) {
  const [filter, setFilter] = useState<StoryFilter>({})
  const [until, setUntil] = useState<string>()
  const months = useQuery(monthsQuery(customer.id, {}))
  const filtered = Object.keys(filter).length > 0
  return (
    <section className="card story" aria-label="The story so far">
      <div className="story-head">
        <h2>The story so far</h2>
        <span className="n">{count(customer.standing.interactions, 'interaction')}</span>
        <FilterBy filter={filter} set={setFilter} customer={customer.id} />
      </div>
      {months.data && months.data.months.length > 5 ? (
        <MonthScrubber months={months.data.months} until={until} jump={setUntil} />
      ) : null}
      <Lines
        key={JSON.stringify([filter, until])}
        customer={customer}
        filter={filter}
        until={until}
        empty={
          filtered ? (
            <EmptyState
              title="Nothing of that kind"
              action={
                <Button variant="default" onClick={() => setFilter({})}>
                  Show everything
                </Button>
              }
            >
              There is nothing on this timeline that fits.
            </EmptyState>
          ) : (
            <EmptyState title="Nothing has happened yet">
              What comes in through events and files appears here by itself. A call or a visit is logged with
              the button above.
            </EmptyState>
          )
        }
      />
    </section>
  )
}

function Lines(props: {
  customer: Customer
  filter: StoryFilter
  until: string | undefined
  empty: ReactNode
}) {
  const { customer, filter, until } = props
  const story = useInfiniteQuery(storyQuery(customer.id, filter, until))
  const items = useMemo(() => story.data?.pages.flatMap((page) => page.items) ?? [], [story.data])
  const lines = useMemo(
    () => storyLines(items, customer.standing.firstSaleAt),
    [items, customer.standing.firstSaleAt],
  )
  const list = useRef<HTMLDivElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const place = () => setMargin((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    place()
    window.addEventListener('resize', place)
    return () => window.removeEventListener('resize', place)
  }, [])
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === 'sale' ? 44 : 48),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 12,
    scrollMargin: margin,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = story
  useEffect(() => {
    if (last >= lines.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, lines.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  if (story.error && items.length === 0)
    return <Failure error={story.error} retry={() => void story.refetch()} />
  if (story.isPending) return <Waiting height={360} />
  if (lines.length === 0 && !until) return props.empty
  return (
    <>
      {until ? (
        <p className="story-note n">
          {story.hasPreviousPage ? (
            <Button
              size="compact-xs"
              variant="default"
              loading={story.isFetchingPreviousPage}
              onClick={() => void story.fetchPreviousPage()}
            >
              Show what came after
            </Button>
          ) : (
            'Nothing came after this.'
          )}
        </p>
      ) : null}
      <div ref={list} role="feed" aria-label="Interactions, the newest first" aria-busy={isFetchingNextPage}>
        <div className="story-lines" style={{ height: virtual.getTotalSize() }}>
          {shown.map((row) => {
            const line = lines[row.index]
            return line ? (
              <article
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                aria-posinset={row.index + 1}
                aria-setsize={hasNextPage ? -1 : lines.length}
                style={{ transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}
              >
                <StoryRow line={line} customer={customer.id} />
              </article>
            ) : null
          })}
        </div>
      </div>
      {story.isFetchNextPageError ? (
        <Failure error={story.error} retry={() => void fetchNextPage()} />
      ) : hasNextPage ? (
        <p className="story-note n">Reading on …</p>
      ) : null}
    </>
  )
}

const kinds = [
  { value: 'kind:words', label: 'Their words' },
  { value: 'kind:rated', label: 'Ratings' },
  { value: 'kind:promises', label: 'Promises' },
  { value: 'kind:purchases', label: 'Purchases' },
  { value: 'kind:logged', label: 'Logged by us' },
  { value: 'side:before', label: 'Before the sale' },
  { value: 'side:after', label: 'After the sale' },
]

function FilterBy(props: { filter: StoryFilter; set: (filter: StoryFilter) => void; customer: number }) {
  const { data } = useQuery(monthsQuery(props.customer, {}))
  const value = Object.entries(props.filter)
    .map(([name, what]) => `${name}:${what}`)
    .at(0)
  return (
    <Select
      size="xs"
      className="story-filter"
      aria-label="Show only"
      placeholder="everything"
      clearable
      searchable
      nothingFoundMessage="Nothing like that here"
      value={value ?? null}
      onChange={(chosen) => {
        const [name, ...what] = (chosen ?? '').split(':')
        props.set(name ? ({ [name]: what.join(':') } as StoryFilter) : {})
      }}
      data={[
        { group: 'What', items: kinds },
        {
          group: 'Channel',
          items: (data?.channels ?? []).map((each) => ({
            value: `channel:${each.channel}`,
            label: `${each.channel} (${each.interactions})`,
          })),
        },
        {
          group: 'Moment',
          items: (data?.touchpoints ?? []).map((each) => ({
            value: `touchpoint:${each.id}`,
            label: `${each.name} (${each.interactions})`,
          })),
        },
      ].filter((group) => group.items.length > 0)}
    />
  )
}
