import { SegmentedControl } from '@mantine/core'

const shares = [
  { value: '0.5', label: 'half' },
  { value: '0.8', label: '80 %' },
  { value: '0.95', label: '95 %' },
]

/** How much of all steps a flow shows. `all`: where all of them are at hand. */
export function Coverage(props: { value: string; change: (value: string) => void; all?: boolean }) {
  return (
    <SegmentedControl
      size="xs"
      value={props.value}
      onChange={props.change}
      aria-label="How much of all steps is shown"
      data={props.all ? [...shares, { value: '1', label: 'all' }] : shares}
    />
  )
}
