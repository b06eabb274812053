import { Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { MapStage } from '../../../../src/journey/schema.ts'
import type { FieldError } from '../../../../src/lib/errors.ts'
import { EffectWords } from './effect.tsx'
import { previewQuery } from './queries.ts'

/** What saving the draft would move. */
export function Effect({ stages }: { stages: MapStage[] }) {
  const [asked] = useDebouncedValue(stages, 600)
  const { data } = useQuery(previewQuery(asked))
  return data && asked === stages ? <EffectWords preview={data} /> : <>Looking at what is stored…</>
}

/** At the foot of the page while there is something to save, undo or do again. */
export function SaveBar(props: {
  changed: boolean
  problems: FieldError[]
  saving: boolean
  canUndo: boolean
  canRedo: boolean
  onUndo: () => void
  onRedo: () => void
  onDiscard: () => void
  onSave: () => void
  children: ReactNode
}) {
  const [first] = props.problems
  return (
    <section className="save-bar" aria-label="Your changes">
      <p>
        {first ? (
          <span className="bad">
            Not ready to save: {first.reason}.
            {props.problems.length > 1 ? ` And ${props.problems.length - 1} more.` : ''}
          </span>
        ) : props.changed ? (
          props.children
        ) : (
          'As it is saved.'
        )}
      </p>
      <Group gap={8} wrap="nowrap">
        <Button size="xs" variant="default" disabled={!props.canUndo} onClick={props.onUndo}>
          Undo
        </Button>
        <Button size="xs" variant="default" disabled={!props.canRedo} onClick={props.onRedo}>
          Redo
        </Button>
        <Button size="xs" variant="default" disabled={!props.changed} onClick={props.onDiscard}>
          Throw away
        </Button>
        <Button
          size="xs"
          loading={props.saving}
          disabled={!props.changed || props.problems.length > 0}
          onClick={props.onSave}
        >
          Save the map
        </Button>
      </Group>
    </section>
  )
}
