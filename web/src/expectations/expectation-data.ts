// What the promises pages ask the server.
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, reply } from '../lib/api.ts'
import type { scopeOf } from './search.ts'

type Scope = ReturnType<typeof scopeOf>
const key = 'expectations'

export const summaryQuery = (scope: Scope & { rule?: string }) =>
  queryOptions({
    queryKey: [key, 'summary', scope],
    queryFn: () => reply(api.api.expectations.summary.$get({ query: scope })),
  })

export const gapsQuery = (scope: Scope, rule: number, word: 'first' | 'last') =>
  queryOptions({
    queryKey: [key, 'gaps', scope, rule, word],
    queryFn: () => reply(api.api.expectations.gaps.$get({ query: { ...scope, rule: String(rule), word } })),
  })

export const misfitsQuery = (scope: Scope) =>
  queryOptions({
    queryKey: [key, 'misfits', scope],
    queryFn: () => reply(api.api.expectations.misfits.$get({ query: scope })),
  })

export const unmendedQuery = (scope: Scope & { rule?: string }) =>
  infiniteQueryOptions({
    queryKey: [key, 'unmended', scope],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      reply(
        api.api.expectations.$get({
          query: { ...scope, mended: 'false', limit: '20', ...(pageParam ? { cursor: pageParam } : {}) },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const promisesQuery = (scope: Scope = {}) =>
  queryOptions({
    queryKey: [key, 'promises', scope],
    queryFn: () => reply(api.api.promises.$get({ query: scope })),
  })

/** What the promises are called, where one of them is chosen. */
export const promiseNamesQuery = queryOptions({
  queryKey: [key, 'promise names'],
  queryFn: () => reply(api.api.promises.names.$get()),
})

export const ofCustomerQuery = (customerId: number) =>
  queryOptions({
    queryKey: [key, 'customer', customerId],
    queryFn: () => reply(api.api.customers[':id'].expectations.$get({ param: { id: String(customerId) } })),
  })

export const runQuery = (ruleId: number) =>
  queryOptions({
    queryKey: [key, 'run', ruleId],
    queryFn: () => reply(api.api.promises[':id'].runs.latest.$get({ param: { id: String(ruleId) } })),
    refetchInterval: (query) => {
      const state = query.state.data?.run?.state
      return state === 'waiting' || state === 'running' ? 1_000 : false
    },
  })

/** After a change: everything about promises, and the customer it was about. */
export async function refreshExpectations(queries: QueryClient, customerId?: number): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: [key] }),
    ...(customerId === undefined ? [] : [queries.invalidateQueries({ queryKey: ['customer', customerId] })]),
  ])
}
