import { Button, Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, reply } from '../lib/api.ts'
import { count } from '../lib/words.ts'
import { Failure, Waiting } from '../parts/page.tsx'
import { DateText, ExperienceMark, Quote } from '../parts/words.tsx'
import type { Figure } from './api.ts'
import { type JourneySearch, scopeOf } from './scope.ts'

/** The customers and interactions behind a figure, newest first. */
export function BehindDrawer(props: {
  title: string
  figure: Figure | null
  search: JourneySearch
  close: () => void
}) {
  return (
    <Drawer
      opened={props.figure !== null}
      onClose={props.close}
      position="right"
      size="lg"
      title={props.title}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.figure ? <Behind figure={props.figure} search={props.search} /> : null}
    </Drawer>
  )
}

function Behind({ figure, search }: { figure: Figure; search: JourneySearch }) {
  const query = { ...scopeOf(search), ...figure }
  const found = useInfiniteQuery({
    queryKey: ['insights', 'behind', query],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      reply(
        api.api.insights.behind.$get({
          query: { ...query, limit: '50', ...(pageParam ? { cursor: pageParam } : {}) },
        }),
      ),
    getNextPageParam: (page) => page.next,
  })
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting height={240} />
  const [first] = found.data.pages
  const items = found.data.pages.flatMap((page) => page.items)
  return (
    <>
      <p className="muted">
        {count(first?.customers ?? 0, 'customer')}
        {first && first.total !== first.customers ? `, ${count(first.total, 'time')}` : ''}; the newest first.
      </p>
      {items.length === 0 ? <p className="faint">Nobody stands behind this figure.</p> : null}
      <ul className="behind">
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pages are only ever added at the end
          <li key={index}>
            <div className="behind-line">
              <Link to="/customers/$id" params={{ id: String(item.customer.id) }} className="wrap-anywhere">
                {item.customer.label}
              </Link>
              <span className="n">
                <DateText at={item.at} />
              </span>
            </div>
            {item.interaction ? (
              <div className="n">
                {item.interaction.name}
                {item.interaction.channel ? ` · ${item.interaction.channel}` : ''}{' '}
                {item.interaction.experience === null ? null : (
                  <ExperienceMark
                    value={item.interaction.experience}
                    {...(item.interaction.evidence ? { evidence: item.interaction.evidence } : {})}
                  />
                )}
              </div>
            ) : null}
            {item.promise ? (
              <div className="n">
                {item.promise.statement} · {item.promise.state}
              </div>
            ) : null}
            {item.interaction?.words ? <Quote>{item.interaction.words}</Quote> : null}
          </li>
        ))}
      </ul>
      {found.hasNextPage ? (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </>
  )
}
