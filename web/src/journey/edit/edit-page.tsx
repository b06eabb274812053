import './edit.css'
import { Button, Drawer, Tabs } from '@mantine/core'
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useBlocker } from '@tanstack/react-router'
import { useEffect, useMemo, useReducer, useState } from 'react'
import { addTouchpoint, newId, touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { Journey, MapStage, Suggestion } from '../../../../src/journey/schema.ts'
import { api, Problem, reply, said } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { toast, toastFailure } from '../../parts/actions.tsx'
import { EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { Board } from './board.tsx'
import { CareEditor } from './care.tsx'
import { DefaultMaps, DefaultMapsDialog } from './default-maps.tsx'
import { bareMap, begin, edit, isChanged, over, placeEvent } from './draft.ts'
import { FasterDialog, LeaveDialog } from './edit-dialogs.tsx'
import { MomentPanel } from './moment-panel.tsx'
import { MoneyEditor } from './money.tsx'
import { problemsOf, stillGone, troubledBy } from './problems.ts'
import { journeyQuery, replacingQuery } from './queries.ts'
import { RemoveDialog, type Removing } from './removing.tsx'
import { ReplacingBar } from './replacing-bar.tsx'
import { Effect, SaveBar } from './save-bar.tsx'
import { Truth } from './truth.tsx'
import { UnplacedBox } from './unplaced-box.tsx'

type Definition = Awaited<ReturnType<typeof fetchJourney>>
const fetchJourney = () => reply(api.api.journey.$get())

/** Where the map is made: stages, moments, the rules that place events, money and care standards. */
export function EditJourneyPage() {
  const may = useMay('manager')
  const { data, error, refetch } = useQuery(journeyQuery)
  if (error)
    return (
      <Page title="Edit the map">
        <Failure error={error} retry={() => void refetch()} />
      </Page>
    )
  if (!data)
    return (
      <Page title="Edit the map">
        <Waiting height={420} />
      </Page>
    )
  if (!may)
    return (
      <Page title="Edit the map">
        <EmptyState
          title="The map is changed by managers"
          action={<Link to={'/journey' as '/'}>To the journey</Link>}
        >
          You can see what customers experience along it.
        </EmptyState>
      </Page>
    )
  return <Editor saved={data} />
}

function Editor({ saved }: { saved: Definition }) {
  const queries = useQueryClient()
  const [state, dispatch] = useReducer(edit, saved, begin)
  const { stages } = state.now
  const changed = isChanged(state)
  const [selected, setSelected] = useState<number | null>(null)
  const [removing, setRemoving] = useState<Removing | undefined>()
  const [conflict, setConflict] = useState<string | undefined>()
  const [saving, setSaving] = useState(false)
  const [choosing, { open: choose, close: chosen }] = useDisclosure(false)
  const narrow = useMediaQuery('(max-width: 1000px)') ?? false
  const touchpoint = touchpointsOf(stages).find((each) => each.id === selected)
  const problems = useMemo(() => problemsOf(state.now, state.base.stages), [state.now, state.base.stages])
  const troubled = useMemo(() => troubledBy(problems, stages), [problems, stages])

  // Someone else's save, or our own: what is not being edited follows it.
  useEffect(() => {
    if (saved.version !== state.base.version && !changed && !saving) dispatch({ do: 'load', journey: saved })
  }, [saved, state.base.version, changed, saving])
  useHotkeys([
    ['mod+Z', () => dispatch({ do: 'undo' })],
    ['mod+shift+Z', () => dispatch({ do: 'redo' })],
    ['mod+Y', () => dispatch({ do: 'redo' })],
    ['mod+S', () => void save()],
  ])
  const blocker = useBlocker({
    shouldBlockFn: () => changed,
    enableBeforeUnload: () => changed,
    withResolver: true,
  })

  function change(next: MapStage[], what?: string) {
    dispatch({ do: 'change', stages: next, at: Date.now(), ...(what === undefined ? {} : { what }) })
  }

  function place(event: string, touchpointId: number) {
    change(placeEvent(stages, touchpointId, event))
    const name = touchpointsOf(stages).find((each) => each.id === touchpointId)?.name
    toast(`“${event}” goes to ${name} when you save.`)
  }

  function make(event: string, { add, touchpoint: name }: Suggestion) {
    if (!add) return
    const stage = stages.find((each) => each.id === add.stageId) ?? stages.at(-1)
    if (!stage) return
    const id = newId(stages)
    const { by, purpose } = add
    change(addTouchpoint(stages, stage.id, { name, by, purpose, channel: null, rules: [{ event }] }))
    setSelected(id)
  }

  async function taken(result: { journey: Journey; created: Record<string, number> }, message: string) {
    queries.setQueryData(journeyQuery.queryKey, { ...result.journey, lastEdit: null })
    dispatch({ do: 'load', journey: result.journey })
    setSelected((was) => (was === null ? null : (result.created[was] ?? was)))
    toast(message)
    await queries.invalidateQueries({ queryKey: ['journey'] })
    await queries.refetchQueries({ queryKey: replacingQuery.queryKey })
  }

  async function save() {
    if (!changed || problems.length > 0 || saving) return
    setSaving(true)
    try {
      const { gone } = state.now
      const json = { version: state.base.version, stages, gone: stillGone(gone, stages, state.base.stages) }
      await taken(await reply(api.api.journey.$put({ json })), 'The map is saved.')
    } catch (error) {
      if (error instanceof Problem && error.status === 409) setConflict(said(error))
      else toastFailure(error)
    } finally {
      setSaving(false)
    }
  }

  async function undoSaved() {
    setSaving(true)
    try {
      const json = { version: state.base.version }
      await taken(await reply(api.api.journey.undoing.$post({ json })), 'The map is as it was before.')
    } catch (error) {
      toastFailure(error)
    } finally {
      setSaving(false)
    }
  }

  async function solveConflict(keepMine: boolean) {
    const theirs = await queries.fetchQuery({ ...journeyQuery, staleTime: 0 })
    const mine = over(theirs, state.now)
    dispatch({ do: 'load', journey: theirs, ...(keepMine ? { draft: mine } : {}) })
    setConflict(undefined)
  }

  const panel = touchpoint ? (
    <MomentPanel
      stages={stages}
      touchpoint={touchpoint}
      onChange={change}
      onClose={() => setSelected(null)}
    />
  ) : null
  const empty = state.base.stages.length === 0 && stages.length === 0

  return (
    <div className="edit-journey">
      <Page
        title="Edit the map"
        sentence={<Truth stages={stages} />}
        tools={
          <>
            {saved.lastEdit && !changed ? (
              <Button variant="default" size="xs" loading={saving} onClick={() => void undoSaved()}>
                Undo: {shorten(saved.lastEdit.summary)}
              </Button>
            ) : null}
            {empty ? null : (
              <Button variant="default" size="xs" onClick={choose}>
                Begin with a default map
              </Button>
            )}
            <Link className="to-map" to={'/journey' as '/'}>
              To the journey
            </Link>
          </>
        }
      >
        <Tabs defaultValue="map" keepMounted={false}>
          <Tabs.List aria-label="What to edit">
            <Tabs.Tab value="map">Stages and moments</Tabs.Tab>
            <Tabs.Tab value="money">Money</Tabs.Tab>
            <Tabs.Tab value="care">Care standards</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="map" pt="md">
            <ReplacingBar />
            {empty ? (
              <>
                <EmptyState title="There is no map yet">
                  Begin with one of these and make it yours: rename, move, add and remove. Or{' '}
                  <button
                    type="button"
                    className="link"
                    onClick={() => dispatch({ do: 'take over', draft: { stages: bareMap, gone: [] } })}
                  >
                    start from a bare one
                  </button>
                  .
                </EmptyState>
                <DefaultMaps onChoose={(draft) => dispatch({ do: 'take over', draft })} />
              </>
            ) : (
              <Board
                stages={stages}
                selected={selected}
                troubled={troubled}
                onSelect={setSelected}
                onChange={change}
                onRemoveStage={(id) => setRemoving({ kind: 'stage', id })}
                onRemoveTouchpoint={(id) => setRemoving({ kind: 'touchpoint', id })}
                onPlaceEvent={place}
              >
                <aside className="beside" aria-label="Beside the map">
                  {narrow ? null : panel}
                  <UnplacedBox stages={stages} onPlace={place} onMake={make} />
                </aside>
              </Board>
            )}
            {changed || state.past.length > 0 || state.future.length > 0 ? (
              <SaveBar
                changed={changed}
                problems={problems}
                saving={saving}
                canUndo={state.past.length > 0}
                canRedo={state.future.length > 0}
                onUndo={() => dispatch({ do: 'undo' })}
                onRedo={() => dispatch({ do: 'redo' })}
                onDiscard={() => dispatch({ do: 'discard' })}
                onSave={() => void save()}
              >
                <Effect stages={stages} />
              </SaveBar>
            ) : null}
          </Tabs.Panel>
          <Tabs.Panel value="money" pt="md">
            <MoneyEditor stages={saved.stages} />
          </Tabs.Panel>
          <Tabs.Panel value="care" pt="md">
            <CareEditor stages={saved.stages} />
          </Tabs.Panel>
        </Tabs>
      </Page>
      <Drawer
        opened={narrow && panel !== null}
        onClose={() => setSelected(null)}
        position="bottom"
        size="88%"
        withCloseButton={false}
      >
        {panel}
      </Drawer>
      <RemoveDialog
        key={`${removing?.kind} ${removing?.id}`}
        stages={stages}
        removing={removing}
        onClose={() => setRemoving(undefined)}
        onRemove={(to) => {
          if (removing)
            dispatch({
              do: removing.kind === 'stage' ? 'remove stage' : 'remove touchpoint',
              id: removing.id,
              to,
            })
          setRemoving(undefined)
        }}
      />
      <DefaultMapsDialog
        opened={choosing}
        onClose={chosen}
        onChoose={(draft) => dispatch({ do: 'take over', draft })}
      />
      <FasterDialog
        said={conflict}
        close={() => setConflict(undefined)}
        solve={(keepMine) => void solveConflict(keepMine)}
      />
      <LeaveDialog
        opened={blocker.status === 'blocked'}
        stay={() => blocker.reset?.()}
        leave={() => blocker.proceed?.()}
      />
    </div>
  )
}

function shorten(text: string): string {
  return text.length > 42 ? `${text.slice(0, 40)}…` : text
}
