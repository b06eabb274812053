import { CloseButton, Select, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { changeTouchpoint } from '../../../../src/journey/arrangement.ts'
import type { MapStage, MapTouchpoint, Purpose } from '../../../../src/journey/schema.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { Rules } from './rules.tsx'
import { byWords, placeWords, purposeWords } from './words.ts'

/** One moment of the map: what it is called, what it is for, what is placed there, and what that would do. */
export function MomentPanel(props: {
  stages: MapStage[]
  touchpoint: MapTouchpoint
  onChange: (stages: MapStage[], what?: string) => void
  onClose: () => void
}) {
  const { stages, touchpoint, onChange } = props
  const name = useRef<HTMLInputElement>(null)
  const isNew = touchpoint.id < 0 && touchpoint.name.startsWith('New moment')
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another moment is opened
  useEffect(() => {
    if (isNew) name.current?.select()
  }, [touchpoint.id])
  const set = (change: Partial<Omit<MapTouchpoint, 'id'>>, what?: string) =>
    onChange(changeTouchpoint(stages, touchpoint.id, change), what && `${touchpoint.id} ${what}`)
  return (
    <section
      className="card moment-panel"
      aria-label={`${touchpoint.name}, ${placeWords(stages, touchpoint.id)}`}
    >
      <div className="panel-head">
        <h2 className="panel-title">{placeWords(stages, touchpoint.id)}</h2>
        <CloseButton size="sm" aria-label="Close" onClick={props.onClose} />
      </div>
      <TextInput
        ref={name}
        label="Name"
        value={touchpoint.name}
        maxLength={80}
        error={touchpoint.name.trim() ? null : 'Give it a name'}
        onChange={(event) => set({ name: event.currentTarget.value }, 'name')}
      />
      <div className="two">
        <Select
          label="Who acts"
          allowDeselect={false}
          data={Object.entries(byWords).map(([value, label]) => ({ value, label }))}
          value={touchpoint.by}
          onChange={(by) => (by === 'us' || by === 'customer') && set({ by })}
        />
        <TextInput
          label="Its channel"
          placeholder="any"
          value={touchpoint.channel ?? ''}
          maxLength={80}
          onChange={(event) => set({ channel: event.currentTarget.value || null }, 'channel')}
        />
      </div>
      <Select
        label="What it is for"
        description={purposeWords[touchpoint.purpose].help}
        allowDeselect={false}
        data={Object.entries(purposeWords).map(([value, { label }]) => ({ value, label }))}
        value={touchpoint.purpose}
        onChange={(purpose) => purpose && set({ purpose: purpose as Purpose })}
      />
      <Rules key={touchpoint.id} rules={touchpoint.rules} onChange={(rules, what) => set({ rules }, what)} />
      <PreviewPanel stages={stages} touchpoint={touchpoint} />
    </section>
  )
}
