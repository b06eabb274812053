// The map on the table: stages side by side, moments in them. Moved by mouse or finger, and by keys: the
// arrows go from one to the next, Alt and an arrow moves what has the focus, and what happened is said.
import {
  closestCorners,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  DragOverlay,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import {
  addStage,
  addTouchpoint,
  type Direction,
  moveStage,
  moveTouchpoint,
  placeTouchpoint,
  stageOf,
  touchpointsOf,
} from '../../../../src/journey/arrangement.ts'
import type { MapStage } from '../../../../src/journey/schema.ts'
import { StageColumn } from './stage-column.tsx'
import { placeWords, sideWords } from './words.ts'

export interface BoardProps {
  stages: MapStage[]
  selected: number | null
  /** Unfinished rules or names, by touchpoint. */
  troubled: Set<number>
  onSelect: (touchpointId: number | null) => void
  onChange: (stages: MapStage[], what?: string) => void
  onRemoveStage: (stageId: number) => void
  onRemoveTouchpoint: (touchpointId: number) => void
  onPlaceEvent: (event: string, touchpointId: number) => void
  /** Beside the board, within reach of dragging: the unplaced events. */
  children: ReactNode
}

export function Board(props: BoardProps) {
  const { onChange, onSelect } = props
  // While something is dragged, the board shows where it would lie.
  const [dragged, setDragged] = useState<{ id: number | string; stages: MapStage[] } | undefined>()
  const [said, say] = useState('')
  const area = useRef<HTMLElement>(null)
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 6 } }),
  )
  const stages = dragged?.stages ?? props.stages
  const before = stages.filter((stage) => stage.side === 'before')
  const after = stages.filter((stage) => stage.side === 'after')

  function dragOver({ active, over }: DragOverEvent) {
    if (!over || typeof active.id !== 'number') return
    setDragged((was) => {
      const now = was?.stages ?? props.stages
      const target = targetOf(now, over.id)
      return target && over.id !== active.id
        ? { id: active.id, stages: placeTouchpoint(now, Number(active.id), target.stageId, target.index) }
        : was
    })
  }

  function dragEnd({ active, over }: DragEndEvent) {
    const result = dragged?.stages
    setDragged(undefined)
    if (typeof active.id === 'string') {
      if (active.id.startsWith('event:') && typeof over?.id === 'number')
        props.onPlaceEvent(active.id.slice(6), over.id)
      return
    }
    if (result && result !== props.stages) {
      onChange(result)
      say(`${nameOf(result, active.id)} lies now in ${placeWords(result, active.id)}.`)
    }
  }

  function moved(next: MapStage[], id: number, text: string) {
    if (JSON.stringify(next) === JSON.stringify(props.stages)) {
      say('It can’t go further that way.')
      return
    }
    onChange(next)
    say(text)
    // Moved to another column, the card is made anew: the focus goes with it.
    requestAnimationFrame(() => area.current?.querySelector<HTMLElement>(`[data-card="${id}"]`)?.focus())
  }

  function moveCard(id: number, direction: Direction) {
    const next = moveTouchpoint(props.stages, id, direction)
    moved(next, id, `${nameOf(next, id)}: ${placeWords(next, id)}.`)
  }

  function shiftStage(stage: MapStage, direction: 'left' | 'right') {
    const next = moveStage(props.stages, stage.id, direction)
    const index = next.findIndex((each) => each.id === stage.id)
    const side = next[index]?.side ?? stage.side
    moved(next, stage.id, `${stage.name}: stage ${index + 1} of ${next.length}, ${sideWords[side]}.`)
  }

  function keys(event: KeyboardEvent) {
    const card = (event.target as HTMLElement).dataset['card']
    const direction = arrows[event.key]
    if (!card || !direction) return
    event.preventDefault()
    const id = Number(card)
    const stage = props.stages.find((each) => each.id === id)
    if (event.altKey) {
      if (!stage) moveCard(id, direction)
      else if (direction === 'left' || direction === 'right') shiftStage(stage, direction)
      return
    }
    const next = neighbour(props.stages, id, direction)
    if (next !== undefined) area.current?.querySelector<HTMLElement>(`[data-card="${next}"]`)?.focus()
  }

  const side = (name: 'before' | 'after', list: MapStage[]) => (
    <section className={`side ${name}`} aria-label={name === 'before' ? 'Before the sale' : 'After the sale'}>
      <h2 className="side-title">
        {name === 'before' ? 'Before the sale' : 'After the sale'}
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => onChange(addStage(props.stages, unused(props.stages, 'New stage'), name))}
        >
          Add a stage
        </Button>
      </h2>
      <div className="stages">
        {list.map((stage) => (
          <StageColumn
            key={stage.id}
            stage={stage}
            {...props}
            onShift={(direction) => shiftStage(stage, direction)}
            onMove={moveCard}
            onAdd={() => {
              const next = addTouchpoint(props.stages, stage.id, {
                name: unused(props.stages, 'New moment'),
                by: 'us',
                purpose: stage.side === 'before' ? 'sell' : 'care',
                channel: null,
                rules: [],
              })
              onChange(next)
              onSelect(next.find((each) => each.id === stage.id)?.touchpoints.at(-1)?.id ?? null)
            }}
          />
        ))}
      </div>
    </section>
  )

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCorners}
      onDragStart={({ active }) => setDragged({ id: active.id, stages: props.stages })}
      onDragOver={dragOver}
      onDragEnd={dragEnd}
      onDragCancel={() => setDragged(undefined)}
      accessibility={{ screenReaderInstructions: { draggable: '' }, announcements: silent }}
    >
      <p className="hidden-visually" id="board-keys">
        Arrow keys go from one to the next. Alt and an arrow key moves it. Enter opens it.
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the cards inside */}
      <div className="table" onKeyDown={keys}>
        <section ref={area} className="board" aria-label="The map" aria-describedby="board-keys">
          {side('before', before)}
          <div className="sale-line" aria-hidden="true">
            <span>the sale</span>
          </div>
          {side('after', after)}
        </section>
        {props.children}
      </div>
      <div role="status" aria-live="polite" className="hidden-visually">
        {said}
      </div>
      <DragOverlay dropAnimation={null}>
        {typeof dragged?.id === 'number' ? (
          <div className="moment floating">{nameOf(stages, dragged.id)}</div>
        ) : typeof dragged?.id === 'string' ? (
          <div className="moment floating event">{dragged.id.slice(6)}</div>
        ) : null}
      </DragOverlay>
    </DndContext>
  )
}

const arrows: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

// What was moved is said by the board itself, in its own words.
const silent = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
}

/** The card or stage heading that an arrow key goes to. A stage's heading stands above its first card. */
function neighbour(stages: readonly MapStage[], id: number, direction: Direction): number | undefined {
  const columns = stages.map((stage) => [stage.id, ...stage.touchpoints.map((each) => each.id)])
  const at = columns.findIndex((column) => column.includes(id))
  const row = columns[at]?.indexOf(id) ?? -1
  if (direction === 'up') return columns[at]?.[row - 1]
  if (direction === 'down') return columns[at]?.[row + 1]
  const beside = columns[at + (direction === 'left' ? -1 : 1)]
  return beside?.[Math.min(row, beside.length - 1)]
}

/** Where something dropped on a card or a column goes. */
function targetOf(
  stages: readonly MapStage[],
  over: number | string,
): { stageId: number; index: number } | undefined {
  if (typeof over === 'number') {
    const stage = stageOf(stages, over)
    return stage && { stageId: stage.id, index: stage.touchpoints.findIndex((each) => each.id === over) }
  }
  const stage = stages.find((each) => `stage:${each.id}` === over)
  return stage && { stageId: stage.id, index: stage.touchpoints.length }
}

function nameOf(stages: readonly MapStage[], id: number | string): string {
  return touchpointsOf(stages).find((each) => each.id === id)?.name ?? ''
}

function unused(stages: readonly MapStage[], name: string): string {
  const names = new Set([...stages, ...touchpointsOf(stages)].map((each) => each.name))
  if (!names.has(name)) return name
  let number = 2
  while (names.has(`${name} ${number}`)) number++
  return `${name} ${number}`
}
