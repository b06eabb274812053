import { api, reply } from '../../lib/api.ts'
import { type CustomerSearch, queryOf } from './filters.ts'

export type Row = Awaited<ReturnType<typeof fetchPage>>['items'][number]

export function fetchPage(filter: CustomerSearch, cursor: string | undefined) {
  return reply(
    api.api.customers.$get({
      query: { ...queryOf(filter), sort: filter.sort ?? 'seen', limit: '50', ...(cursor ? { cursor } : {}) },
    }),
  )
}

export type Counted = Awaited<ReturnType<typeof fetchCount>>
export const fetchCount = (filter: CustomerSearch) =>
  reply(api.api['customer-count'].$get({ query: queryOf(filter) }))
