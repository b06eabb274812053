// A segment's rule, condition by condition: all of, any of, not; groups within groups.
import { Button, NativeSelect } from '@mantine/core'
import { useRef } from 'react'
import type { SegmentCondition, SegmentRule } from '../../../../src/customers/segment-rule.ts'
import { ConditionFields } from './condition-fields.tsx'

export type RuleGroup = { all: SegmentRule[] } | { any: SegmentRule[] }
type About = SegmentCondition['about']

const deepest = 2

/** What a condition is about, and how a new one begins. */
const beginnings: { about: About; label: string; rule: SegmentCondition }[] = [
  { about: 'standing', label: 'where they stand', rule: { about: 'standing', states: ['doubting'] } },
  { about: 'interaction', label: 'something happened', rule: { about: 'interaction' } },
  { about: 'expectation', label: 'a promise', rule: { about: 'expectation', states: ['broken'] } },
  { about: 'purchase', label: 'a purchase', rule: { about: 'purchase' } },
  { about: 'value', label: 'bought for', rule: { about: 'value', from: 100_000 } },
  { about: 'sales', label: 'bought how often', rule: { about: 'sales', from: 2 } },
  { about: 'referred', label: 'sent others', rule: { about: 'referred', from: 1 } },
  { about: 'score', label: 'score', rule: { about: 'score', to: 40 } },
  { about: 'seen', label: 'seen', rule: { about: 'seen', which: 'last', notWithinDays: 90 } },
  { about: 'silence', label: 'bought, and heard nothing caring', rule: { about: 'silence', days: 90 } },
  { about: 'trait', label: 'something about them', rule: { about: 'trait', trait: 'city', is: 'present' } },
  { about: 'identity', label: 'how we reach them', rule: { about: 'identity', kind: 'email', known: true } },
  { about: 'kind', label: 'person or company', rule: { about: 'kind', is: 'company' } },
  { about: 'segment', label: 'another segment', rule: { about: 'segment', segmentId: 0 } },
  { about: 'company', label: 'people of a company', rule: { about: 'company', companyId: 0 } },
]
const fresh = (): SegmentRule => ({ about: 'standing', states: ['doubting'] })

export function GroupEditor(props: { rule: RuleGroup; change: (rule: RuleGroup) => void; depth: number }) {
  const { rule, change, depth } = props
  const any = 'any' in rule
  const parts = any ? rule.any : rule.all
  const keys = useKeys(parts.length)
  const put = (next: SegmentRule[]) => change(any ? { any: next } : { all: next })
  const label = depth === 0 ? 'Customers for whom' : 'for whom'
  return (
    <div className={depth > 0 ? 'rule-group' : 'stack'} style={{ gap: 10 }}>
      <div className="line">
        <span>{label}</span>
        <NativeSelect
          aria-label="How the conditions go together"
          size="xs"
          value={any ? 'any' : 'all'}
          onChange={(event) => change(event.currentTarget.value === 'any' ? { any: parts } : { all: parts })}
          data={[
            { value: 'all', label: 'all of these hold' },
            { value: 'any', label: 'at least one of these holds' },
          ]}
        />
      </div>
      {parts.map((part, index) => (
        <PartEditor
          key={keys.at(index)}
          rule={part}
          depth={depth}
          change={(next) => put(parts.with(index, next))}
          remove={() => {
            keys.remove(index)
            put(parts.toSpliced(index, 1))
          }}
        />
      ))}
      {parts.length === 0 ? <p className="muted">{any ? 'Nobody.' : 'Everybody.'} Add a condition.</p> : null}
      <div className="line">
        <Button variant="default" size="xs" onClick={() => put([...parts, fresh()])}>
          Add a condition
        </Button>
        {depth < deepest ? (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => put([...parts, any ? { all: [fresh()] } : { any: [fresh()] }])}
          >
            Add a group
          </Button>
        ) : null}
      </div>
    </div>
  )
}

function PartEditor(props: {
  rule: SegmentRule
  depth: number
  change: (rule: SegmentRule) => void
  remove: () => void
}) {
  const negated = 'not' in props.rule
  const inner = 'not' in props.rule ? props.rule.not : props.rule
  const change = (next: SegmentRule) => props.change(negated ? { not: next } : next)
  const not = (
    <NativeSelect
      aria-label="Holds or not"
      size="xs"
      value={negated ? 'not' : 'is'}
      onChange={(event) => props.change(event.currentTarget.value === 'not' ? { not: inner } : inner)}
      data={[
        { value: 'is', label: 'it holds that' },
        { value: 'not', label: 'it does not hold that' },
      ]}
    />
  )
  const remove = (
    <Button
      variant="subtle"
      color="gray"
      size="xs"
      onClick={props.remove}
      aria-label="Take out this condition"
    >
      Take out
    </Button>
  )
  if ('all' in inner || 'any' in inner)
    return (
      <div className="stack" style={{ gap: 6 }}>
        <div className="line">
          {not}
          <span className="end">{remove}</span>
        </div>
        <GroupEditor rule={inner} change={change} depth={props.depth + 1} />
      </div>
    )
  if ('not' in inner)
    // Twice not: written by hand through the API; shown as what it means.
    return <PartEditor {...props} rule={inner.not} />
  return (
    <div className="rule-row">
      {not}
      <NativeSelect
        aria-label="What the condition is about"
        size="xs"
        value={inner.about}
        onChange={(event) => {
          const next = beginnings.find(({ about }) => about === event.currentTarget.value)
          if (next) change(next.rule)
        }}
        data={beginnings.map(({ about, label }) => ({ value: about, label }))}
      />
      <ConditionFields rule={inner} change={change} />
      <span className="end">{remove}</span>
    </div>
  )
}

/** Keys that stay with a condition when one above it is taken out. */
function useKeys(length: number) {
  const keys = useRef<number[]>([])
  const next = useRef(0)
  while (keys.current.length < length) keys.current.push(next.current++)
  return {
    at: (index: number) => keys.current[index],
    remove: (index: number) => {
      keys.current.splice(index, 1)
    },
  }
}
