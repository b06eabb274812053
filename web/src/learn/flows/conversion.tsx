import { NativeSelect } from '@mantine/core'
import { useMemo } from 'react'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { waited } from '../../../../src/lib/phrases.ts'
import { SurvivalCurves } from '../../figures/survival-curves.tsx'
import type { SurvivalGroup, SurvivalPoint } from '../../figures/survival-layout.ts'
import { count, number, percent } from '../../lib/words.ts'
import type { SetSearch } from '../question-page.tsx'
import { named } from './names.ts'

type Curve = Omit<NonNullable<Flows['conversion']>, 'between'>

/** Who had got there by the time that was clicked, of which group. */
export interface Arrived {
  title: string
  compared: boolean
  days: number
}

/** How many get from one touchpoint to another, or to a sale, by when. Who is still on the way counts as long as followed. */
export function Conversion(props: { answer: Flows; set: SetSearch; open: (arrived: Arrived) => void }) {
  const { answer, set, open } = props
  const { conversion, compared } = answer
  const groups = useMemo(
    () =>
      [
        conversion && groupOf('here', answer.asked.segment?.name ?? (compared ? 'Here' : 'All'), conversion),
        compared?.conversion &&
          groupOf(
            'there',
            compared.others ? 'Everybody else' : (compared.with.segment?.name ?? 'Compared'),
            compared.conversion,
          ),
      ].filter((group) => group !== null && group !== undefined),
    [answer, conversion, compared],
  )
  if (!conversion) return null
  const { name, goalName } = named(answer)
  const { between, share, n, withinDays } = conversion
  const them = answer.case === 'purchase' ? 'purchase' : 'customer'
  const openPoint = ({ group, time }: SurvivalPoint) =>
    open({
      title: `From ${name(conversion.start)} to ${goalName} within ${count(Math.ceil(time), 'day')}${groups.length > 1 ? `: ${group.name}` : ''}`,
      compared: group.id === 'there',
      days: time,
    })
  const places = answer.touchpoints.map(({ id, name: label }) => ({ value: String(id), label }))
  return (
    <SurvivalCurves
      title={`From ${name(conversion.start)} to ${goalName}`}
      fileName="flows-conversion"
      sentence={`The share who had got there, by the days since they first came to ${name(conversion.start)}.`}
      claim="counted"
      n={`${count(n, them)} came there, ${number(conversion.arrived)} got there in time`}
      groups={groups}
      unit="days"
      happened="had got there"
      horizon={Math.min(
        withinDays,
        Math.max(conversion.followedDays, compared?.conversion?.followedDays ?? 0),
      )}
      onOpen={openPoint}
      {...(share === null && {
        cantTell: `${count(n, them)} came to ${name(conversion.start)}; at least 10 are needed to say how many go on to ${goalName}.`,
      })}
      note={
        <>
          {share
            ? `${percent(share.value, 1)} (${percent(share.low, 1)} to ${percent(share.high, 1)}) within ${count(Math.ceil(conversion.followedDays), 'day')}. `
            : ''}
          {between.n >= 10 && between.medianSeconds !== null && between.p90Seconds !== null
            ? `Of those who got there, half took at most ${waited(between.medianSeconds)}, nine in ten ${waited(between.p90Seconds)}. `
            : ''}
          Who is still on the way counts for as long as they were followed (Kaplan–Meier, 95 % log-log
          interval).
        </>
      }
      tools={
        <>
          <NativeSelect
            size="xs"
            aria-label="From where"
            value={String(conversion.start)}
            onChange={(event) => set({ start: Number(event.currentTarget.value) })}
            data={places}
          />
          <NativeSelect
            size="xs"
            aria-label="To where"
            value={String(conversion.goal)}
            onChange={(event) => set({ goal: event.currentTarget.value })}
            data={[{ value: 'sale', label: 'a sale' }, ...places]}
          />
          <NativeSelect
            size="xs"
            aria-label="Within how many days"
            value={String(withinDays)}
            onChange={(event) => set({ within: Number(event.currentTarget.value) })}
            data={[...new Set([7, 30, 90, 180, 365, withinDays])]
              .sort((a, b) => a - b)
              .map((days) => ({ value: String(days), label: `in ${days} days` }))}
          />
        </>
      }
    />
  )
}

/** The curve goes on as far as anybody was followed, though nobody more got there. */
function groupOf(id: string, name: string, { n, curve, half, share, followedDays }: Curve): SurvivalGroup {
  const last = curve.at(-1)
  const whole =
    last && share && followedDays > last.days ? [...curve, { days: followedDays, ...share }] : curve
  return {
    id,
    name,
    n,
    curve: whole.map(({ days, value, low, high, atRisk }) => ({
      time: days,
      share: value,
      low,
      high,
      atRisk,
    })),
    median: half && { value: half.days, low: half.low, high: half.high, n },
  }
}
