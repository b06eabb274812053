import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ruleOfFilter } from '../../../../src/customers/filter.ts'
import { api, reply } from '../../lib/api.ts'
import { useSubmit } from '../../lib/submit.ts'
import { toast } from '../../parts/actions.tsx'
import { type CustomerSearch, statesOf } from './filters.ts'

/** Keeps the filters as a segment, which the map and other pages can then be asked for. */
export function SaveAsSegment({ filter }: { filter: CustomerSearch }) {
  const [open, { open: ask, close }] = useDisclosure(false)
  const [name, setName] = useState('')
  const form = useSubmit()
  const queries = useQueryClient()
  const rule = ruleOfFilter({ ...filter, state: statesOf(filter) })
  return (
    <>
      <Button size="xs" onClick={ask}>
        Save as a segment
      </Button>
      <Modal opened={open} onClose={close} title="Save these customers as a segment" centered>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void form
              .submit(async () => {
                await reply(api.api.segments.$post({ json: { name, rule } }))
                await queries.invalidateQueries({ queryKey: ['segments'] })
                toast(`“${name}” is saved. Customers come and go as the rule says.`)
              })
              .then((done) => {
                if (done) close()
              })
          }}
        >
          <TextInput
            label="What to call it"
            placeholder="Doubting, over 1,000"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={form.wrong('name') ?? form.message}
            data-autofocus
            required
          />
          {filter.search ? (
            <p className="n">What you typed into Find is left out: a segment is a rule, not a search.</p>
          ) : null}
          <Group justify="flex-end" mt="md">
            <Button type="submit" loading={form.busy}>
              Save the segment
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  )
}
