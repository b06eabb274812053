import { Select } from '@mantine/core'
import type { MapStage } from '../../../../src/journey/schema.ts'

/** A choice among the saved moments of the map, by stage. */
export function MomentSelect(props: {
  label: string
  stages: MapStage[]
  value: number | null
  onChange: (touchpointId: number | null) => void
  /** Words for choosing none. */
  none?: string
  only?: 'after'
}) {
  const data = props.stages
    .filter((stage) => !props.only || stage.side === props.only)
    .map((stage) => ({
      group: stage.name,
      items: stage.touchpoints
        .filter((each) => each.id > 0)
        .map((each) => ({ value: String(each.id), label: each.name })),
    }))
    .filter((group) => group.items.length > 0)
  return (
    <Select
      label={props.label}
      placeholder="Choose one"
      searchable
      data={props.none === undefined ? data : [{ value: 'none', label: props.none }, ...data]}
      value={props.value === null ? (props.none === undefined ? null : 'none') : String(props.value)}
      onChange={(value) => props.onChange(value === null || value === 'none' ? null : Number(value))}
      allowDeselect={false}
    />
  )
}
