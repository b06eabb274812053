// Writing down what a customer was told to expect, or assumes.
import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useSubmit } from '../lib/submit.ts'
import { toast } from '../parts/actions.tsx'
import { refreshExpectations } from './expectation-data.ts'
import { type Expectation, sourceWords } from './expectation-words.ts'

export function AddForm({ customerId, close }: { customerId: number; close: () => void }) {
  const queries = useQueryClient()
  const form = useSubmit()
  const [statement, setStatement] = useState('')
  const [due, setDue] = useState('')
  const [who, setWho] = useState<'us' | 'customer'>('us')
  const [source, setSource] = useState<Expectation['sourceKind']>('person')
  async function save(event: FormEvent) {
    event.preventDefault()
    const done = await form.submit(() =>
      reply(
        api.api.customers[':id'].expectations.$post({
          param: { id: String(customerId) },
          json: {
            statement,
            statedBy: who,
            source: who === 'us' ? source : 'other',
            dimension: 'days',
            ...(due.trim() ? { due: due.trim() } : {}),
          },
        }),
      ),
    )
    if (!done) return
    await refreshExpectations(queries, customerId)
    toast('Written down.')
    close()
  }
  return (
    <form onSubmit={(event) => void save(event)} style={{ marginBottom: 14 }}>
      {form.message ? <p className="bad">{form.message}</p> : null}
      <Textarea
        label="What they expect"
        placeholder="Drawers repaired free for five years"
        autosize
        required
        data-autofocus
        value={statement}
        error={form.wrong('statement')}
        onChange={(event) => setStatement(event.currentTarget.value)}
      />
      <TextInput
        mt="xs"
        label="By when, if it has a time"
        placeholder="2026-09-04, week 36, early September, 3 days"
        value={due}
        error={form.wrong('due')}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
      <Group mt="xs" grow>
        <NativeSelect
          label="Whose word"
          value={who}
          onChange={(event) => setWho(event.currentTarget.value === 'customer' ? 'customer' : 'us')}
          data={[
            { value: 'us', label: 'we said it' },
            { value: 'customer', label: 'they assume it' },
          ]}
        />
        {who === 'us' ? (
          <NativeSelect
            label="Where"
            value={source}
            onChange={(event) => setSource(event.currentTarget.value as Expectation['sourceKind'])}
            data={Object.entries(sourceWords).map(([value, label]) => ({ value, label }))}
          />
        ) : null}
      </Group>
      <Group justify="flex-end" mt="sm">
        <Button size="xs" variant="default" onClick={close}>
          Leave it
        </Button>
        <Button size="xs" type="submit" loading={form.busy}>
          Write it down
        </Button>
      </Group>
    </form>
  )
}
