import { useDraggable } from '@dnd-kit/core'
import { Button, Menu, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import { matchesText } from '../../../../src/journey/placing.ts'
import type { MapStage, Suggestion, Unplaced } from '../../../../src/journey/schema.ts'
import { count, number } from '../../lib/words.ts'
import { Failure, Waiting } from '../../parts/page.tsx'
import { Examples } from './preview-panel.tsx'
import { unplacedQuery } from './queries.ts'

/** Events that no rule places, most first: dragged onto a moment, or placed with the button. */
export function UnplacedBox(props: {
  stages: MapStage[]
  onPlace: (event: string, touchpointId: number) => void
  onMake: (event: string, suggestion: Suggestion) => void
}) {
  const { data, error, refetch } = useQuery(unplacedQuery)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting height={240} />
  const open = data.items.filter((item) => !placedByDraft(props.stages, item))
  const placed = data.items.length - open.length
  return (
    <section className="card unplaced" aria-label="Events without a place">
      <h2>Events without a place</h2>
      {data.items.length === 0 ? (
        <p className="muted">
          {data.of === 0
            ? 'Nothing has come in yet. When it does, what no rule places is here.'
            : 'Every event has its place on the map.'}
        </p>
      ) : (
        <p className="muted">
          {count(data.count, 'interaction')} of about {number(data.of)}
          {open.length > 0 ? '. Drag one onto a moment, or choose its place.' : '.'}
          {placed > 0 ? ` ${count(placed, 'more name has', 'more names have')} a rule by now.` : ''}
        </p>
      )}
      <ul className="bare-list">
        {open.map((item) => (
          <UnplacedEvent key={item.event} item={item} {...props} />
        ))}
      </ul>
      {data.moreNames ? <p className="n">There are more names; the most frequent are shown.</p> : null}
    </section>
  )
}

function placedByDraft(stages: readonly MapStage[], item: Unplaced): boolean {
  const name = item.event.replace(/\*$/, '')
  return touchpointsOf(stages).some((each) =>
    each.rules.some(
      (rule) =>
        rule.event && !rule.channel && !rule.path && !rule.where?.length && matchesText(rule.event, name),
    ),
  )
}

function UnplacedEvent(props: {
  item: Unplaced
  stages: MapStage[]
  onPlace: (event: string, touchpointId: number) => void
  onMake: (event: string, suggestion: Suggestion) => void
}) {
  const { item, stages } = props
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `event:${item.event}` })
  const [best] = item.suggestions.filter(
    (each) => each.touchpointId === null || touchpointsOf(stages).some((one) => one.id === each.touchpointId),
  )
  return (
    <li ref={setNodeRef} className={`unplaced-item${isDragging ? ' dragging' : ''}`}>
      <div className="unplaced-name" {...listeners}>
        <b>{item.event}</b>{' '}
        <span className="n">
          {item.more ? 'more than ' : ''}
          {number(item.count)}
          {item.names > 1 ? `, ${item.names} names` : ''}
          {item.channels.length > 0 ? `, ${item.channels.slice(0, 3).join(', ')}` : ''}
        </span>
      </div>
      <details>
        <summary className="n">Examples</summary>
        <Examples examples={item.examples} />
      </details>
      <div className="unplaced-act">
        {best ? (
          <Button
            size="compact-xs"
            title={`Because ${best.why}`}
            onClick={() =>
              best.touchpointId === null
                ? props.onMake(item.event, best)
                : props.onPlace(item.event, best.touchpointId)
            }
          >
            {best.touchpointId === null ? `Make “${best.touchpoint}”` : `To ${best.touchpoint}`}
          </Button>
        ) : null}
        <PlaceMenu stages={stages} event={item.event} onPlace={props.onPlace} />
      </div>
      {best ? <p className="n">Because {best.why}.</p> : null}
    </li>
  )
}

function PlaceMenu(props: {
  stages: MapStage[]
  event: string
  onPlace: (event: string, touchpointId: number) => void
}) {
  const [wanted, setWanted] = useState('')
  const fits = (name: string) => name.toLowerCase().includes(wanted.trim().toLowerCase())
  return (
    <Menu position="bottom-end" withinPortal onClose={() => setWanted('')}>
      <Menu.Target>
        <Button size="compact-xs" variant="default" aria-label={`Place ${props.event}`}>
          Place…
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        <TextInput
          size="xs"
          placeholder="Find a moment"
          aria-label="Find a moment"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        {props.stages
          .map((stage) => ({ ...stage, touchpoints: stage.touchpoints.filter((each) => fits(each.name)) }))
          .filter((stage) => stage.touchpoints.length > 0)
          .map((stage) => (
            <div key={stage.id}>
              <Menu.Label>{stage.name}</Menu.Label>
              {stage.touchpoints.map((each) => (
                <Menu.Item key={each.id} onClick={() => props.onPlace(props.event, each.id)}>
                  {each.name}
                </Menu.Item>
              ))}
            </div>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
