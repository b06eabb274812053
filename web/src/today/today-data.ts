import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, reply } from '../lib/api.ts'

export const todayQuery = queryOptions({
  queryKey: ['today'],
  queryFn: () => reply(api.api.today.$get()),
  staleTime: 15_000,
  // while something is being loaded the page follows it
  refetchInterval: (query) => {
    const today = query.state.data
    return today?.sample || (today?.imports.length ?? 0) > 0 ? 2_000 : 60_000
  },
})
export const findingsQuery = queryOptions({
  queryKey: ['insights', 'findings'],
  queryFn: () => reply(api.api.insights.findings.$get()),
  staleTime: 300_000,
})

export type Today = Awaited<ReturnType<NonNullable<typeof todayQuery.queryFn>>>
export type Case = Today['mend']['rows'][number]
export type TakenKind = 'doubt' | 'renewal' | 'thank'

/** Runs a change and shows Today as it is afterwards. */
async function changed(queries: QueryClient, sent: Promise<unknown>): Promise<void> {
  await sent
  await queries.invalidateQueries({ queryKey: ['today'] })
}

export function take(queries: QueryClient, kind: TakenKind, customerId: number): Promise<void> {
  return changed(queries, reply(api.api.today.takings.$post({ json: { kind, customerId } })))
}

export function giveBack(queries: QueryClient, kind: TakenKind, customerId: number): Promise<void> {
  return changed(
    queries,
    reply(
      api.api.today.takings[':kind'][':customerId'].$delete({ param: { kind, customerId: `${customerId}` } }),
    ),
  )
}

export type How = 'call' | 'letter' | 'mail' | 'gift' | 'visit'

/** Writes the thanks down; gives the way back. */
export async function thank(
  queries: QueryClient,
  customerId: number,
  how: How,
): Promise<() => Promise<void>> {
  const { interactionId } = await reply(api.api.today.thanks.$post({ json: { customerId, how } }))
  await queries.invalidateQueries({ queryKey: ['today'] })
  return () =>
    changed(
      queries,
      reply(
        api.api.today.thanks[':customerId'][':interactionId'].$delete({
          param: { customerId: `${customerId}`, interactionId: `${interactionId}` },
        }),
      ),
    )
}
