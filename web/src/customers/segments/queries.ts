import { queryOptions } from '@tanstack/react-query'
import { api, reply } from '../../lib/api.ts'

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: () => reply(api.api.segments.$get()),
  staleTime: 30_000,
})
