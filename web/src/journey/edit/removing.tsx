import { Button, Group, Modal, Select } from '@mantine/core'
import { useState } from 'react'
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { MapStage } from '../../../../src/journey/schema.ts'

/** What is to be taken off the map: a moment, or a stage with all that is in it. */
export type Removing = { kind: 'touchpoint' | 'stage'; id: number }

const nowhere = 'nowhere'

/** Asks where the interactions go before something is taken off the map. */
export function RemoveDialog(props: {
  stages: MapStage[]
  removing: Removing | undefined
  onClose: () => void
  onRemove: (to: number | null) => void
}) {
  const { stages, removing, onClose } = props
  const [to, setTo] = useState(nowhere)
  const stage = removing?.kind === 'stage' ? stages.find((each) => each.id === removing.id) : undefined
  const going = new Set(
    stage ? stage.touchpoints.map((each) => each.id) : removing?.kind === 'touchpoint' ? [removing.id] : [],
  )
  const name = stage?.name ?? touchpointsOf(stages).find((each) => going.has(each.id))?.name ?? ''
  const others = stages
    .map((each) => ({
      group: each.name,
      items: each.touchpoints
        .filter((touchpoint) => !going.has(touchpoint.id))
        .map((touchpoint) => ({ value: String(touchpoint.id), label: touchpoint.name })),
    }))
    .filter((each) => each.items.length > 0)
  return (
    <Modal opened={removing !== undefined} onClose={onClose} title={`Take “${name}” off the map?`} centered>
      {going.size > 0 ? (
        <Select
          label={
            stage
              ? `Where do the interactions of its ${going.size} moments go?`
              : 'Where do its interactions go?'
          }
          description="With them go its rules, money and care standards."
          data={[{ value: nowhere, label: 'Wherever the other rules place them' }, ...others]}
          value={to}
          onChange={(value) => setTo(value ?? nowhere)}
          allowDeselect={false}
          searchable
        />
      ) : (
        <p className="muted">It is empty: nothing else changes.</p>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button
          onClick={() => {
            props.onRemove(to === nowhere || going.size === 0 ? null : Number(to))
            setTo(nowhere)
          }}
        >
          Take it off
        </Button>
      </Group>
    </Modal>
  )
}
