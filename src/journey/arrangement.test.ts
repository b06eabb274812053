import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addStage,
  addTouchpoint,
  type Direction,
  flat,
  moveStage,
  moveTouchpoint,
  placeStage,
  placeTouchpoint,
  removeStage,
  removeTouchpoint,
  touchpointsOf,
} from './arrangement.ts'
import { assertIsMap } from './change.ts'
import type { MapStage } from './schema.ts'
import { templates } from './templates/templates.ts'

const directions: Direction[] = ['up', 'down', 'left', 'right']
const moveArbitrary: fc.Arbitrary<{ name: string; pick: number; other: number; index: number }> = fc.record({
  name: fc.constantFrom(
    ...directions,
    'stage left',
    'stage right',
    'drag touchpoint',
    'drag stage',
    'add stage',
    'add touchpoint',
    'remove touchpoint',
    'remove stage',
  ),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  index: fc.nat(12),
})

function apply(
  stages: MapStage[],
  move: { name: string; pick: number; other: number; index: number },
): MapStage[] {
  const one = (ids: number[], number: number) => ids[number % Math.max(1, ids.length)] ?? 0
  const stageId = one(
    stages.map((stage) => stage.id),
    move.other,
  )
  const touchpointId = one(
    touchpointsOf(stages).map((each) => each.id),
    move.pick,
  )
  const side = move.index % 2 === 0 ? 'before' : 'after'
  switch (move.name) {
    case 'stage left':
      return moveStage(stages, stageId, 'left')
    case 'stage right':
      return moveStage(stages, stageId, 'right')
    case 'drag touchpoint':
      return placeTouchpoint(stages, touchpointId, stageId, move.index)
    case 'drag stage':
      return placeStage(stages, stageId, side, move.index)
    case 'add stage':
      return addStage(stages, `Stage ${move.pick}.${stages.length}.${move.other}`, side)
    case 'add touchpoint':
      return addTouchpoint(stages, stageId, {
        name: `Touchpoint ${touchpointsOf(stages).length}.${move.pick}.${move.other}`,
        by: 'us',
        purpose: 'care',
        channel: null,
        rules: [],
      })
    case 'remove touchpoint':
      return removeTouchpoint(stages, touchpointId, null)
    case 'remove stage':
      return removeStage(stages, stageId, null)
    default:
      return moveTouchpoint(stages, touchpointId, move.name as Direction)
  }
}

test('after any moves, positions are dense, nothing is lost or doubled, and before stays before after', () => {
  fc.assert(
    fc.property(fc.array(moveArbitrary, { maxLength: 60 }), (moves) => {
      let stages: MapStage[] = templates.commerce.stages
      for (const move of moves) {
        const next = apply(stages, move)
        if (!/add|remove/.test(move.name)) {
          assert.deepEqual(
            touchpointsOf(next)
              .map((each) => each.id)
              .toSorted(),
            touchpointsOf(stages)
              .map((each) => each.id)
              .toSorted(),
          )
          // Only moving a stage itself may bring it to the other side of the sale, and only that one.
          const sides = new Map(stages.map((stage) => [stage.id, stage.side]))
          const crossed = next.filter((stage) => sides.get(stage.id) !== stage.side)
          assert.ok(crossed.length <= (move.name.includes('stage') ? 1 : 0), move.name)
        }
        stages = next
        const firstAfter = stages.findIndex((stage) => stage.side === 'after')
        assert.ok(firstAfter < 0 || stages.slice(firstAfter).every((stage) => stage.side === 'after'))
        assert.doesNotThrow(() => assertIsMap({ stages, gone: [] }, []))
      }
      const { stages: flatStages, touchpoints } = flat(stages)
      assert.deepEqual(
        flatStages.map((stage) => stage.position),
        flatStages.map((_, index) => index),
      )
      for (const stage of stages)
        assert.deepEqual(
          touchpoints.filter((each) => each.stageId === stage.id).map((each) => each.position),
          stage.touchpoints.map((_, index) => index),
        )
    }),
    { numRuns: 150 },
  )
})

test('a stage steps across the sale before it steps past a neighbour on the other side', () => {
  const side = (stages: MapStage[], name: string) => stages.find((stage) => stage.name === name)?.side
  const start = templates.commerce.stages
  const decide = start.find((stage) => stage.name === 'Decide')
  assert.ok(decide)
  const across = moveStage(start, decide.id, 'right')
  assert.deepEqual(
    across.map((stage) => stage.name),
    start.map((stage) => stage.name),
  )
  assert.equal(side(across, 'Decide'), 'after')
  const past = moveStage(across, decide.id, 'right')
  assert.deepEqual(past.map((stage) => stage.name).slice(2, 4), ['Receive', 'Decide'])
  assert.deepEqual(moveStage(moveStage(past, decide.id, 'left'), decide.id, 'left'), start)
})

test('a touchpoint keeps its height when it goes to the neighbouring stage, and stops at the ends', () => {
  const stages = templates.commerce.stages
  const first = stages[0]?.touchpoints[1]
  assert.ok(first)
  const right = moveTouchpoint(stages, first.id, 'right')
  assert.equal(right[1]?.touchpoints[1]?.id, first.id)
  assert.deepEqual(moveTouchpoint(right, first.id, 'left'), stages)
  assert.deepEqual(moveTouchpoint(stages, first.id, 'left'), stages)
})
