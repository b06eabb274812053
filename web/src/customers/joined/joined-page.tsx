import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { count } from '../../lib/words.ts'
import { ConfirmAction } from '../../parts/actions.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { DateText } from '../../parts/words.tsx'
import { CustomerLink } from '../customer-line.tsx'
import { CustomersNav } from '../customers-nav.tsx'
import { BlockList } from './block-list.tsx'
import { Refused } from './refused.tsx'

/** Who was joined into one customer, what the rules refused to join, and what never says whose an event is. */
export function JoinedPage() {
  const conflicts = useInfiniteQuery({
    queryKey: ['conflicts'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      reply(api.api.conflicts.$get({ query: { limit: '20', ...(pageParam ? { cursor: pageParam } : {}) } })),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const open = conflicts.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <CustomersNav />
      <Page
        title="Joined"
        sentence={
          conflicts.data ? (
            open.length === 0 ? (
              'Everybody is told apart: nothing waits for you to settle.'
            ) : (
              <>
                <b>
                  {count(open.length, 'case')}
                  {conflicts.hasNextPage ? ' and more' : ''}
                </b>{' '}
                to settle. Something spoke for two customers being one, but not enough: Troth doesn’t guess.
              </>
            )
          ) : undefined
        }
      >
        <div className="stack">
          {conflicts.isError ? (
            <Failure error={conflicts.error} retry={() => void conflicts.refetch()} />
          ) : conflicts.isPending ? (
            <Waiting height={120} />
          ) : open.length > 0 ? (
            <Card title="One or two?">
              <ul className="plain-list">
                {open.map((conflict) => (
                  <li key={conflict.id}>
                    <Refused conflict={conflict} />
                  </li>
                ))}
              </ul>
              {conflicts.hasNextPage ? (
                <p className="more">
                  <Button variant="default" onClick={() => void conflicts.fetchNextPage()}>
                    Show more
                  </Button>
                </p>
              ) : null}
            </Card>
          ) : null}
          <Merges />
          <BlockList />
        </div>
      </Page>
    </>
  )
}

const ruleWords: Record<string, string> = {
  'by hand': 'by hand',
  'shared identity': 'by rule: one event named both',
}

function Merges() {
  const queries = useQueryClient()
  const manager = useMay('manager')
  const merges = useInfiniteQuery({
    queryKey: ['merges'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      reply(api.api.merges.$get({ query: { limit: '20', ...(pageParam ? { cursor: pageParam } : {}) } })),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  if (merges.isPending) return <Waiting height={200} />
  if (merges.isError) return <Failure error={merges.error} retry={() => void merges.refetch()} />
  const items = merges.data.pages.flatMap((page) => page.items)
  return (
    <Card title="Joined into one">
      {items.length === 0 ? (
        <EmptyState title="Nobody was joined yet">
          When an event names two customers at once, or somebody joins two by hand, it is written down here
          and can be taken back.
        </EmptyState>
      ) : (
        <ul className="plain-list">
          {items.map((merge) => (
            <li key={merge.id} className="line">
              <span>
                <b>{merge.absorbed}</b> into{' '}
                <span className="who">
                  <CustomerLink id={merge.survivorId}>{merge.survivor}</CustomerLink>
                </span>
                <br />
                <span className="n">
                  {ruleWords[merge.rule] ?? merge.rule}, {merge.actor}, <DateText at={merge.at} as="ago" />
                  {merge.undoneAt ? (
                    <>
                      {' '}
                      · taken back by {merge.undoneBy}, <DateText at={merge.undoneAt} as="ago" />
                    </>
                  ) : null}
                </span>
              </span>
              {manager && !merge.undoneAt ? (
                <span className="end">
                  <ConfirmAction
                    label="Take back"
                    question={`Are ${merge.absorbed} and ${merge.survivor} two after all?`}
                    confirm="They are two"
                    button={{ 'aria-label': `Take back: ${merge.absorbed} into ${merge.survivor}` }}
                    act={async () => {
                      await reply(api.api.merges[':id'].undoing.$post({ param: { id: String(merge.id) } }))
                      await queries.invalidateQueries()
                    }}
                    done="They are two again."
                  >
                    Each gets back what came with them, before the join and since.
                  </ConfirmAction>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {merges.hasNextPage ? (
        <p className="more">
          <Button variant="default" onClick={() => void merges.fetchNextPage()}>
            Show more
          </Button>
        </p>
      ) : null}
    </Card>
  )
}
