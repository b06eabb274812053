// The fields of a condition about what happened, how often and when: interactions, promises, purchases.
import { Checkbox, MultiSelect, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { purchaseStates } from '../../../../src/customers/schema.ts'
import { promiseNamesQuery } from '../../expectations/expectation-data.ts'
import { journeyQuery } from '../../journey/edit/queries.ts'
import { Choice, Days, type Of, type Props, without } from './condition-parts.tsx'

export function InteractionFields({ rule, change }: Props<Of<'interaction'>>) {
  const journey = useQuery(journeyQuery)
  const what =
    rule.touchpointId !== undefined ? String(rule.touchpointId) : rule.event !== undefined ? 'event' : ''
  return (
    <>
      <NativeSelect
        className="mid"
        size="xs"
        aria-label="Which moment"
        value={what}
        onChange={(event) => {
          const { touchpointId: _, event: __, ...rest } = rule
          const { value } = event.currentTarget
          if (value === '') change(rest)
          else if (value === 'event') change({ ...rest, event: 'Order Completed' })
          else change({ ...rest, touchpointId: Number(value) })
        }}
        data={[
          { value: '', label: 'anything' },
          { value: 'event', label: 'an event by its name' },
          ...(journey.data?.stages ?? []).map((stage) => ({
            group: stage.name,
            items: stage.touchpoints.map(({ id, name }) => ({ value: String(id), label: name })),
          })),
        ]}
      />
      {rule.event !== undefined ? (
        <TextInput
          className="mid"
          size="xs"
          aria-label="The event’s name"
          value={rule.event}
          onChange={(event) => change({ ...rule, event: event.currentTarget.value })}
        />
      ) : null}
      <Choice
        label="How it was"
        value={rule.experience ?? ''}
        choose={(value) =>
          change(without(rule, 'experience', (value || undefined) as 'good' | 'bad' | undefined))
        }
        options={[
          ['', 'however it was'],
          ['good', '▲ good'],
          ['bad', '▼ bad'],
        ]}
      />
      <TimesAndDays rule={rule} change={change} />
    </>
  )
}

export function ExpectationFields({ rule, change }: Props<Of<'expectation'>>) {
  const promises = useQuery(promiseNamesQuery)
  const known = (promises.data?.items ?? []).map(({ id, name, retiredAt }) => ({
    id,
    name: retiredAt === null ? name : `${name}, no longer made`,
  }))
  const gone = rule.ruleId !== undefined && promises.data && !known.some(({ id }) => id === rule.ruleId)
  return (
    <>
      <NativeSelect
        className="grow"
        style={{ flexBasis: 240 }}
        size="xs"
        aria-label="Which promise"
        value={String(rule.ruleId ?? '')}
        onChange={(event) => {
          const { value } = event.currentTarget
          change(without(rule, 'ruleId', value === '' ? undefined : Number(value)))
        }}
        data={[
          { value: '', label: 'any promise' },
          ...known.map(({ id, name }) => ({ value: String(id), label: name })),
          ...(gone ? [{ value: String(rule.ruleId), label: 'one that was deleted' }] : []),
        ]}
      />
      <MultiSelect
        className="grow"
        size="xs"
        aria-label="What became of the promise"
        placeholder={rule.states?.length ? '' : 'whatever became of it'}
        value={rule.states ?? []}
        onChange={(states) => change({ ...rule, states: states as NonNullable<typeof rule.states> })}
        data={['open', 'kept', 'exceeded', 'broken', 'withdrawn']}
      />
      <Checkbox
        size="xs"
        label="not made good"
        checked={rule.unmended ?? false}
        onChange={(event) => change(without(rule, 'unmended', event.currentTarget.checked || undefined))}
      />
      <TimesAndDays rule={rule} change={change} />
    </>
  )
}

export function PurchaseFields({ rule, change }: Props<Of<'purchase'>>) {
  return (
    <>
      <MultiSelect
        className="grow"
        size="xs"
        aria-label="What kind of purchase"
        placeholder={rule.kinds?.length ? '' : 'any kind'}
        value={rule.kinds ?? []}
        onChange={(kinds) => change({ ...rule, kinds: kinds as NonNullable<typeof rule.kinds> })}
        data={['order', 'project', 'contract', 'subscription']}
      />
      <MultiSelect
        className="grow"
        size="xs"
        aria-label="What state it is in"
        placeholder={rule.states?.length ? '' : 'any state'}
        value={rule.states ?? []}
        onChange={(states) => change({ ...rule, states: states as NonNullable<typeof rule.states> })}
        data={[...purchaseStates]}
      />
      <Times rule={rule} change={change} />
      <Days
        label="sold in the last … days"
        value={rule.withinDays}
        set={(withinDays) => change(without(rule, 'withinDays', withinDays))}
      />
      <Days
        label="renews within … days"
        value={rule.renewsWithinDays}
        set={(renewsWithinDays) => change(without(rule, 'renewsWithinDays', renewsWithinDays))}
      />
    </>
  )
}

function TimesAndDays<Rule extends Counted & { withinDays?: number | undefined }>({
  rule,
  change,
}: Props<Rule>) {
  return (
    <>
      <Times rule={rule} change={change} />
      <Days
        label="in the last … days"
        value={rule.withinDays}
        set={(withinDays) => change(without(rule, 'withinDays', withinDays))}
      />
    </>
  )
}

interface Counted {
  atLeast?: number | undefined
  atMost?: number | undefined
}

function Times<Rule extends Counted>({ rule, change }: Props<Rule>) {
  const never = rule.atMost === 0
  const at = (atLeast: number | undefined, atMost: number | undefined) => {
    const { atLeast: _, atMost: __, ...rest } = rule
    change({
      ...rest,
      ...(atLeast === undefined ? {} : { atLeast }),
      ...(atMost === undefined ? {} : { atMost }),
    } as Rule)
  }
  return (
    <>
      <Choice
        label="How often"
        value={never ? 'never' : rule.atMost !== undefined ? 'most' : 'least'}
        choose={(how) => {
          if (how === 'never') at(undefined, 0)
          else if (how === 'most') at(undefined, 1)
          else at(1, undefined)
        }}
        options={[
          ['least', 'at least'],
          ['most', 'at most'],
          ['never', 'never'],
        ]}
      />
      {never ? null : (
        <NumberInput
          className="narrow"
          size="xs"
          min={1}
          aria-label="Times"
          suffix={(rule.atMost ?? rule.atLeast ?? 1) === 1 ? ' time' : ' times'}
          value={rule.atMost ?? rule.atLeast ?? 1}
          onChange={(value) => {
            const times = Math.max(1, Math.round(Number(value)) || 1)
            if (rule.atMost !== undefined) at(undefined, times)
            else at(times, undefined)
          }}
        />
      )}
    </>
  )
}
