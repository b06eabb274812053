// One line of a promise's rule: which event, and only if a property says so.
import { Autocomplete, Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Rule } from '../../../src/expectations/schema.ts'
import { api, reply } from '../lib/api.ts'

type Match = Rule['opened']

export function EventLine(props: {
  label: string
  match: Match
  set: (match: Match) => void
  remove?: () => void
}) {
  const { label, match, set, remove } = props
  const events = useQuery({
    queryKey: ['journey', 'events'],
    queryFn: () => reply(api.api.journey.events.$get()),
    staleTime: 60_000,
  })
  const [condition] = match.where ?? []
  const [conditional, setConditional] = useState(Boolean(condition))
  return (
    <div className="rule-line">
      <Autocomplete
        label={label}
        placeholder="name of the event"
        data={events.data?.names ?? []}
        limit={8}
        value={match.event ?? ''}
        onChange={(event) => set({ ...match, event })}
      />
      {conditional ? (
        <>
          <TextInput
            label="but only if the property"
            value={condition?.property ?? ''}
            onChange={(event) =>
              set(
                event.currentTarget.value
                  ? {
                      ...match,
                      where: [
                        { is: 'equals', value: '', ...condition, property: event.currentTarget.value },
                        ...(match.where ?? []).slice(1),
                      ],
                    }
                  : withoutWhere(match),
              )
            }
          />
          <TextInput
            label="is"
            value={condition?.value === undefined ? '' : String(condition.value)}
            disabled={!condition}
            onChange={(event) =>
              condition &&
              set({
                ...match,
                where: [{ ...condition, value: event.currentTarget.value }, ...(match.where ?? []).slice(1)],
              })
            }
          />
        </>
      ) : (
        <Button className="narrow" size="xs" variant="subtle" onClick={() => setConditional(true)}>
          only if …
        </Button>
      )}
      {remove ? (
        <Button
          className="narrow"
          size="xs"
          variant="subtle"
          onClick={remove}
          aria-label={`Remove: ${label}`}
        >
          Remove
        </Button>
      ) : null}
    </div>
  )
}

function withoutWhere({ where: _, ...match }: Match): Match {
  return match
}
