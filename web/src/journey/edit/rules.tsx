// The rules of a moment, in plain words: which events are placed here.
import { ActionIcon, Autocomplete, Button, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOfRule } from '../../../../src/journey/change.ts'
import type { Condition, PlacingRule } from '../../../../src/journey/schema.ts'
import { eventsQuery } from './queries.ts'
import { conditionWords, plainWords, ruleWords } from './words.ts'

export function Rules(props: {
  rules: PlacingRule[]
  onChange: (rules: PlacingRule[], what?: string) => void
}) {
  const { rules, onChange } = props
  const [open, setOpen] = useState<number | undefined>()
  const replace = (index: number, rule: PlacingRule, what?: string) =>
    onChange(
      rules.map((each, at) => (at === index ? rule : each)),
      what && `rule ${index} ${what}`,
    )
  const remove = (index: number) => {
    onChange(rules.filter((_, at) => at !== index))
    setOpen(undefined)
  }
  const add = () => {
    onChange([...rules, { event: '' }])
    setOpen(rules.length)
  }
  return (
    <fieldset className="rules">
      <legend>What is placed here</legend>
      {rules.length === 0 ? (
        <p className="muted">
          Nothing yet. Say which events belong here, or take one from the events without a place.
        </p>
      ) : null}
      <ul className="rule-list">
        {rules.map((rule, index) => {
          const problem = problemOfRule(rule)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place
            <li key={index} className={plainWords(rule) && open !== index ? 'plain' : ''}>
              {open === index ? (
                <RuleForm
                  rule={rule}
                  onChange={(next, what) => replace(index, next, what)}
                  onClose={() => setOpen(undefined)}
                  onRemove={() => remove(index)}
                />
              ) : (
                <>
                  <button type="button" className="rule" onClick={() => setOpen(index)}>
                    {plainWords(rule) ?? `When ${ruleWords(rule)}`}
                    {problem ? <span className="bad"> {problem}</span> : null}
                  </button>
                  <ActionIcon
                    size={28}
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove the rule: ${ruleWords(rule)}`}
                    onClick={() => remove(index)}
                  >
                    <IconX size={12} aria-hidden />
                  </ActionIcon>
                </>
              )}
            </li>
          )
        })}
      </ul>
      <Button size="xs" variant="default" onClick={add}>
        Add a rule
      </Button>
    </fieldset>
  )
}

function RuleForm(props: {
  rule: PlacingRule
  onChange: (rule: PlacingRule, what: string) => void
  onClose: () => void
  onRemove: () => void
}) {
  const { rule, onChange } = props
  const known = useQuery(eventsQuery).data
  const conditions = rule.where ?? []
  const set = (change: Partial<PlacingRule>, what: string) => onChange({ ...rule, ...change }, what)
  const without = (key: keyof PlacingRule) => {
    const { [key]: _, ...rest } = rule
    onChange(rest, `without ${key}`)
  }
  const setCondition = (index: number, condition: Condition) =>
    set({ where: conditions.map((each, at) => (at === index ? condition : each)) }, `where ${index}`)
  const problem = problemOfRule(rule)
  return (
    <div className="rule-form">
      <p className="muted">An event is placed here when all of this holds:</p>
      {rule.event === undefined ? null : (
        <Row onRemove={() => without('event')} what="event">
          <Autocomplete
            label="the event is"
            placeholder="Order Completed, or Order*"
            data={known?.names ?? []}
            limit={30}
            size="xs"
            value={rule.event}
            onChange={(event) => set({ event }, 'event')}
            data-autofocus
          />
        </Row>
      )}
      {rule.channel === undefined ? null : (
        <Row onRemove={() => without('channel')} what="channel">
          <Autocomplete
            label="and the channel is"
            placeholder="email"
            data={known?.channels ?? []}
            size="xs"
            value={rule.channel}
            onChange={(channel) => set({ channel }, 'channel')}
          />
        </Row>
      )}
      {rule.path === undefined ? null : (
        <Row onRemove={() => without('path')} what="page">
          <TextInput
            label="and the page’s address is"
            placeholder="/help/*"
            size="xs"
            value={rule.path}
            onChange={(event) => set({ path: event.currentTarget.value }, 'path')}
          />
        </Row>
      )}
      {conditions.map((condition, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          key={index}
          what="condition"
          onRemove={() => set({ where: conditions.filter((_, at) => at !== index) }, 'without where')}
        >
          <div className="condition">
            <TextInput
              label="and"
              placeholder="total"
              size="xs"
              value={condition.property}
              onChange={(event) => setCondition(index, { ...condition, property: event.currentTarget.value })}
            />
            <Select
              aria-label="How it compares"
              size="xs"
              allowDeselect={false}
              data={Object.entries(conditionWords).map(([value, label]) => ({ value, label }))}
              value={condition.is}
              onChange={(is) => is && setCondition(index, { ...condition, is: is as Condition['is'] })}
            />
            {condition.is === 'present' || condition.is === 'absent' ? null : (
              <TextInput
                aria-label="With what"
                size="xs"
                value={condition.value === undefined ? '' : String(condition.value)}
                onChange={(event) => setCondition(index, { ...condition, value: event.currentTarget.value })}
              />
            )}
          </div>
        </Row>
      ))}
      <div className="add-conditions">
        {rule.event === undefined ? <Add onClick={() => set({ event: '' }, 'with event')}>event</Add> : null}
        {rule.channel === undefined ? (
          <Add onClick={() => set({ channel: '' }, 'with channel')}>channel</Add>
        ) : null}
        {rule.path === undefined ? <Add onClick={() => set({ path: '' }, 'with path')}>page</Add> : null}
        <Add
          onClick={() =>
            set({ where: [...conditions, { property: '', is: 'equals', value: '' }] }, 'with where')
          }
        >
          property
        </Add>
      </div>
      <p className="n">
        A * at the end stands for anything. Capital and small letters are the same. Of rules that match the
        same event, the most particular wins.
      </p>
      {problem ? (
        <p className="bad" role="status">
          This rule {problem}.
        </p>
      ) : null}
      <div className="rule-done">
        <Button size="compact-xs" variant="default" onClick={props.onClose}>
          Close
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={props.onRemove}>
          Remove this rule
        </Button>
      </div>
    </div>
  )
}

function Row(props: { children: React.ReactNode; onRemove: () => void; what: string }) {
  return (
    <div className="place-rule">
      {props.children}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={`Leave the ${props.what} out`}
        onClick={props.onRemove}
      >
        <IconX size={13} aria-hidden />
      </ActionIcon>
    </div>
  )
}

function Add({ children, onClick }: { children: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick}>
      + {children}
    </Button>
  )
}
