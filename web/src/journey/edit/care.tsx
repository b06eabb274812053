import { Button, NumberInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { CareStandard, MapStage } from '../../../../src/journey/schema.ts'
import { api, reply } from '../../lib/api.ts'
import { count } from '../../lib/words.ts'
import { ConfirmAction, toast, toastFailure } from '../../parts/actions.tsx'
import { Card, EmptyState, Failure, Waiting } from '../../parts/page.tsx'
import { MomentSelect } from './moment-select.tsx'
import { careStandardsQuery } from './queries.ts'

/** The few things that every buyer should get after the sale. */
export function CareEditor({ stages }: { stages: MapStage[] }) {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(careStandardsQuery)
  const [changing, setChanging] = useState<CareStandard | undefined>()
  const changed = () => queries.invalidateQueries()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  const nameOf = (id: number) => touchpointsOf(stages).find((each) => each.id === id)?.name ?? ''
  return (
    <div className="stack">
      <Card title="What every buyer should get">
        {data.items.length === 0 ? (
          <EmptyState title="No care standard yet">
            Name the few things that nobody who buys should go without, such as a call within a week of
            fitting. The journey page then shows who got them and who didn’t.
          </EmptyState>
        ) : (
          <ul className="bare-list">
            {data.items.map((each) => (
              <li key={each.id} className="standard">
                <div>
                  <b>{each.name}</b>
                  <br />
                  <span className="muted">
                    {nameOf(each.touchpointId)} within {count(each.withinDays, 'day')} of{' '}
                    {each.countsFrom === null ? 'the sale' : nameOf(each.countsFrom)}
                  </span>
                </div>
                <div className="row-tools">
                  <Button size="compact-xs" variant="default" onClick={() => setChanging(each)}>
                    Change<span className="hidden-visually"> {each.name}</span>
                  </Button>
                  <ConfirmAction
                    label="Remove"
                    question={`Remove “${each.name}”?`}
                    confirm="Remove it"
                    button={{ size: 'compact-xs', 'aria-label': `Remove ${each.name}` }}
                    act={async () => {
                      await reply(api.api['care-standards'][':id'].$delete({ param: { id: each.id } }))
                      await changed()
                    }}
                  >
                    It will no longer be watched. What customers got stays on record.
                  </ConfirmAction>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <CareForm
        key={changing?.id ?? 'new'}
        stages={stages}
        standard={changing}
        onDone={() => {
          setChanging(undefined)
          void changed()
        }}
        onCancel={() => setChanging(undefined)}
      />
    </div>
  )
}

function CareForm(props: {
  stages: MapStage[]
  standard: CareStandard | undefined
  onDone: () => void
  onCancel: () => void
}) {
  const { standard } = props
  const [name, setName] = useState(standard?.name ?? '')
  const [touchpointId, setTouchpointId] = useState<number | null>(standard?.touchpointId ?? null)
  const [countsFrom, setCountsFrom] = useState<number | null>(standard?.countsFrom ?? null)
  const [withinDays, setWithinDays] = useState<number | string>(standard?.withinDays ?? 7)
  const [busy, setBusy] = useState(false)
  async function save(event: FormEvent) {
    event.preventDefault()
    if (touchpointId === null || typeof withinDays !== 'number') return
    setBusy(true)
    const json = { name: name.trim(), touchpointId, withinDays, countsFrom }
    try {
      if (standard) await reply(api.api['care-standards'][':id'].$put({ param: { id: standard.id }, json }))
      else await reply(api.api['care-standards'].$post({ json }))
      toast('Saved.')
      setName('')
      props.onDone()
    } catch (error) {
      toastFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card title={standard ? 'Change this standard' : 'Add a standard'}>
      <form className="inline-form" onSubmit={(event) => void save(event)}>
        <TextInput
          label="What you call it"
          placeholder="A call within a week of fitting"
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MomentSelect
          label="What they should get"
          stages={props.stages}
          only="after"
          value={touchpointId}
          onChange={setTouchpointId}
        />
        <NumberInput label="Within days" min={1} max={3650} value={withinDays} onChange={setWithinDays} />
        <MomentSelect
          label="Counted from"
          stages={props.stages}
          none="The sale"
          value={countsFrom}
          onChange={setCountsFrom}
        />
        <Button
          type="submit"
          loading={busy}
          disabled={!name.trim() || touchpointId === null || typeof withinDays !== 'number'}
        >
          {standard ? 'Save it' : 'Add it'}
        </Button>
        {standard ? (
          <Button variant="default" onClick={props.onCancel}>
            Leave it as it was
          </Button>
        ) : null}
      </form>
    </Card>
  )
}
