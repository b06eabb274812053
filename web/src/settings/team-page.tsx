import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Role, roles } from '../../../src/lib/roles.ts'
import { api, reply } from '../lib/api.ts'
import { useMay, useSession } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { count } from '../lib/words.ts'
import { ConfirmAction, toast, toastFailure } from '../parts/actions.tsx'
import { Copyable } from '../parts/copyable.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { Wrong } from '../team/gate.tsx'
import { roleChoices } from './roles.ts'

export function TeamPage() {
  const owner = useMay('owner')
  const members = useQuery({ queryKey: ['members'], queryFn: () => reply(api.api.members.$get()) })
  const [link, setLink] = useState<{ title: string; path: string }>()
  if (members.isPending)
    return (
      <Page title="Team">
        <Waiting />
      </Page>
    )
  if (members.isError)
    return (
      <Page title="Team">
        <Failure error={members.error} retry={() => void members.refetch()} />
      </Page>
    )
  return (
    <Page
      title="Team"
      sentence={`${count(members.data.items.length, 'person works', 'people work')} with these customers. Nobody is kept out by a price: invite everyone who meets them.`}
    >
      <div className="stack">
        <Members onLink={setLink} items={members.data.items} />
        {owner ? <Invitations onLink={setLink} /> : null}
      </div>
      <Modal opened={link !== undefined} onClose={() => setLink(undefined)} title={link?.title} centered>
        <p>It is shown this once. Send it to nobody else.</p>
        <Copyable text={`${window.location.origin}${link?.path ?? ''}`} label="Copy the link" />
      </Modal>
    </Page>
  )
}

type LinkShower = (link: { title: string; path: string }) => void
type Member = Awaited<ReturnType<typeof fetchMembers>>['items'][number]
const fetchMembers = () => reply(api.api.members.$get())

function Members({ items, onLink }: { items: Member[]; onLink: LinkShower }) {
  const owner = useMay('owner')
  const me = useSession()
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries()

  async function changeRole(member: Member, role: Role) {
    const was = member.role
    const set = async (next: Role) => {
      await reply(api.api.members[':id'].$patch({ param: { id: member.id }, json: { role: next } }))
      await refresh()
    }
    try {
      await set(role)
      toast(`${member.name} is now ${role}.`, () => set(was))
    } catch (error) {
      toastFailure(error)
    }
  }

  async function makeLink(member: Member) {
    try {
      const { path } = await reply(
        api.api.members[':id']['sign-in-links'].$post({ param: { id: member.id } }),
      )
      onLink({ title: `Signs ${member.name} in once, within ten minutes`, path })
    } catch (error) {
      toastFailure(error)
    }
  }

  const columns: Column<Member>[] = [
    {
      key: 'name',
      header: 'Name',
      value: (row) => row.name,
      cell: (row) => (
        <>
          <b>{row.name}</b>
          {row.id === me?.id ? <span className="n"> you</span> : null}
          <br />
          <span className="n">{row.email}</span>
        </>
      ),
    },
    {
      key: 'role',
      header: 'Role',
      value: (row) => roles.indexOf(row.role),
      cell: (row) =>
        owner ? (
          <Select
            size="xs"
            aria-label={`Role of ${row.name}`}
            data={roleChoices}
            value={row.role}
            allowDeselect={false}
            w={130}
            onChange={(role) => role && role !== row.role && void changeRole(row, role as Role)}
          />
        ) : (
          row.role
        ),
    },
    {
      key: 'seen',
      header: 'Last seen',
      value: (row) => (row.lastSeenAt ? String(row.lastSeenAt) : ''),
      cell: (row) =>
        row.lastSeenAt ? (
          <DateText at={String(row.lastSeenAt)} as="ago" />
        ) : (
          <span className="faint">not signed in</span>
        ),
    },
  ]
  if (owner)
    columns.push({
      key: 'actions',
      header: '',
      sortable: false,
      align: 'end',
      value: () => '',
      cell: (row) => (
        <span className="row-actions">
          <Button size="xs" variant="default" onClick={() => void makeLink(row)}>
            Sign-in link
          </Button>
          <ConfirmAction
            label="Remove"
            question={`Remove ${row.name}?`}
            confirm={`Remove ${row.name}`}
            danger
            act={async () => {
              await reply(api.api.members[':id'].$delete({ param: { id: row.id } }))
              await refresh()
            }}
            done={`${row.name} can no longer sign in.`}
          >
            They are signed out everywhere at once. What they logged stays, with their name.
          </ConfirmAction>
        </span>
      ),
    })
  return (
    <Card title="Members">
      <DataTable caption="Members" columns={columns} rows={items} rowKey={(row) => row.id} />
    </Card>
  )
}

function Invitations({ onLink }: { onLink: LinkShower }) {
  const queries = useQueryClient()
  const form = useSubmit()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const invitations = useQuery({
    queryKey: ['invitations'],
    queryFn: () => reply(api.api.invitations.$get()),
  })

  async function submit(event: FormEvent) {
    event.preventDefault()
    await form.submit(async () => {
      const json = { role, ...(email ? { email } : {}) }
      const made = await reply(api.api.invitations.$post({ json }))
      setEmail('')
      onLink({ title: 'An invitation that works once, within a week', path: made.path })
      await queries.invalidateQueries({ queryKey: ['invitations'] })
    })
  }

  type Row = NonNullable<typeof invitations.data>['items'][number]
  const columns: Column<Row>[] = [
    { key: 'email', header: 'For', value: (row) => row.email ?? 'whoever has the link' },
    { key: 'role', header: 'Role', value: (row) => row.role },
    {
      key: 'expires',
      header: 'Open until',
      value: (row) => String(row.expiresAt),
      cell: (row) => <DateText at={String(row.expiresAt)} as="day" />,
    },
    {
      key: 'actions',
      header: '',
      sortable: false,
      align: 'end',
      value: () => '',
      cell: (row) => (
        <ConfirmAction
          label="Withdraw"
          question="Withdraw this invitation?"
          confirm="Withdraw it"
          act={async () => {
            await reply(api.api.invitations[':id'].$delete({ param: { id: String(row.id) } }))
            await queries.invalidateQueries({ queryKey: ['invitations'] })
          }}
          done="The link no longer opens."
        >
          The link stops working.
        </ConfirmAction>
      ),
    },
  ]
  return (
    <Card title="Invite somebody">
      <form
        onSubmit={(event) => void submit(event)}
        style={{ display: 'flex', gap: 12, alignItems: 'end', flexWrap: 'wrap' }}
      >
        <TextInput
          label="Email address"
          description="Left empty, whoever has the link can join"
          type="email"
          value={email}
          error={form.wrong('email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label="Role"
          data={roleChoices}
          value={role}
          allowDeselect={false}
          onChange={(next) => next && setRole(next as Role)}
        />
        <Button type="submit" loading={form.busy}>
          Make the link
        </Button>
      </form>
      <Wrong message={form.message} />
      <p className="n">
        A viewer reads. A member also logs conversations and makes things good. A manager also edits the
        journey, promises, segments and imports. An owner also manages the team, keys and erasure.
      </p>
      {invitations.data && invitations.data.items.length > 0 ? (
        <DataTable
          caption="Open invitations"
          columns={columns}
          rows={invitations.data.items}
          rowKey={(row) => row.id}
        />
      ) : null}
    </Card>
  )
}
