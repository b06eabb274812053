import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, reply } from '../lib/api.ts'

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: () => reply(api.api.views.$get()),
  staleTime: 60_000,
})
export type View = Awaited<ReturnType<NonNullable<typeof viewsQuery.queryFn>>>['items'][number]

/** The page of a view's question: it lies under /learn by the question's name. */
export function pageOf(view: Pick<View, 'question'>): string {
  return view.question === 'map' ? '/journey' : `/learn/${view.question}`
}

export async function changeViews(queries: QueryClient, sent: Promise<unknown>): Promise<void> {
  await sent
  await queries.invalidateQueries({ queryKey: ['views'] })
}
