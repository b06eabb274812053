import { Button, Group, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay, useSession } from '../lib/session.ts'
import { count } from '../lib/words.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Card } from '../parts/page.tsx'
import { CaseList, Takeable } from './case-row.tsx'
import type { Case, Today } from './today-data.ts'

/** Promises that were broken and that nobody has made good yet. */
export function MendCard({ mend }: { mend: Today['mend'] }) {
  const queries = useQueryClient()
  const me = useSession()?.name
  const may = useMay('member')
  const [doing, setDoing] = useState<Case | null>(null)

  const path = (row: Case) => ({ customerId: `${row.customerId}`, id: `${row.expectationId}` })
  const post = (row: Case, json: { done: boolean; note?: string }) =>
    reply(api.api.expectations[':customerId'][':id'].mending.$post({ param: path(row), json }))
  const takeBack = async (row: Case) => {
    await reply(api.api.expectations[':customerId'][':id'].mending.$delete({ param: path(row) }))
    await refresh()
  }
  const refresh = () => queries.invalidateQueries({ queryKey: ['today'] })
  async function take(row: Case) {
    try {
      await post(row, { done: false })
      await refresh()
      toast(`${row.name} is yours.`, () => takeBack(row))
    } catch (error) {
      toastFailure(error)
    }
  }

  if (mend.total === 0 && mend.everywhere > 0)
    return (
      <Card title="Make good">
        <p className="n case-note">
          Nothing that broke in the last {mend.days} days waits.{' '}
          <Link to="/expectations">{count(mend.everywhere, 'older broken promise')}</Link>{' '}
          {mend.everywhere === 1 ? 'has' : 'have'} not been made good.
        </p>
      </Card>
    )
  return (
    <>
      <CaseList
        title="Make good"
        total={mend.total}
        rows={mend.rows}
        note={<Counted mend={mend} />}
        actions={(row) => (
          <Takeable
            takenBy={row.takenBy}
            me={me}
            may={may}
            customer={{ id: row.customerId, name: row.name }}
            take={{ label: 'I’ll call', act: () => void take(row) }}
            done={{ label: 'Done', act: () => setDoing(row) }}
            giveBack={() => void takeBack(row).catch(toastFailure)}
          />
        )}
      />
      <Dialog
        opened={doing !== null}
        onClose={() => setDoing(null)}
        title={`Made good with ${doing?.name ?? ''}`}
        centered
      >
        {doing ? (
          <DoneForm
            row={doing}
            close={() => setDoing(null)}
            send={async (note) => {
              await post(doing, { done: true, ...(note ? { note } : {}) })
              await refresh()
              toast(`${doing.name} has been seen to.`, () => takeBack(doing))
            }}
          />
        ) : null}
      </Dialog>
    </>
  )
}

/** Why there are more of them on the promises page. */
function Counted({ mend }: { mend: Today['mend'] }) {
  const { total, promises, days, everywhere } = mend
  return (
    <>
      Broken in the last {days} days{promises > total ? ` (${count(promises, 'promise')})` : ''}, one row a
      customer.{' '}
      {everywhere > promises ? (
        <>
          With older ones, <Link to="/expectations">{count(everywhere, 'broken promise')}</Link>{' '}
          {everywhere === 1 ? 'has' : 'have'} not been made good.
        </>
      ) : (
        <Link to="/expectations">See them all</Link>
      )}
    </>
  )
}

function DoneForm({
  row,
  close,
  send,
}: {
  row: Case
  close: () => void
  send: (note: string) => Promise<void>
}) {
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  async function submit() {
    setBusy(true)
    try {
      await send(note.trim())
      close()
    } catch (error) {
      toastFailure(error)
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p className="muted" style={{ marginTop: 0 }}>
        {row.why}
      </p>
      <Textarea
        label="What did you do?"
        description="In a sentence, for whoever speaks with them next."
        data-autofocus
        autosize
        minRows={2}
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>
          Not yet
        </Button>
        <Button type="submit" loading={busy}>
          It is made good
        </Button>
      </Group>
    </form>
  )
}
