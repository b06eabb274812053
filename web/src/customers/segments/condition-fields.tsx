// The fields of one condition of a segment's rule.
import { Autocomplete, Checkbox, MultiSelect, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { purchaseStates, validationStates } from '../../../../src/customers/schema.ts'
import type { SegmentCondition } from '../../../../src/customers/segment-rule.ts'
import { stateNames } from '../../../../src/validation/words.ts'
import { journeyQuery } from '../../journey/edit/queries.ts'
import { api, reply } from '../../lib/api.ts'
import { useWorkspace } from '../../lib/session.ts'
import { FindCustomer } from '../find-customer.tsx'
import { segmentsQuery } from './queries.ts'

type Of<Name extends SegmentCondition['about']> = Extract<SegmentCondition, { about: Name }>
interface Props<Rule> {
  rule: Rule
  change: (rule: Rule) => void
}

export function ConditionFields({ rule, change }: Props<SegmentCondition>) {
  switch (rule.about) {
    case 'standing':
      return (
        <MultiSelect
          className="grow"
          size="xs"
          aria-label="Where they stand"
          value={rule.states}
          onChange={(states) => change({ ...rule, states: states as typeof rule.states })}
          data={validationStates.map((state) => ({ value: state, label: stateNames[state] }))}
        />
      )
    case 'interaction':
      return <InteractionFields rule={rule} change={change} />
    case 'expectation':
      return <ExpectationFields rule={rule} change={change} />
    case 'purchase':
      return <PurchaseFields rule={rule} change={change} />
    case 'value':
    case 'sales':
    case 'referred':
    case 'score':
      return <AmountFields rule={rule} change={change} />
    case 'silence':
      return (
        <>
          <NumberInput
            className="narrow"
            size="xs"
            min={1}
            label="for … days"
            value={rule.days}
            onChange={(value) => change({ ...rule, days: Math.max(1, Math.round(Number(value)) || 1) })}
          />
          <Days
            label="bought in the last … days"
            value={rule.boughtWithinDays}
            set={(boughtWithinDays) => change(without(rule, 'boughtWithinDays', boughtWithinDays))}
          />
        </>
      )
    case 'seen':
      return <SeenFields rule={rule} change={change} />
    case 'trait':
      return <TraitFields rule={rule} change={change} />
    case 'identity':
      return (
        <>
          <Choice
            label="Known or not"
            value={rule.known ? 'yes' : 'no'}
            choose={(value) => change({ ...rule, known: value === 'yes' })}
            options={[
              ['yes', 'we know'],
              ['no', 'we don’t know'],
            ]}
          />
          <Choice
            label="What"
            value={rule.kind}
            choose={(kind) => change({ ...rule, kind: kind as typeof rule.kind })}
            options={[
              ['email', 'an email address'],
              ['phone', 'a phone number'],
              ['user_id', 'an account'],
              ['external', 'an id in another system'],
              ['anonymous_id', 'a browser'],
            ]}
          />
        </>
      )
    case 'kind':
      return (
        <Choice
          label="Person or company"
          value={rule.is}
          choose={(is) => change({ ...rule, is: is as typeof rule.is })}
          options={[
            ['company', 'is a company'],
            ['person', 'is a person'],
          ]}
        />
      )
    case 'segment':
      return <SegmentChoice rule={rule} change={change} />
    case 'company':
      return (
        <FindCustomer
          label="Company"
          kind="company"
          chosen={rule.companyId || undefined}
          choose={(customer) => change({ ...rule, companyId: customer.id })}
        />
      )
    default:
      return rule satisfies never
  }
}

function InteractionFields({ rule, change }: Props<Of<'interaction'>>) {
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
      <Times rule={rule} change={change} />
      <Days
        label="in the last … days"
        value={rule.withinDays}
        set={(withinDays) => change(without(rule, 'withinDays', withinDays))}
      />
    </>
  )
}

function ExpectationFields({ rule, change }: Props<Of<'expectation'>>) {
  return (
    <>
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
      <Times rule={rule} change={change} />
      <Days
        label="in the last … days"
        value={rule.withinDays}
        set={(withinDays) => change(without(rule, 'withinDays', withinDays))}
      />
    </>
  )
}

function PurchaseFields({ rule, change }: Props<Of<'purchase'>>) {
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

function AmountFields({
  rule,
  change,
}: Props<Extract<SegmentCondition, { about: 'value' | 'sales' | 'referred' | 'score' }>>) {
  const { currency } = useWorkspace()
  const scale = rule.about === 'value' ? 100 : 1
  const unit = rule.about === 'value' ? ` (${currency})` : ''
  const field = (name: 'from' | 'to', label: string) => (
    <NumberInput
      className="narrow"
      size="xs"
      min={0}
      label={`${label}${unit}`}
      value={rule[name] === undefined ? '' : rule[name] / scale}
      onChange={(value) =>
        change(without(rule, name, value === '' ? undefined : Math.round(Number(value) * scale)))
      }
    />
  )
  return (
    <>
      {field('from', 'at least')}
      {field('to', 'at most')}
    </>
  )
}

function SeenFields({ rule, change }: Props<Of<'seen'>>) {
  const within = rule.withinDays !== undefined
  return (
    <>
      <Choice
        label="First or last"
        value={rule.which}
        choose={(which) => change({ ...rule, which: which as typeof rule.which })}
        options={[
          ['last', 'for the last time'],
          ['first', 'for the first time'],
        ]}
      />
      <Choice
        label="When"
        value={within ? 'within' : 'not'}
        choose={(how) => {
          const days = rule.withinDays ?? rule.notWithinDays ?? 90
          change({
            about: 'seen',
            which: rule.which,
            ...(how === 'within' ? { withinDays: days } : { notWithinDays: days }),
          })
        }}
        options={[
          ['within', 'in the last'],
          ['not', 'longer ago than'],
        ]}
      />
      <NumberInput
        className="narrow"
        size="xs"
        min={1}
        aria-label="Days"
        suffix=" days"
        value={rule.withinDays ?? rule.notWithinDays ?? ''}
        onChange={(value) => {
          const days = Math.max(1, Math.round(Number(value)) || 1)
          change({
            about: 'seen',
            which: rule.which,
            ...(within ? { withinDays: days } : { notWithinDays: days }),
          })
        }}
      />
    </>
  )
}

function TraitFields({ rule, change }: Props<Of<'trait'>>) {
  const names = useQuery({
    queryKey: ['trait-names'],
    queryFn: () => reply(api.api['trait-names'].$get()),
    staleTime: 300_000,
  })
  const alone = rule.is === 'present' || rule.is === 'absent'
  return (
    <>
      <Autocomplete
        className="mid"
        size="xs"
        aria-label="What about them"
        value={rule.trait}
        onChange={(trait) => change({ ...rule, trait })}
        data={names.data?.items ?? []}
      />
      <Choice
        label="How it compares"
        value={rule.is}
        choose={(value) => {
          const is = value as typeof rule.is
          const { value: old, ...rest } = rule
          change(is === 'present' || is === 'absent' ? { ...rest, is } : { ...rest, is, value: old ?? '' })
        }}
        options={[
          ['equals', 'is'],
          ['not', 'is not'],
          ['contains', 'contains'],
          ['starts', 'begins with'],
          ['above', 'is above'],
          ['below', 'is below'],
          ['present', 'is known'],
          ['absent', 'is not known'],
        ]}
      />
      {alone ? null : (
        <TextInput
          className="mid"
          size="xs"
          aria-label="Value"
          value={String(rule.value ?? '')}
          onChange={(event) => change({ ...rule, value: event.currentTarget.value })}
        />
      )}
    </>
  )
}

function SegmentChoice({ rule, change }: Props<Of<'segment'>>) {
  const segments = useQuery(segmentsQuery)
  return (
    <Choice
      label="Which segment"
      value={String(rule.segmentId)}
      choose={(id) => change({ ...rule, segmentId: Number(id) })}
      options={[
        ...(rule.segmentId === 0 ? [['0', 'choose one'] as [string, string]] : []),
        ...(segments.data?.items ?? []).map(({ id, name }): [string, string] => [
          String(id),
          `is in “${name}”`,
        ]),
      ]}
    />
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

function Days(props: { label: string; value: number | undefined; set: (days: number | undefined) => void }) {
  return (
    <NumberInput
      className="mid"
      size="xs"
      min={1}
      label={props.label}
      placeholder="any time"
      value={props.value ?? ''}
      onChange={(value) => props.set(value === '' ? undefined : Math.max(1, Math.round(Number(value)) || 1))}
    />
  )
}

function Choice(props: {
  label: string
  value: string
  choose: (value: string) => void
  options: [value: string, label: string][]
}) {
  return (
    <NativeSelect
      size="xs"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.choose(event.currentTarget.value)}
      data={props.options.map(([value, label]) => ({ value, label }))}
    />
  )
}

/** The rule with one field set, or without it. */
function without<Rule extends object, Key extends keyof Rule>(
  rule: Rule,
  key: Key,
  value: Rule[Key] | undefined,
): Rule {
  const { [key]: _, ...rest } = rule
  return (value === undefined ? rest : { ...rest, [key]: value }) as Rule
}
