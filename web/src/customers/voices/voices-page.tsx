import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { number } from '../../lib/words.ts'
import { toast, toastFailure } from '../../parts/actions.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { DateText, ExperienceMark, Quote } from '../../parts/words.tsx'
import { CustomerLine, CustomerLink } from '../customer-line.tsx'
import { CustomersNav } from '../customers-nav.tsx'
import { FindCustomer } from '../find-customer.tsx'

type State = 'open' | 'matched' | 'dismissed'
type Voice = Awaited<ReturnType<typeof fetchPage>>['items'][number]

function fetchPage(state: State, cursor: string | undefined) {
  return reply(api.api.voices.$get({ query: { state, limit: '30', ...(cursor ? { cursor } : {}) } }))
}

/** Reviews and posts of nobody we know, to be matched by a person. */
export function VoicesPage() {
  const [state, setState] = useState<State>('open')
  const pages = useInfiniteQuery({
    queryKey: ['voices', state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => fetchPage(state, pageParam),
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const voices = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <CustomersNav />
      <Page
        title="Voices"
        sentence={
          pages.data && state === 'open' ? (
            voices.length === 0 ? (
              'Nothing waits to be matched.'
            ) : (
              <>
                <b>
                  {number(voices.length)}
                  {pages.hasNextPage ? ' and more' : ''}
                </b>{' '}
                said by nobody we know. They count on the map; whose they are is for you to say.
              </>
            )
          ) : undefined
        }
      >
        <SegmentedControl
          mb="md"
          aria-label="Which voices"
          value={state}
          onChange={(value) => setState(value as State)}
          data={[
            { value: 'open', label: 'Nobody’s yet' },
            { value: 'matched', label: 'Matched' },
            { value: 'dismissed', label: 'Put aside' },
          ]}
        />
        {pages.isPending ? (
          <Waiting height={300} />
        ) : pages.isError ? (
          <Failure error={pages.error} retry={() => void pages.refetch()} />
        ) : voices.length === 0 ? (
          <NoVoices state={state} />
        ) : (
          <div className="card">
            <ul className="plain-list">
              {voices.map((voice) => (
                <li key={voice.id}>
                  <OneVoice voice={voice} />
                </li>
              ))}
            </ul>
            {pages.hasNextPage ? (
              <p className="more">
                <Button
                  variant="default"
                  loading={pages.isFetchingNextPage}
                  onClick={() => void pages.fetchNextPage()}
                >
                  Show more
                </Button>
              </p>
            ) : null}
          </div>
        )}
      </Page>
    </>
  )
}

function NoVoices({ state }: { state: State }) {
  if (state === 'matched')
    return <EmptyState title="None matched yet">A matched voice is on its customer’s page.</EmptyState>
  if (state === 'dismissed')
    return <EmptyState title="None put aside">What you put aside can be brought back from here.</EmptyState>
  return (
    <EmptyState
      title="No voices here"
      action={
        <LinkButton to="/welcome" variant="default">
          Bring data in
        </LinkButton>
      }
    >
      Import reviews that name no customer, or send them as events: they are kept, placed on the map, and
      offered here.
    </EmptyState>
  )
}

function OneVoice({ voice }: { voice: Voice }) {
  const [finding, setFinding] = useState(false)
  const may = useMay('member')
  const queries = useQueryClient()
  const param = { id: String(voice.id) }
  const again = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['voices'] }),
      queries.invalidateQueries({ queryKey: ['customer'] }),
    ])
  const act = (work: () => Promise<unknown>, done: string, undo?: () => Promise<unknown>) =>
    void work()
      .then(again)
      .then(
        () =>
          toast(
            done,
            undo
              ? async () => {
                  await undo()
                  await again()
                }
              : undefined,
          ),
        toastFailure,
      )
  const unmatch = () => reply(api.api.voices[':id'].matching.$delete({ param }))
  const match = (customerId: number, label: string) =>
    act(
      () => reply(api.api.voices[':id'].matching.$post({ param, json: { customerId } })),
      `On ${label}’s timeline now.`,
      unmatch,
    )
  return (
    <div className="voice stack" style={{ gap: 8 }}>
      <div>
        <Quote>{voice.words}</Quote>
      </div>
      <div className="line n">
        {voice.experience === null ? null : <ExperienceMark value={voice.experience / 100} evidence="said" />}
        <span>
          {voice.author ? `${voice.author}, ` : ''}
          {voice.source}, <DateText at={voice.at} as="date" />
        </span>
        {voice.touchpoint ? (
          <span className="state-tag">{voice.touchpoint.name}</span>
        ) : (
          <span>not on the map</span>
        )}
        {voice.orderId ? <span>names order {voice.orderId}</span> : null}
        {may ? (
          <span className="end">
            {voice.customer ? (
              <Button
                size="xs"
                variant="default"
                onClick={() => act(unmatch, 'Nobody’s again, and off the timeline.')}
              >
                Not theirs after all
              </Button>
            ) : voice.dismissedAt ? (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  act(() => reply(api.api.voices[':id'].dismissal.$delete({ param })), 'Brought back.')
                }
              >
                Bring back
              </Button>
            ) : (
              <>
                <Button size="xs" onClick={() => setFinding(!finding)} aria-expanded={finding}>
                  Whose words?
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() =>
                    act(
                      () => reply(api.api.voices[':id'].dismissal.$post({ param })),
                      'Put aside.',
                      () => reply(api.api.voices[':id'].dismissal.$delete({ param })),
                    )
                  }
                >
                  Put aside
                </Button>
              </>
            )}
          </span>
        ) : null}
      </div>
      {voice.customer ? (
        <p style={{ margin: 0 }}>
          <CustomerLink id={voice.customer.id}>{voice.customer.label}</CustomerLink>{' '}
          <span className="n">
            said {voice.matchedBy}
            {voice.matchedAt ? (
              <>
                , <DateText at={voice.matchedAt} as="ago" />
              </>
            ) : null}
          </span>
        </p>
      ) : null}
      {finding ? <Candidates voice={voice.id} match={match} /> : null}
    </div>
  )
}

const strengthWords = { strong: 'strong reasons', fair: 'fair reasons', weak: 'weak reasons' } as const

function Candidates({ voice, match }: { voice: number; match: (customerId: number, label: string) => void }) {
  const candidates = useQuery({
    queryKey: ['voices', voice, 'candidates'],
    queryFn: () => reply(api.api.voices[':id'].candidates.$get({ param: { id: String(voice) } })),
  })
  if (candidates.isError) return <Failure error={candidates.error} retry={() => void candidates.refetch()} />
  if (!candidates.data) return <Waiting height={60} />
  return (
    <div className="rule-group">
      {candidates.data.items.map(({ customer, reasons, strength }) => (
        <div key={customer.id}>
          <CustomerLine customer={customer}>
            <Button size="xs" variant="default" onClick={() => match(customer.id, customer.label)}>
              These are {customer.label}’s words
            </Button>
          </CustomerLine>
          <p className="muted" style={{ margin: '2px 0 0' }}>
            {reasons.join(' ')} <span className="state-tag">{strengthWords[strength]}</span>
          </p>
        </div>
      ))}
      <div style={{ maxWidth: 420 }}>
        {candidates.data.items.length === 0 ? (
          <p className="muted">Nobody comes to mind: no order, address or name that we know.</p>
        ) : null}
        <FindCustomer label="Somebody else" choose={(customer) => match(customer.id, customer.label)} />
      </div>
    </div>
  )
}
