import { Button, NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Improvement, Improvements, Watched } from '../../../../src/insights/improvements/schema.ts'
import { improvementsSheets } from '../../../../src/insights/improvements/sheets.ts'
import { signed } from '../../figures/estimate.ts'
import { SeriesWithEvent } from '../../figures/series-with-event.tsx'
import { api, reply } from '../../lib/api.ts'
import { useMay, useWorkspace } from '../../lib/session.ts'
import { dateText, percent } from '../../lib/words.ts'
import { toast, toastFailure } from '../../parts/actions.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'

const LogChange = lazy(async () => ({ default: (await import('./log-change.tsx')).LogChange }))

export function ImprovementsPage() {
  const mayLog = useMay('member')
  const [logging, setLogging] = useState<Improvement | 'new' | null>(null)
  const [watching, setWatching] = useState<string>()
  return (
    <>
      <QuestionPage<Improvements>
        name="improvements"
        title="Improvements"
        about="What you changed, before against after; and a watch that says when something has turned without your doing."
        sheets={improvementsSheets}
        pickers={(search, set) => (
          <>
            <NativeSelect
              size="xs"
              aria-label="Days before and after"
              value={String(search['days'] ?? 90)}
              onChange={(event) => set({ days: Number(event.currentTarget.value) })}
              data={[30, 60, 90, 180, 365].map((days) => ({
                value: String(days),
                label: `${days} days before and after`,
              }))}
            />
            {mayLog ? (
              <Button size="xs" onClick={() => setLogging('new')}>
                Log a change
              </Button>
            ) : null}
          </>
        )}
      >
        {(answer) => (
          <>
            <Card title="What you changed">
              {answer.improvements.length === 0 ? (
                <EmptyState
                  title="Nothing is logged yet"
                  action={mayLog ? <Button onClick={() => setLogging('new')}>Log a change</Button> : null}
                >
                  Write down what you change and from which day on; here you see what came of it.
                </EmptyState>
              ) : (
                answer.improvements.map((each) => (
                  <Changed
                    key={each.id}
                    change={each}
                    edit={mayLog ? () => setLogging(each) : null}
                    show={
                      answer.watched.some((watched) => keyOf(watched) === keyOf(each))
                        ? () => {
                            setWatching(keyOf(each))
                            document.querySelector('main .figure')?.scrollIntoView({ block: 'nearest' })
                          }
                        : null
                    }
                  />
                ))
              )}
            </Card>
            <Watching answer={answer} chosen={watching} choose={setWatching} />
          </>
        )}
      </QuestionPage>
      <Suspense>
        {logging ? (
          <LogChange change={logging === 'new' ? null : logging} close={() => setLogging(null)} />
        ) : null}
      </Suspense>
    </>
  )
}

type Compared = Improvements['improvements'][number]

const keyOf = ({ kind, aboutId }: Pick<Watched, 'kind' | 'aboutId'>) => `${kind}:${aboutId}`

function Changed(props: { change: Compared; edit: (() => void) | null; show: (() => void) | null }) {
  const { change, edit, show } = props
  const { timeZone } = useWorkspace()
  const queries = useQueryClient()
  const figure = change.kept ?? change.experience
  const say = change.kept ? (value: number) => percent(value) : (value: number) => signed(value)
  const points = change.kept ? (value: number) => signed(100 * value, 0) : (value: number) => signed(value)
  async function remove() {
    await reply(api.api.improvements[':id'].$delete({ param: { id: `${change.id}` } }))
    const refresh = () => queries.invalidateQueries({ queryKey: ['question', 'improvements'] })
    await refresh()
    toast(`“${change.what}” is removed.`, async () => {
      const { what, madeOn, note, kind, aboutId } = change
      await reply(
        api.api.improvements.$post({
          json: {
            what,
            madeOn,
            ...(note ? { note } : {}),
            ...(kind === 'promise' ? { promiseId: aboutId } : { touchpointId: aboutId }),
          },
        }),
      )
      await refresh()
    })
  }
  return (
    <div className="change">
      <span className="who">
        {change.what}
        <span className="n">
          {change.about ?? 'no longer on the map'}, from {dateText(new Date(change.madeOn), timeZone)}
        </span>
      </span>
      <span className="why">
        {change.cannotTell ? (
          <>
            {change.cannotTell} <Claim kind="not enough to tell" />
          </>
        ) : figure && figure.before.value !== null && figure.after.value !== null ? (
          <>
            {say(figure.before.value)} before, <b>{say(figure.after.value)}</b> after{' '}
            <span className="n">
              n {figure.before.n} and {figure.after.n}
              {change.evidence === 'inferred' ? ', inferred from what happened' : ''}
            </span>
            {figure.change ? (
              <span className="n">
                {' '}
                · {figure.change.tells ? 'a change of' : 'perhaps chance:'} {points(figure.change.low)} to{' '}
                {points(figure.change.high)}
                {change.kept ? ' in 100' : ''}
              </span>
            ) : null}{' '}
            <Claim kind={figure.change?.tells ? 'goes along with' : 'not enough to tell'} />
          </>
        ) : null}
        {change.note ? <span className="n">{change.note}</span> : null}
        {show ? (
          <>
            {' '}
            <span className="n">
              <button type="button" className="as-link" onClick={show}>
                Week by week, below
              </button>
            </span>
          </>
        ) : null}
      </span>
      {edit ? (
        <span className="do">
          <Button size="xs" variant="default" onClick={edit}>
            Correct
          </Button>{' '}
          <Button size="xs" variant="default" onClick={() => void remove().catch(toastFailure)}>
            Remove
          </Button>
        </span>
      ) : null}
    </div>
  )
}

/** One watched series at a time, those that have turned first. */
function Watching(props: {
  answer: Improvements
  chosen: string | undefined
  choose: (key: string) => void
}) {
  const { answer, chosen, choose } = props
  const { timeZone } = useWorkspace()
  const shown = answer.watched.find((each) => keyOf(each) === chosen) ?? answer.watched[0]
  if (!shown)
    return (
      <Card title="The watch">
        <p className="faint">
          Nothing can be watched yet: it takes 40 answers at a moment, or a promise that came due 40 times.
        </p>
      </Card>
    )
  const share = shown.figure === 'kept'
  const turn = shown.turns.at(-1)
  return (
    <SeriesWithEvent
      title={`The watch: ${shown.about}`}
      sentence={
        turn
          ? `It has turned for the ${turn.good ? 'better' : 'worse'} in the week of ${dateText(new Date(turn.since), timeZone)}.`
          : 'Nothing has turned beyond chance.'
      }
      claim={turn ? 'goes along with' : 'counted'}
      n={shown.weeks.reduce((sum, week) => sum + week.n, 0)}
      {...(shown.cannotTell ? { cantTell: `This can’t be told, because ${shown.cannotTell}.` } : {})}
      what={share ? 'Share kept' : 'Experience'}
      limits="95 % interval of the level"
      note={`${answer.watched.length} series are watched together; at most one false alarm in ${Math.round(1 / answer.falseAlarmsAYear)} years is to be expected.`}
      tools={
        <NativeSelect
          size="xs"
          aria-label="What is watched"
          value={keyOf(shown)}
          onChange={(event) => choose(event.currentTarget.value)}
          data={answer.watched.map((each) => ({
            value: keyOf(each),
            label: `${each.turns.length > 0 ? (each.turns.at(-1)?.good ? '▲ ' : '▼ ') : ''}${each.about}`,
          }))}
        />
      }
      points={shown.weeks
        .filter((week) => week.value !== null)
        .map((week) => ({
          at: week.at,
          value: week.value,
          low: null,
          high: null,
          n: week.n,
          signal: week.signal,
        }))}
      levels={shown.stretches.map((stretch, index) => ({
        ...stretch,
        name: index === 0 ? 'level' : 'level since',
      }))}
      events={answer.improvements
        .filter((each) => each.kind === shown.kind && each.aboutId === shown.aboutId)
        .map((each) => ({ at: each.madeOn, name: each.what }))}
      format={share ? (value) => percent(value) : (value) => signed(value)}
      timeZone={timeZone}
      sayTime={(at) => `the week of ${dateText(new Date(at), timeZone)}`}
    />
  )
}
