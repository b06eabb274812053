import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { Rule } from '../../../src/expectations/schema.ts'
import { DueTerms } from './due-terms.tsx'
import { EventLine } from './event-line.tsx'

type Optional = 'broken' | 'withdrawn' | 'told'
const optional: Record<Optional, { label: string; hint: string }> = {
  broken: { label: 'It is broken at once by', hint: 'Renewal Missed' },
  withdrawn: { label: 'It is no longer needed after', hint: 'Order Cancelled' },
  told: { label: 'The customer is told that it won’t hold by', hint: 'Delay Announced' },
}

/** A rule as sentences with gaps to fill. */
export function RuleForm({
  rule,
  change,
  wrong,
}: {
  rule: Rule
  change: (rule: Rule) => void
  wrong: (field: string) => string | undefined
}) {
  const set = (changes: { [Key in keyof Rule]?: Rule[Key] | undefined }) =>
    change(
      Object.fromEntries(
        Object.entries({ ...rule, ...changes }).filter(([, value]) => value !== undefined),
      ) as Rule,
    )
  const measured = rule.dimension !== 'days'
  return (
    <>
      <fieldset>
        <legend>The promise</legend>
        <EventLine
          label="It is made when this happens"
          match={rule.opened}
          set={(opened) => set({ opened })}
        />
        <div className="rule-line">
          <NativeSelect
            label="It is about"
            value={rule.dimension}
            onChange={(event) => {
              const dimension = event.currentTarget.value as Rule['dimension']
              set({
                dimension,
                threshold:
                  dimension === 'days'
                    ? undefined
                    : (rule.threshold ?? { limit: 'at most', property: 'total' }),
                keptValue: dimension === 'days' ? undefined : (rule.keptValue ?? 'total'),
                due: dimension === 'days' && rule.due.length === 0 ? [{ after: 2, unit: 'weeks' }] : rule.due,
              })
            }}
            data={[
              { value: 'days', label: 'a time' },
              { value: 'money', label: 'a sum of money' },
              { value: 'points', label: 'points or a number' },
            ]}
          />
          <NativeSelect
            label="Whose word it is"
            value={rule.statedBy}
            onChange={(event) =>
              set({ statedBy: event.currentTarget.value === 'customer' ? 'customer' : 'us' })
            }
            data={[
              { value: 'us', label: 'we say it' },
              { value: 'customer', label: 'the customer assumes it' },
            ]}
          />
          <NativeSelect
            label="Said"
            value={rule.source.kind}
            onChange={(event) =>
              set({ source: { ...rule.source, kind: event.currentTarget.value as Rule['source']['kind'] } })
            }
            data={[
              { value: 'order', label: 'on the order' },
              { value: 'page', label: 'on a page' },
              { value: 'ad', label: 'in an ad' },
              { value: 'proposal', label: 'in a proposal' },
              { value: 'contract', label: 'in a contract' },
              { value: 'person', label: 'by a person' },
              { value: 'message', label: 'in a message' },
              { value: 'other', label: 'elsewhere' },
            ]}
          />
          <TextInput
            label="Which one is in"
            placeholder="page"
            value={rule.source.nameProperty ?? ''}
            onChange={(event) => {
              const { nameProperty: _, ...source } = rule.source
              const nameProperty = event.currentTarget.value
              set({ source: nameProperty ? { ...source, nameProperty } : source })
            }}
          />
        </div>
        {measured ? <Threshold rule={rule} set={set} /> : null}
        <DueTerms due={rule.due} optional={measured} set={(due) => set({ due })} wrong={wrong('rule.due')} />
        <div className="rule-line">
          <NativeSelect
            label="Judged to the"
            value={rule.precision ?? ''}
            onChange={(event) =>
              set({ precision: (event.currentTarget.value || undefined) as Rule['precision'] })
            }
            data={[
              { value: '', label: 'precision said' },
              { value: 'hour', label: 'hour' },
              { value: 'day', label: 'day' },
              { value: 'week', label: 'week' },
              { value: 'part', label: 'third of a month' },
              { value: 'month', label: 'month' },
            ]}
          />
          <TextInput
            label="Days are counted in"
            placeholder="the customer’s time zone"
            value={rule.timeZone ?? ''}
            onChange={(event) => set({ timeZone: event.currentTarget.value || undefined })}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>What becomes of it</legend>
        <EventLine label="It is kept by" match={rule.kept} set={(kept) => set({ kept })} />
        <div className="rule-line">
          {measured ? (
            <TextInput
              label="What it came to is in the property"
              required
              value={rule.keptValue ?? ''}
              onChange={(event) => set({ keptValue: event.currentTarget.value || undefined })}
            />
          ) : null}
          <NumberInput
            label={measured ? 'Better than said: by at least' : 'Better than said: days early, at least'}
            placeholder="never"
            min={0}
            value={rule.exceededBy ?? ''}
            onChange={(value) => set({ exceededBy: Number(value) > 0 ? Number(value) : undefined })}
          />
        </div>
        {(Object.keys(optional) as Optional[]).map((name) =>
          rule[name] ? (
            <EventLine
              key={name}
              label={optional[name].label}
              match={rule[name]}
              set={(match) => set({ [name]: match })}
              remove={() => set({ [name]: undefined })}
            />
          ) : null,
        )}
        {rule.moved ? <Moved moved={rule.moved} set={(moved) => set({ moved })} /> : null}
        <div className="page-bar">
          {(Object.keys(optional) as Optional[])
            .filter((name) => !rule[name])
            .map((name) => (
              <Button
                key={name}
                size="xs"
                variant="default"
                onClick={() => set({ [name]: { event: optional[name].hint } })}
              >
                {optional[name].label} …
              </Button>
            ))}
          {rule.moved ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                set({
                  moved: {
                    on: { event: 'Delivery Date Moved' },
                    due: 'promised_delivery_date',
                    by: 'moved_by',
                    told: 'told_at',
                  },
                })
              }
            >
              It is moved by …
            </Button>
          )}
        </div>
      </fieldset>
    </>
  )
}

function Threshold({ rule, set }: { rule: Rule; set: (changes: { threshold: Rule['threshold'] }) => void }) {
  const threshold = rule.threshold ?? { limit: 'at most' as const }
  return (
    <div className="rule-line">
      <NativeSelect
        className="narrow"
        label="It names"
        value={threshold.limit}
        onChange={(event) =>
          set({
            threshold: {
              ...threshold,
              limit: event.currentTarget.value === 'at least' ? 'at least' : 'at most',
            },
          })
        }
        data={['at most', 'at least']}
      />
      <TextInput
        label="what this property says"
        placeholder="total"
        value={threshold.property ?? ''}
        onChange={(event) => {
          const { property: _, ...rest } = threshold
          const property = event.currentTarget.value
          set({ threshold: property ? { ...rest, property } : rest })
        }}
      />
      <NumberInput
        label="or always"
        value={threshold.value ?? ''}
        onChange={(value) => {
          const { value: _, ...rest } = threshold
          set({ threshold: value === '' ? rest : { ...rest, value: Number(value) } })
        }}
      />
    </div>
  )
}

function Moved({ moved, set }: { moved: NonNullable<Rule['moved']>; set: (moved: Rule['moved']) => void }) {
  const put = (field: 'by' | 'told', value: string) => {
    const { [field]: _, ...rest } = moved
    set(value ? { ...rest, [field]: value } : rest)
  }
  return (
    <>
      <EventLine
        label="It is moved by"
        match={moved.on}
        set={(on) => set({ ...moved, on })}
        remove={() => set(undefined)}
      />
      <div className="rule-line">
        <TextInput
          label="to what this property says"
          required
          value={moved.due}
          onChange={(event) => set({ ...moved, due: event.currentTarget.value })}
        />
        <TextInput
          label="Who moved it is in"
          value={moved.by ?? ''}
          onChange={(event) => put('by', event.currentTarget.value)}
        />
        <TextInput
          label="When the customer was told is in"
          value={moved.told ?? ''}
          onChange={(event) => put('told', event.currentTarget.value)}
        />
      </div>
    </>
  )
}
