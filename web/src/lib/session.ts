import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Role } from '../../../src/lib/roles.ts'
import type { Workspace } from '../../../src/team/schema.ts'
import { api, reply } from './api.ts'

/** Who is signed in and whose company this is; fetched once at the start, before any page is shown. */
export const sessionQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => reply(api.api.me.$get()),
  staleTime: 60_000,
})

export function useSession() {
  return useQuery(sessionQuery).data
}

const order: Role[] = ['viewer', 'member', 'manager', 'owner']

/** True when the person at the screen has this role or a higher one: hides what they could not do. */
export function useMay(role: Role): boolean {
  const mine = useSession()?.role
  return mine != null && order.indexOf(mine) >= order.indexOf(role)
}

const fallback: Workspace = {
  name: '',
  timeZone: 'UTC',
  currency: 'EUR',
  country: 'DE',
  buying: null,
  dataSource: null,
}

export function useWorkspace(): Workspace {
  return useSession()?.workspace ?? fallback
}
