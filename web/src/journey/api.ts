import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Flows } from '../../../src/insights/flows/schema.ts'
import { getJson } from '../learn/use-question.ts'
import { api, reply } from '../lib/api.ts'
import type { JourneySearch } from './scope.ts'
import { scopeOf } from './scope.ts'

const base = { staleTime: 15_000, placeholderData: keepPreviousData }
export type Figure = Omit<
  Parameters<typeof api.api.insights.behind.$get>[0]['query'],
  'from' | 'to' | 'segment' | 'cursor' | 'limit'
>

export const mapQuery = (search: JourneySearch) => {
  const query = { ...scopeOf(search), ...(search.compare ? { compare: search.compare } : {}) }
  return queryOptions({
    ...base,
    queryKey: ['insights', 'map', query],
    queryFn: () => reply(api.api.insights.map.$get({ query })),
  })
}
export const flowsQuery = (search: JourneySearch, coverage: string) => {
  const query = { ...scopeOf(search), coverage, show: 'graph' }
  return queryOptions({
    ...base,
    queryKey: ['insights', 'flows', query],
    queryFn: ({ signal }) => getJson<Flows>(`/api/insights/flows?${new URLSearchParams(query)}`, signal),
  })
}
export const balanceQuery = (search: JourneySearch) => {
  const query = scopeOf(search)
  return queryOptions({
    ...base,
    queryKey: ['insights', 'balance', query],
    queryFn: () => reply(api.api.insights.balance.$get({ query })),
  })
}
export const silenceQuery = (search: JourneySearch) => {
  const query = scopeOf(search)
  return queryOptions({
    ...base,
    queryKey: ['insights', 'silence', query],
    queryFn: () => reply(api.api.insights.silence.$get({ query })),
  })
}
export const careQuery = (search: JourneySearch) => {
  const query = scopeOf(search)
  return queryOptions({
    ...base,
    queryKey: ['insights', 'care', query],
    queryFn: () => reply(api.api.insights.care.$get({ query })),
  })
}
export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: () => reply(api.api.segments.$get()),
})

export type JourneyMap = Awaited<ReturnType<NonNullable<ReturnType<typeof mapQuery>['queryFn']>>>
export type Place = JourneyMap['touchpoints'][number]
export type Level = Place['said']
export type Part = Place['kept']
