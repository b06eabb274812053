import { Button, Checkbox, Group, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useSubmit } from '../lib/submit.ts'
import { ConfirmAction } from '../parts/actions.tsx'
import { Copyable } from '../parts/copyable.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { Wrong } from '../team/gate.tsx'

type Scope = 'ingest' | 'read'
const scopeWords: Record<Scope, string> = { ingest: 'send events', read: 'read' }

export function KeysPage() {
  const queries = useQueryClient()
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => reply(api.api.keys.$get()) })
  const [made, setMade] = useState<string>()
  if (keys.isPending)
    return (
      <Page title="Keys">
        <Waiting />
      </Page>
    )
  if (keys.isError)
    return (
      <Page title="Keys">
        <Failure error={keys.error} retry={() => void keys.refetch()} />
      </Page>
    )
  type Row = (typeof keys.data.items)[number]
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: 'Name',
      value: (row) => row.name,
      cell: (row) => (
        <>
          <b>{row.name}</b>
          <br />
          <span className="n">trk_{row.prefix}_…</span>
        </>
      ),
    },
    { key: 'scopes', header: 'May', value: (row) => row.scopes.map((scope) => scopeWords[scope]).join(', ') },
    {
      key: 'used',
      header: 'Last used',
      value: (row) => (row.lastUsedAt ? String(row.lastUsedAt) : ''),
      cell: (row) =>
        row.lastUsedAt ? (
          <DateText at={String(row.lastUsedAt)} as="ago" />
        ) : (
          <span className="faint">never</span>
        ),
    },
    {
      key: 'actions',
      header: '',
      sortable: false,
      align: 'end',
      value: () => '',
      cell: (row) =>
        row.revokedAt ? (
          <span className="n">
            revoked <DateText at={String(row.revokedAt)} as="day" />
          </span>
        ) : (
          <ConfirmAction
            label="Revoke"
            question={`Revoke ${row.name}?`}
            confirm={`Revoke ${row.name}`}
            danger
            act={async () => {
              await reply(api.api.keys[':id'].$delete({ param: { id: String(row.id) } }))
              await queries.invalidateQueries({ queryKey: ['keys'] })
            }}
            done="The key no longer works."
          >
            Whatever uses it is refused from now on. This can’t be undone; make a new key instead.
          </ConfirmAction>
        ),
    },
  ]
  return (
    <Page
      title="Keys"
      tools={
        <LinkButton to="/send-events" variant="default" size="xs">
          How to send events
        </LinkButton>
      }
    >
      <div className="stack">
        <NewKey onMade={setMade} />
        {made ? (
          <Card title="The new key">
            <p style={{ marginTop: 0 }}>It is shown this once. Copy it now.</p>
            <Copyable text={made} label="Copy the key" />
          </Card>
        ) : null}
        <Card title="Keys">
          {keys.data.items.length > 0 ? (
            <DataTable caption="Keys" columns={columns} rows={keys.data.items} rowKey={(row) => row.id} />
          ) : (
            <EmptyState title="No keys yet">
              Make one above for whatever sends events here or reads from here.
            </EmptyState>
          )}
        </Card>
      </div>
    </Page>
  )
}

function NewKey({ onMade }: { onMade: (key: string) => void }) {
  const queries = useQueryClient()
  const form = useSubmit()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['ingest'])
  async function submit(event: FormEvent) {
    event.preventDefault()
    await form.submit(async () => {
      const { key } = await reply(api.api.keys.$post({ json: { name, scopes } }))
      setName('')
      onMade(key)
      await queries.invalidateQueries({ queryKey: ['keys'] })
    })
  }
  return (
    <Card title="Make a key">
      <form className="form settings-form" onSubmit={(event) => void submit(event)}>
        <TextInput
          label="What will use it?"
          placeholder="The shop"
          required
          maxLength={120}
          value={name}
          error={form.wrong('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="What may it do?"
          value={scopes}
          error={form.wrong('scopes')}
          onChange={(next) => setScopes(next as Scope[])}
        >
          <Group mt={6}>
            <Checkbox value="ingest" label="Send events" />
            <Checkbox value="read" label="Read everything a viewer can" />
          </Group>
        </Checkbox.Group>
        <Wrong message={form.message} />
        <div>
          <Button type="submit" loading={form.busy}>
            Make the key
          </Button>
        </div>
      </form>
    </Card>
  )
}
