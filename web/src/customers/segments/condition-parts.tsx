// What the fields of conditions are made of.
import { NativeSelect, NumberInput } from '@mantine/core'
import type { SegmentCondition } from '../../../../src/customers/segment-rule.ts'

export type Of<Name extends SegmentCondition['about']> = Extract<SegmentCondition, { about: Name }>

export interface Props<Rule> {
  rule: Rule
  change: (rule: Rule) => void
}

export function Days(props: {
  label: string
  value: number | undefined
  set: (days: number | undefined) => void
}) {
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

export function Choice(props: {
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
export function without<Rule extends object, Key extends keyof Rule>(
  rule: Rule,
  key: Key,
  value: Rule[Key] | undefined,
): Rule {
  const { [key]: _, ...rest } = rule
  return (value === undefined ? rest : { ...rest, [key]: value }) as Rule
}
