// The fields of one condition of a segment's rule.
import { Autocomplete, MultiSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { validationStates } from '../../../../src/customers/schema.ts'
import type { SegmentCondition } from '../../../../src/customers/segment-rule.ts'
import { stateNames } from '../../../../src/validation/words.ts'
import { api, reply } from '../../lib/api.ts'
import { useWorkspace } from '../../lib/session.ts'
import { FindCustomer } from '../find-customer.tsx'
import { Choice, Days, type Of, type Props, without } from './condition-parts.tsx'
import { ExpectationFields, InteractionFields, PurchaseFields } from './happened-fields.tsx'
import { segmentsQuery } from './queries.ts'

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
