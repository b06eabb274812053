import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SegmentRule } from '../../../../src/customers/segment-rule.ts'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { count, number } from '../../lib/words.ts'
import { ConfirmAction, toastFailure } from '../../parts/actions.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { DateText } from '../../parts/words.tsx'
import { CustomersNav } from '../customers-nav.tsx'
import { segmentsQuery } from './queries.ts'

export function SegmentsPage() {
  const segments = useQuery({
    ...segmentsQuery,
    // One that was just saved is being counted.
    refetchInterval: (query) =>
      query.state.data?.items.some((each) => each.customers === null) ? 1_500 : false,
  })
  const manager = useMay('manager')
  const member = useMay('member')
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: ['segments'] })
  const items = segments.data?.items ?? []
  return (
    <>
      <CustomersNav />
      <Page
        title="Segments"
        sentence={
          segments.data
            ? items.length === 0
              ? 'A segment is a rule that picks customers: who they are, what happened to them, what they were promised.'
              : `${count(items.length, 'segment')}. Ask the map, the promises and other pages about any of them.`
            : undefined
        }
        tools={
          manager && items.length > 0 ? (
            <LinkButton to="/customers/segments/$id" params={{ id: 'new' }} variant="filled" size="xs">
              Make a segment
            </LinkButton>
          ) : null
        }
      >
        {segments.isPending ? (
          <Waiting />
        ) : segments.isError ? (
          <Failure error={segments.error} retry={() => void segments.refetch()} />
        ) : items.length === 0 ? (
          <EmptyState
            title="No segments yet"
            action={
              manager ? (
                <LinkButton to="/customers/segments/$id" params={{ id: 'new' }} variant="filled">
                  Make the first
                </LinkButton>
              ) : null
            }
          >
            For example: bought twice and silent for 90 days; or promised a date that wasn’t kept, and nobody
            has made it good.
          </EmptyState>
        ) : (
          <div className="card">
            <ul className="plain-list">
              {items.map((segment) => (
                <li key={segment.id} className="line">
                  <div style={{ flex: '1 1 300px', minWidth: 0 }}>
                    <b>{segment.name}</b>
                    <br />
                    <span className="muted">{segment.words}</span>
                    <br />
                    <span className="n">
                      {segment.customers === null || !segment.refreshedAt ? (
                        'being counted'
                      ) : (
                        <>
                          {number(segment.customers)} {segment.customers === 1 ? 'customer' : 'customers'},
                          counted <DateText at={segment.refreshedAt} as="ago" />
                        </>
                      )}
                    </span>
                  </div>
                  <span className="end">
                    <LinkButton to="/customers" search={{ segment: segment.id }} variant="default" size="xs">
                      See them
                    </LinkButton>
                    {member ? (
                      <Button
                        variant="default"
                        size="xs"
                        aria-label={`Count again: ${segment.name}`}
                        onClick={() =>
                          void reply(
                            api.api.segments[':id'].refreshment.$post({ param: { id: String(segment.id) } }),
                          ).then(again, toastFailure)
                        }
                      >
                        Count again
                      </Button>
                    ) : null}
                    {manager ? (
                      <>
                        <Link
                          to="/customers/segments/$id"
                          params={{ id: String(segment.id) }}
                          aria-label={`Change ${segment.name}`}
                        >
                          Change
                        </Link>
                        <ConfirmAction
                          label="Delete"
                          question={`Delete “${segment.name}”?`}
                          confirm="Delete the segment"
                          danger
                          button={{ 'aria-label': `Delete ${segment.name}` }}
                          act={async () => {
                            await reply(
                              api.api.segments[':id'].$delete({ param: { id: String(segment.id) } }),
                            )
                            await again()
                          }}
                          done="The segment is deleted; its customers are where they were."
                          undo={async () => {
                            await reply(
                              api.api.segments.$post({
                                json: { name: segment.name, rule: segment.rule as SegmentRule },
                              }),
                            )
                            await again()
                          }}
                        >
                          The customers stay. Pages that show this segment show everybody again.
                        </ConfirmAction>
                      </>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Page>
    </>
  )
}
