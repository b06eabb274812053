import { useDroppable } from '@dnd-kit/core'
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { changeStage, type Direction } from '../../../../src/journey/arrangement.ts'
import type { MapStage, MapTouchpoint } from '../../../../src/journey/schema.ts'
import type { BoardProps } from './board.tsx'
import { purposeWords } from './words.ts'

/** One stage with its moments: named in place, moved by menu, a place to drop on. */
export function StageColumn(
  props: BoardProps & {
    stage: MapStage
    onShift: (direction: 'left' | 'right') => void
    onMove: (touchpointId: number, direction: Direction) => void
    onAdd: () => void
  },
) {
  const { stage, stages, selected, onSelect, onChange, onMove } = props
  const { setNodeRef } = useDroppable({ id: `stage:${stage.id}` })
  const [naming, setNaming] = useState(false)
  return (
    <div className="stage" ref={setNodeRef}>
      <div className="stage-head">
        {naming ? (
          <input
            // biome-ignore lint/a11y/noAutofocus: it appears where the name was that was clicked
            autoFocus
            aria-label="Name of the stage"
            value={stage.name}
            maxLength={80}
            onChange={(event) =>
              onChange(changeStage(stages, stage.id, event.currentTarget.value), `stage ${stage.id}`)
            }
            onBlur={() => setNaming(false)}
            onKeyDown={(event) => {
              event.stopPropagation()
              if (event.key === 'Enter' || event.key === 'Escape') setNaming(false)
            }}
          />
        ) : (
          <button
            type="button"
            className="stage-name"
            data-card={stage.id}
            aria-describedby="board-keys"
            onClick={() => setNaming(true)}
            title="Rename"
          >
            {stage.name || 'Unnamed'}
          </button>
        )}
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={`What to do with ${stage.name}`}>
              <IconDots size={14} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setNaming(true)}>Rename</Menu.Item>
            <Menu.Item onClick={() => props.onShift('left')}>Move left</Menu.Item>
            <Menu.Item onClick={() => props.onShift('right')}>Move right</Menu.Item>
            <Menu.Item onClick={() => props.onRemoveStage(stage.id)}>Remove…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <SortableContext
        items={stage.touchpoints.map((each) => each.id)}
        strategy={verticalListSortingStrategy}
      >
        <ul>
          {stage.touchpoints.map((each) => (
            <Moment
              key={each.id}
              touchpoint={each}
              selected={selected === each.id}
              troubled={props.troubled.has(each.id)}
              onSelect={() => onSelect(selected === each.id ? null : each.id)}
              onMove={(direction) => onMove(each.id, direction)}
              onRemove={() => props.onRemoveTouchpoint(each.id)}
            />
          ))}
        </ul>
      </SortableContext>
      <button type="button" className="add" onClick={props.onAdd}>
        <IconPlus size={13} aria-hidden /> Add a moment
        <span className="hidden-visually"> to {stage.name}</span>
      </button>
    </div>
  )
}

function Moment(props: {
  touchpoint: MapTouchpoint
  selected: boolean
  troubled: boolean
  onSelect: () => void
  onMove: (direction: Direction) => void
  onRemove: () => void
}) {
  const { touchpoint, selected } = props
  const { setNodeRef, listeners, transform, transition, isDragging, isOver, active } = useSortable({
    id: touchpoint.id,
  })
  const receiving = isOver && typeof active?.id === 'string'
  return (
    <li
      ref={setNodeRef}
      style={{
        transform: transform ? `translate3d(${transform.x}px, ${transform.y}px, 0)` : undefined,
        transition,
      }}
      className={`moment${selected ? ' selected' : ''}${isDragging ? ' dragging' : ''}${receiving ? ' receiving' : ''}`}
    >
      <button
        type="button"
        className="moment-name"
        data-card={touchpoint.id}
        aria-pressed={selected}
        aria-describedby="board-keys"
        onClick={props.onSelect}
        {...listeners}
      >
        <span>{touchpoint.name || 'Unnamed'}</span>
        <span className="n">
          {purposeWords[touchpoint.purpose].label}
          {props.troubled ? <span className="bad"> · unfinished</span> : null}
          {touchpoint.rules.length === 0 && !props.troubled ? ' · no rule yet' : null}
        </span>
      </button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            aria-label={`What to do with ${touchpoint.name}`}
          >
            <IconDots size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={props.onSelect}>Change</Menu.Item>
          <Menu.Item onClick={() => props.onMove('up')}>Move up</Menu.Item>
          <Menu.Item onClick={() => props.onMove('down')}>Move down</Menu.Item>
          <Menu.Item onClick={() => props.onMove('left')}>To the stage before</Menu.Item>
          <Menu.Item onClick={() => props.onMove('right')}>To the next stage</Menu.Item>
          <Menu.Item onClick={props.onRemove}>Remove…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}
