// What a customer's page asks the server, and how it is kept.
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { InteractionLog, TimelineItem } from '../../../src/interactions/schema.ts'
import type { Customer } from '../../../src/validation/customer-schema.ts'
import { refreshExpectations } from '../expectations/expectation-data.ts'
import { api, reply } from '../lib/api.ts'

export type { Customer, TimelineItem }

export interface StoryFilter {
  channel?: string
  touchpoint?: string
  side?: 'before' | 'after'
  kind?: 'words' | 'rated' | 'promises' | 'purchases' | 'logged'
}

export function customerQuery(id: number) {
  return queryOptions({
    queryKey: ['customer', id],
    queryFn: async (): Promise<Customer> =>
      reply(api.api.customers[':id'].$get({ param: { id: String(id) } })),
  })
}

interface Place {
  cursor?: string
  direction?: 'older' | 'newer'
  until?: string
}

/** The story around a date: the first page ends there, older and newer ones are fetched as they are wanted. */
export function storyQuery(id: number, filter: StoryFilter, until: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['customer', id, 'story', filter, until ?? 'now'],
    initialPageParam: (until ? { until } : {}) as Place,
    queryFn: ({ pageParam }) =>
      reply(
        api.api.customers[':id'].timeline.$get({
          param: { id: String(id) },
          query: { ...filter, ...pageParam, limit: '100' },
        }),
      ),
    getNextPageParam: (page): Place | undefined =>
      page.older === null ? undefined : { cursor: page.older, direction: 'older' },
    getPreviousPageParam: (page): Place | undefined =>
      page.newer === null ? undefined : { cursor: page.newer, direction: 'newer' },
  })
}

export function monthsQuery(id: number, filter: StoryFilter) {
  return queryOptions({
    queryKey: ['customer', id, 'months', filter],
    queryFn: () =>
      reply(
        api.api.customers[':id'].timeline.months.$get({ param: { id: String(id) }, query: { ...filter } }),
      ),
    staleTime: 60_000,
  })
}

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: () => reply(api.api.members.$get()),
  staleTime: 300_000,
})

/** Writes down what one of us promised the customer. */
export async function recordPromise(
  queries: QueryClient,
  customer: number,
  statement: string,
  due: string,
  at: string | undefined,
): Promise<void> {
  await reply(
    api.api.customers[':id'].expectations.$post({
      param: { id: String(customer) },
      json: {
        statement,
        statedBy: 'us',
        source: 'person',
        ...(due ? { due } : {}),
        ...(at ? { openedAt: at } : {}),
      },
    }),
  )
  await Promise.all([refresh(queries, customer), refreshExpectations(queries)])
}

/** Writes an interaction down; gives what takes it back. */
export async function logInteraction(
  queries: QueryClient,
  customer: number,
  log: InteractionLog,
): Promise<() => Promise<void>> {
  const { id, customerId } = await reply(
    api.api.customers[':id'].interactions.$post({
      param: { id: String(customer) },
      header: { 'idempotency-key': crypto.randomUUID() },
      json: log,
    }),
  )
  await refresh(queries, customerId)
  return () => takeBack(queries, customerId, id)
}

export async function takeBack(queries: QueryClient, customer: number, id: number): Promise<void> {
  await reply(
    api.api.customers[':id'].interactions[':interactionId'].$delete({
      param: { id: String(customer), interactionId: String(id) },
    }),
  )
  await refresh(queries, customer)
}

/** Everything shown of a customer is fetched again. */
export async function refresh(queries: QueryClient, customer: number): Promise<void> {
  await queries.invalidateQueries({ queryKey: ['customer', customer] })
}
