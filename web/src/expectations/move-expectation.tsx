// Naming another time for a promise.
import { Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useSubmit } from '../lib/submit.ts'
import { refreshExpectations } from './expectation-data.ts'
import type { Expectation } from './expectation-words.ts'

export function MoveForm({ expectation, close }: { expectation: Expectation; close: () => void }) {
  const queries = useQueryClient()
  const form = useSubmit()
  const [due, setDue] = useState('')
  const [by, setBy] = useState<'us' | 'customer'>('us')
  const [told, setTold] = useState('now')
  async function save(event: FormEvent) {
    event.preventDefault()
    const done = await form.submit(() =>
      reply(
        api.api.expectations[':customerId'][':id'].moves.$post({
          param: { customerId: String(expectation.customerId), id: String(expectation.id) },
          json: { due, by, ...(told === 'now' ? { toldAt: new Date().toISOString() } : {}) },
        }),
      ),
    )
    if (!done) return
    await refreshExpectations(queries, expectation.customerId)
    close()
  }
  return (
    <Modal opened onClose={close} title={`Another time for “${expectation.statement}”`} centered>
      <form onSubmit={(event) => void save(event)}>
        {form.message ? <p className="bad">{form.message}</p> : null}
        <TextInput
          label="By when"
          placeholder="2026-09-04, week 36, early September"
          required
          data-autofocus
          value={due}
          error={form.wrong('due')}
          onChange={(event) => setDue(event.currentTarget.value)}
        />
        <NativeSelect
          mt="sm"
          label="Whose wish it was"
          value={by}
          onChange={(event) => setBy(event.currentTarget.value === 'customer' ? 'customer' : 'us')}
          data={[
            { value: 'us', label: 'ours' },
            { value: 'customer', label: 'the customer’s' },
          ]}
        />
        <NativeSelect
          mt="sm"
          label="Does the customer know?"
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
          data={[
            { value: 'now', label: 'yes, told just now' },
            { value: 'no', label: 'not yet' },
          ]}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Keep as it is
          </Button>
          <Button type="submit" loading={form.busy}>
            Move it
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
