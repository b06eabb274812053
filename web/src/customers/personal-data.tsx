import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { count } from '../lib/words.ts'
import { LinkButton } from '../parts/link-button.tsx'
import { Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'

/** On a customer's page: hand out everything kept about them, or erase it. */
export function PersonalData({ customer }: { customer: { id: number; label: string } }) {
  const manager = useMay('manager')
  const owner = useMay('owner')
  const [open, { open: ask, close }] = useDisclosure(false)
  if (!manager) return null
  return (
    <section className="card">
      <h2>What we keep about {customer.label}</h2>
      <Group gap="xs">
        <Button
          component="a"
          variant="default"
          size="xs"
          href={`/api/customers/${customer.id}/personal-data`}
          download
        >
          Hand out everything
        </Button>
        {owner ? (
          <Button variant="default" size="xs" onClick={ask}>
            Erase
          </Button>
        ) : null}
      </Group>
      <EraseDialog customer={customer} opened={open} close={close} />
    </section>
  )
}

function EraseDialog(props: { customer: { id: number; label: string }; opened: boolean; close: () => void }) {
  // What the server knows them by: the page may show a friendlier word for somebody without a name.
  const known = useQuery({
    queryKey: ['customer', props.customer.id, 'label'],
    enabled: props.opened,
    queryFn: () =>
      reply(
        api.api.customers.$get({ query: { search: String(props.customer.id), limit: '5', sort: 'new' } }),
      ),
  })
  const label = known.data?.items.find(({ id }) => id === props.customer.id)?.label
  const customer = { id: props.customer.id, label: label ?? props.customer.label }
  const [typed, setTyped] = useState('')
  const [erasure, setErasure] = useState<number>()
  const form = useSubmit()
  const queries = useQueryClient()
  const right = typed.trim().toLowerCase() === customer.label.trim().toLowerCase()
  if (erasure !== undefined)
    return (
      <Modal opened={props.opened} onClose={() => {}} withCloseButton={false} title="Erased" centered>
        <Progress erasure={erasure} />
      </Modal>
    )
  return (
    <Modal opened={props.opened} onClose={props.close} title={`Erase ${customer.label}?`} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit(async () => {
            const made = await reply(
              api.api.customers[':id'].erasure.$post({
                param: { id: String(customer.id) },
                json: { confirm: typed },
              }),
            )
            setErasure(made.id)
            queries.removeQueries({ queryKey: ['customer', customer.id] })
          })
        }}
      >
        <div className="stack" style={{ gap: 10 }}>
          <p style={{ margin: 0 }}>
            Everything that was ever joined to {customer.label} goes: what happened, what was bought and
            promised, every word, and what imports and the log of changes have left. It can’t be undone. Only
            hashes stay, so that no import brings {customer.label} back.
          </p>
          <p className="muted" style={{ margin: 0 }}>
            Backups made before still hold {customer.label} until they expire; you will see which. While
            tables are written anew, other work on them waits.
          </p>
          <TextInput
            label={`Type “${customer.label}” to say that you mean it`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={form.wrong('confirm') ?? form.message}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.close}>
              Keep everything
            </Button>
            <Button type="submit" color="red.8" disabled={!right} loading={form.busy}>
              Erase {customer.label}
            </Button>
          </Group>
        </div>
      </form>
    </Modal>
  )
}

/** What is being done, and in the end what was, with what still holds the person. */
function Progress({ erasure }: { erasure: number }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const state = useQuery({
    queryKey: ['erasures', erasure],
    queryFn: () => reply(api.api.erasures[':id'].$get({ param: { id: String(erasure) } })),
    refetchInterval: (query) => (query.state.data?.finishedAt ? false : 1_500),
  })
  if (!state.data) return <Waiting height={120} />
  const { counts, report, finishedAt } = state.data
  const rows = Object.values(counts).reduce((sum, each) => sum + each, 0)
  const backups = report.backups ?? []
  return (
    <div className="stack" style={{ gap: 10 }} aria-live="polite">
      <p style={{ margin: 0 }}>{count(rows, 'row')} deleted. No page shows them any more.</p>
      {finishedAt ? (
        <>
          <p style={{ margin: 0 }}>
            {count(report.rewritten?.length ?? 0, 'table')} written anew
            {report.logCleared ? ', the database’s log overwritten' : ''}, the counting file built anew
            {report.files ? `, ${count(report.files, 'uploaded file')} deleted` : ''}.
          </p>
          {report.logCleared === false ? (
            <p style={{ margin: 0 }}>
              This database isn’t ours to clear: its log of changes and its own backups hold the rows until
              your administrator lets them expire.
            </p>
          ) : null}
          {backups.length > 0 ? (
            <p style={{ margin: 0 }}>
              {count(backups.length, 'backup')} made before still {backups.length === 1 ? 'holds' : 'hold'}{' '}
              them, the last until <Latest dates={backups.map(({ expiresAt }) => expiresAt)} />.
            </p>
          ) : (
            <p style={{ margin: 0 }}>
              No backup in the data folder holds them. Copies you took elsewhere may.
            </p>
          )}
          {report.sameName && report.sameName.length > 0 ? (
            <p style={{ margin: 0 }}>
              {count(report.sameName.length, 'other interaction')} hold the same name. It may be somebody
              else’s: have a look.
            </p>
          ) : null}
          <Group justify="flex-end">
            <LinkButton
              to="/customers"
              variant="filled"
              onClick={() => void queries.invalidateQueries().then(() => navigate({ to: '/customers' }))}
            >
              To the customers
            </LinkButton>
          </Group>
        </>
      ) : (
        <p className="muted" style={{ margin: 0 }}>
          Now the bytes go: tables, files and the log are written anew. You may leave this page; it goes on.
        </p>
      )}
    </div>
  )
}

function Latest({ dates }: { dates: (string | null)[] }) {
  const last = dates
    .filter((date) => date !== null)
    .sort()
    .at(-1)
  return last ? <DateText at={last} /> : <>you delete it</>
}
