import { Switch } from '@mantine/core'
import { useMemo } from 'react'
import type { Effects, Source } from '../../../../src/insights/effects/schema.ts'
import { sourceWords } from '../../expectations/expectation-words.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { useMay } from '../../lib/session.ts'
import { number, percent } from '../../lib/words.ts'

const series = [{ id: 'held', name: 'Held' }]
const share = (value: number) => percent(value)
const whole = [0, 1]
const tick = (value: number) => `${number(100 * value, 1)}\u00a0%`

/**
 * Where it is said what holds, and where what does not. Persons are told apart only when somebody asks: managers
 * see all who made thirty or more, everybody else themselves.
 */
export function WhereSaid({ answer, byPerson }: { answer: Effects; byPerson: (shown: boolean) => void }) {
  const manager = useMay('manager')
  const { sources, people, peopleShown, fewPeople, promise } = answer
  const rows = useMemo(
    () =>
      [...sources, ...people].map((each) => ({
        id: `${each.kind} ${each.name ?? ''}`,
        name: nameOf(each),
        values: [each.held],
      })),
    [sources, people],
  )
  const said = sources.some(({ kind }) => kind === 'person')
  const worse = sources.filter(({ adjusted }) => adjusted?.tells === true)
  return (
    <IntervalBars
      title="Where it was said"
      sentence={
        worse.length > 0
          ? `What is said ${worse.map(nameOf).join(', ')} holds ${worse.every(({ adjusted }) => (adjusted?.value ?? 0) < 0) ? 'less often' : 'more or less often'} than what is said elsewhere, among equals.`
          : `How often the first word held, by where it was given.${sources.length > 1 ? ' No place stands out among equals.' : ''}`
      }
      claim={worse.length > 0 ? 'goes along with' : 'counted'}
      n={sources.reduce((sum, { held }) => sum + held.n, 0)}
      rows={rows}
      series={series}
      what="Said"
      format={share}
      formatTick={tick}
      {...(rows.length === 1 ? { include: whole } : {})}
      empty="Where it was said is not known. Send “promised_in” with the event that makes the promise."
      note={
        <>
          {promise?.dimension === 'days' ? <Days sources={sources} /> : null}
          {peopleShown === 'yourself'
            ? people.length > 0
              ? ' Only you see your own line here.'
              : ' You see your own line once you have made 30 of these promises under your name; nobody but managers sees those of others.'
            : peopleShown === 'everybody' && fewPeople > 0
              ? ` ${number(fewPeople)} who made fewer than 30 are not shown. Nobody is ranked.`
              : ''}
        </>
      }
      tools={
        said || peopleShown !== 'nobody' ? (
          <Switch
            size="xs"
            label={manager ? 'By name' : 'My own'}
            checked={peopleShown !== 'nobody'}
            onChange={(event) => byPerson(event.currentTarget.checked)}
          />
        ) : undefined
      }
    />
  )
}

/** What was named against what it took: the middle one of each. */
function Days({ sources }: { sources: Source[] }) {
  const known = sources.filter(({ promised, took }) => promised !== null && took !== null)
  if (known.length === 0) return null
  return (
    <>
      Days named and days taken (the middle ones):{' '}
      {known
        .map((each) => `${nameOf(each)} ${number(each.promised ?? 0)} and ${number(each.took ?? 0)}`)
        .join('; ')}
      .
    </>
  )
}

function nameOf({ kind, name }: Pick<Source, 'kind' | 'name'>): string {
  return name === null ? sourceWords[kind] : `${sourceWords[kind]}: ${name}`
}
