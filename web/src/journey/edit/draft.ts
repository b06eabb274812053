// The map while it is being edited: every change is one step that can be undone and done again. Typing is
// gathered: letters in one field, one after the other, are one step.
import { handOver, removeStage, removeTouchpoint } from '../../../../src/journey/arrangement.ts'
import type { Gone, Journey, MapStage } from '../../../../src/journey/schema.ts'

export interface Draft {
  stages: MapStage[]
  /** Where the interactions of removed touchpoints go. */
  gone: Gone[]
}

export interface Editing {
  /** The saved map that the draft was made from. */
  base: Journey
  now: Draft
  past: Draft[]
  future: Draft[]
  /** What was changed last, and when: the same again soon after is the same step. */
  last: { what: string; at: number } | undefined
}

export type Edit =
  | { do: 'load'; journey: Journey; draft?: Draft }
  | { do: 'change'; stages: MapStage[]; what?: string; at: number }
  | { do: 'remove touchpoint'; id: number; to: number | null }
  | { do: 'remove stage'; id: number; to: number | null }
  | { do: 'take over'; draft: Draft }
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'discard' }

const mostSteps = 200
const together = 1_500

export function begin(journey: Journey): Editing {
  return { base: journey, now: { stages: journey.stages, gone: [] }, past: [], future: [], last: undefined }
}

export function edit(state: Editing, action: Edit): Editing {
  const { now, past, future, base } = state
  switch (action.do) {
    case 'load': {
      const loaded = begin(action.journey)
      return action.draft ? step(loaded, action.draft) : loaded
    }
    case 'change': {
      const next = { ...now, stages: action.stages }
      const same =
        action.what !== undefined && state.last?.what === action.what && action.at - state.last.at < together
      const last = action.what === undefined ? undefined : { what: action.what, at: action.at }
      return same ? { ...state, now: next, future: [], last } : { ...step(state, next), last }
    }
    case 'remove touchpoint':
      return step(state, {
        stages: removeTouchpoint(now.stages, action.id, action.to),
        gone: goneWith(now.gone, [action.id], action.to),
      })
    case 'remove stage': {
      const inside = now.stages.find((stage) => stage.id === action.id)?.touchpoints ?? []
      return step(state, {
        stages: removeStage(now.stages, action.id, action.to),
        gone: goneWith(
          now.gone,
          inside.map((each) => each.id),
          action.to,
        ),
      })
    }
    case 'take over':
      return step(state, action.draft)
    case 'undo': {
      const before = past.at(-1)
      return before
        ? { base, now: before, past: past.slice(0, -1), future: [now, ...future], last: undefined }
        : state
    }
    case 'redo': {
      const [next, ...rest] = future
      return next ? { base, now: next, past: [...past, now], future: rest, last: undefined } : state
    }
    case 'discard':
      return step(state, { stages: base.stages, gone: [] })
    default:
      return action satisfies never
  }
}

export function isChanged(state: Editing): boolean {
  return (
    state.now.stages !== state.base.stages &&
    JSON.stringify(state.now.stages) !== JSON.stringify(state.base.stages)
  )
}

function step(state: Editing, next: Draft): Editing {
  return {
    base: state.base,
    now: next,
    past: [...state.past, state.now].slice(-mostSteps),
    future: [],
    last: undefined,
  }
}

/** What went to something that goes now itself goes on with it. */
function goneWith(gone: readonly Gone[], ids: readonly number[], to: number | null): Gone[] {
  return [
    ...gone.map((each) => (each.to !== null && ids.includes(each.to) ? { ...each, to } : each)),
    ...ids.filter((id) => id > 0).map((id) => ({ id, to })),
  ]
}

/** The draft laid over a map that someone else saved meanwhile: mine wins, what only they have goes. */
export function over(theirs: Journey, mine: Draft): Draft {
  const stageIds = new Set(theirs.stages.map((stage) => stage.id))
  const touchpointIds = new Set(theirs.stages.flatMap((stage) => stage.touchpoints.map((each) => each.id)))
  let next = Math.min(
    0,
    ...mine.stages.flatMap((stage) => [stage.id, ...stage.touchpoints.map((each) => each.id)]),
  )
  const stages = mine.stages.map((stage) => ({
    ...stage,
    id: stage.id > 0 && !stageIds.has(stage.id) ? --next : stage.id,
    touchpoints: stage.touchpoints.map((each) => ({
      ...each,
      id: each.id > 0 && !touchpointIds.has(each.id) ? --next : each.id,
    })),
  }))
  const kept = new Set(stages.flatMap((stage) => stage.touchpoints.map((each) => each.id)))
  const targets = new Map(mine.gone.map((each) => [each.id, each.to]))
  const gone = [...touchpointIds]
    .filter((id) => !kept.has(id))
    .map((id) => {
      const to = targets.get(id) ?? null
      return { id, to: to !== null && kept.has(to) ? to : null }
    })
  return { stages, gone }
}

/** An event placed at a touchpoint: one more rule there. */
export function placeEvent(stages: readonly MapStage[], touchpointId: number, event: string): MapStage[] {
  return handOver(stages, [{ event }], touchpointId)
}

/** The least that a map is: somebody buys. */
export const bareMap: MapStage[] = [
  {
    id: -1,
    name: 'Before',
    side: 'before',
    touchpoints: [
      {
        id: -2,
        name: 'Order',
        by: 'customer',
        purpose: 'sale',
        channel: null,
        rules: [{ event: 'Order Completed' }],
      },
    ],
  },
  { id: -3, name: 'After', side: 'after', touchpoints: [] },
]
