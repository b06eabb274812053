// By when a promise is due: what is read first, and what if that says nothing.
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { DueTerm } from '../../../src/expectations/schema.ts'

const units = ['hours', 'days', 'working days', 'weeks', 'months'].map((unit) => ({
  value: unit,
  label: unit,
}))

export function DueTerms(props: {
  due: DueTerm[]
  optional: boolean
  set: (due: DueTerm[]) => void
  wrong: string | undefined
}) {
  const { due, set } = props
  const put = (index: number, term: DueTerm) => set(due.map((each, at) => (at === index ? term : each)))
  return (
    <>
      {due.map((term, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is what tells them apart
        <div className="rule-line" key={index}>
          <NativeSelect
            label={index === 0 ? 'It is due' : 'and if that says nothing'}
            value={'property' in term ? 'property' : 'after'}
            onChange={(event) =>
              put(
                index,
                event.currentTarget.value === 'after' ? { after: 2, unit: 'weeks' } : { property: '' },
              )
            }
            data={[
              { value: 'property', label: 'when a property says' },
              { value: 'after', label: 'some time afterwards' },
            ]}
          />
          {'property' in term ? (
            <>
              <TextInput
                label="Property"
                placeholder="promised_delivery_date"
                required
                value={term.property}
                onChange={(event) => put(index, { ...term, property: event.currentTarget.value })}
              />
              <NativeSelect
                className="narrow"
                label="A number is"
                value={term.unit ?? ''}
                onChange={(event) => {
                  const unit = event.currentTarget.value as
                    | Extract<DueTerm, { property: string }>['unit']
                    | ''
                  put(index, unit ? { ...term, unit } : { property: term.property })
                }}
                data={[{ value: '', label: 'not read' }, ...units]}
              />
            </>
          ) : (
            <>
              <NumberInput
                className="narrow"
                label="After"
                min={1}
                value={term.after}
                onChange={(value) => put(index, { ...term, after: Number(value) || 1 })}
              />
              <NativeSelect
                className="narrow"
                label="Unit"
                value={term.unit}
                onChange={(event) =>
                  put(index, { ...term, unit: event.currentTarget.value as typeof term.unit })
                }
                data={units}
              />
            </>
          )}
          {due.length > 1 || props.optional ? (
            <Button
              className="narrow"
              size="xs"
              variant="subtle"
              aria-label="Remove this due time"
              onClick={() => set(due.filter((_, at) => at !== index))}
            >
              Remove
            </Button>
          ) : null}
        </div>
      ))}
      {props.wrong ? <p className="bad">{props.wrong}</p> : null}
      {due.length < 3 ? (
        <Button size="xs" variant="subtle" mb="sm" onClick={() => set([...due, { property: '' }])}>
          {due.length === 0 ? 'It is also due by …' : 'Or, if that says nothing, …'}
        </Button>
      ) : null}
    </>
  )
}
