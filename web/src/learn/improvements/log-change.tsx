import { Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Improvement } from '../../../../src/insights/improvements/schema.ts'
import { promiseNamesQuery } from '../../expectations/expectation-data.ts'
import { mapQuery } from '../../journey/api.ts'
import { api, reply } from '../../lib/api.ts'
import { useSubmit } from '../../lib/submit.ts'
import { toast } from '../../parts/actions.tsx'

/** Writes down what was changed, where, and from which day on; or corrects it. */
export function LogChange({ change, close }: { change: Improvement | null; close: () => void }) {
  const places = useQuery(mapQuery({})).data?.touchpoints ?? []
  const promises = useQuery(promiseNamesQuery).data?.items ?? []
  const [what, setWhat] = useState(change?.what ?? '')
  const [note, setNote] = useState(change?.note ?? '')
  const [madeOn, setMadeOn] = useState(change?.madeOn ?? new Date().toISOString().slice(0, 10))
  const [about, setAbout] = useState(change ? `${change.kind}:${change.aboutId}` : '')
  const form = useSubmit()
  const queries = useQueryClient()
  async function save() {
    const [kind, id] = about.split(':')
    const json = {
      what,
      madeOn,
      ...(note.trim() === '' ? {} : { note }),
      ...(kind === 'promise' ? { promiseId: Number(id) } : { touchpointId: Number(id) }),
    }
    const one = api.api.improvements
    const saved = change
      ? await reply(one[':id'].$put({ param: { id: `${change.id}` }, json }))
      : await reply(one.$post({ json }))
    await queries.invalidateQueries({ queryKey: ['question', 'improvements'] })
    toast(`“${saved.what}” is ${change ? 'corrected' : 'logged'}.`)
  }
  return (
    <Modal opened onClose={close} title={change ? 'Correct this change' : 'Log a change'} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit(save).then((done) => {
            if (done) close()
          })
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="What you changed"
            placeholder="A call the day before delivery"
            value={what}
            onChange={(event) => setWhat(event.currentTarget.value)}
            error={form.wrong('what')}
            data-autofocus
            required
          />
          <NativeSelect
            label="Where"
            value={about}
            onChange={(event) => setAbout(event.currentTarget.value)}
            error={form.wrong('touchpointId') ?? form.wrong('promiseId')}
            required
            data={[
              { value: '', label: 'Choose a moment or a promise', disabled: true },
              {
                group: 'Moments',
                items: places.map((place) => ({ value: `touchpoint:${place.id}`, label: place.name })),
              },
              {
                group: 'Promises',
                items: promises.map(({ id, name }) => ({ value: `promise:${id}`, label: name })),
              },
            ]}
          />
          <TextInput
            type="date"
            label="First day of the new way"
            value={madeOn}
            onChange={(event) => setMadeOn(event.currentTarget.value)}
            error={form.wrong('madeOn')}
            required
          />
          <Textarea
            label="Note"
            autosize
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {form.message ? (
            <p role="alert" className="bad">
              {form.message}
            </p>
          ) : null}
          <Group justify="flex-end">
            <Button type="submit" loading={form.busy} disabled={about === ''}>
              {change ? 'Correct it' : 'Log it'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
