import { queryOptions } from '@tanstack/react-query'
import type { MapStage } from '../../../../src/journey/schema.ts'
import { api, reply } from '../../lib/api.ts'

export const journeyQuery = queryOptions({
  queryKey: ['journey', 'definition'],
  queryFn: () => reply(api.api.journey.$get()),
})

export const eventsQuery = queryOptions({
  queryKey: ['journey', 'events'],
  queryFn: () => reply(api.api.journey.events.$get()),
  staleTime: 60_000,
})

export const unplacedQuery = queryOptions({
  queryKey: ['journey', 'unplaced'],
  queryFn: () => reply(api.api.journey.unplaced.$get({ query: { limit: 60 } })),
})

export const templatesQuery = queryOptions({
  queryKey: ['journey', 'templates'],
  queryFn: () => reply(api.api.journey.templates.$get()),
})

export const replacingQuery = queryOptions({
  queryKey: ['journey', 'replacing'],
  queryFn: () => reply(api.api.journey.replacing.$get()),
  refetchInterval: (query) => {
    const state = query.state.data?.replacing?.state
    return state === 'waiting' || state === 'running' ? 1_000 : false
  },
})

export function previewQuery(stages: MapStage[], touchpointId?: number) {
  return queryOptions({
    queryKey: ['journey', 'preview', touchpointId ?? null, stages],
    queryFn: () =>
      reply(
        api.api.journey.preview.$post({
          json: { stages: sendable(stages), ...(touchpointId === undefined ? {} : { touchpointId }) },
        }),
      ),
    staleTime: 30_000,
    gcTime: 60_000,
  })
}

/** A draft in the middle of typing: names may be empty and conditions unfinished; the server wants neither. */
function sendable(stages: MapStage[]): MapStage[] {
  return stages.map((stage) => ({
    ...stage,
    name: stage.name.trim() || '–',
    touchpoints: stage.touchpoints.map((each) => ({
      ...each,
      name: each.name.trim() || '–',
      rules: each.rules.filter((rule) => (rule.where ?? []).every((condition) => condition.property.trim())),
    })),
  }))
}

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: () => reply(api.api.budgets.$get()),
})

export const careStandardsQuery = queryOptions({
  queryKey: ['care-standards'],
  queryFn: () => reply(api.api['care-standards'].$get()),
})
