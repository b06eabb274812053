import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { toast } from '../parts/actions.tsx'
import { changeViews } from './views.ts'

/** Keeps what a page shows, with all that it was asked, under a name. */
export function SaveView(props: {
  question: string
  search: Record<string, string | number | undefined>
  suggested: string
  close: () => void
}) {
  const { question, suggested, close } = props
  const [name, setName] = useState(suggested)
  const [shared, setShared] = useState(false)
  const [home, setHome] = useState(true)
  const mayShare = useMay('member')
  const form = useSubmit()
  const queries = useQueryClient()
  const search = Object.fromEntries(
    Object.entries(props.search).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined,
    ),
  )
  async function save() {
    const view = await reply(api.api.views.$post({ json: { name, question, search, shared } }))
    if (home) await reply(api.api.views[':id'].home.$put({ param: { id: `${view.id}` } }))
    await changeViews(queries, Promise.resolve())
    toast(
      home ? `“${name}” is saved and on your Today page.` : `“${name}” is saved. You find it under Learn.`,
    )
  }
  return (
    <Modal opened onClose={close} title="Save this view" centered>
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
            label="What to call it"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={form.wrong('name') ?? form.message}
            data-autofocus
            required
          />
          <Checkbox
            label="Show it on my Today page"
            checked={home}
            onChange={(event) => setHome(event.currentTarget.checked)}
          />
          {mayShare ? (
            <Checkbox
              label="Everybody in the company sees it under Learn"
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          ) : null}
          <Group justify="flex-end">
            <Button type="submit" loading={form.busy}>
              Save the view
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
