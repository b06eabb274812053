import { Button, PasswordInput, SegmentedControl, TextInput, useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useSession } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { ConfirmAction, toast } from '../parts/actions.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { Wrong } from '../team/gate.tsx'

export function AccountPage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const queries = useQueryClient()
  async function signOut() {
    await reply(api.api.session.$delete())
    queries.clear()
    window.location.assign('/sign-in')
  }
  return (
    <Page
      title="You"
      tools={
        <Button variant="default" size="xs" onClick={() => void signOut()}>
          Sign out
        </Button>
      }
    >
      <div className="stack settings-form">
        <Card title="Appearance">
          <SegmentedControl
            aria-label="Theme"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
            data={[
              { value: 'auto', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </Card>
        <NameForm />
        <PasswordForm />
        <Sessions />
      </div>
    </Page>
  )
}

function NameForm() {
  const me = useSession()
  const queries = useQueryClient()
  const form = useSubmit()
  const [name, setName] = useState(me?.name ?? '')
  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!(await form.submit(() => reply(api.api.me.$patch({ json: { name } }))))) return
    await queries.invalidateQueries()
    toast('Saved.')
  }
  return (
    <Card title="Name">
      <form className="form" onSubmit={(event) => void submit(event)}>
        <TextInput
          aria-label="Your name"
          required
          maxLength={120}
          value={name}
          error={form.wrong('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Wrong message={form.message} />
        <div>
          <Button type="submit" variant="default" loading={form.busy}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  )
}

function PasswordForm() {
  const has = useSession()?.hasPassword ?? true
  const queries = useQueryClient()
  const form = useSubmit()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  async function submit(event: FormEvent) {
    event.preventDefault()
    const json = has ? { current, password } : { password }
    if (!(await form.submit(() => reply(api.api.me.password.$put({ json }))))) return
    setCurrent('')
    setPassword('')
    await queries.invalidateQueries()
    toast('Password changed. Other devices are signed out.')
  }
  const show = { visibilityToggleButtonProps: { 'aria-label': 'Show the password' } }
  return (
    <Card title={has ? 'Change your password' : 'Choose a password'}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {has ? (
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            value={current}
            error={form.wrong('current')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            {...show}
          />
        ) : (
          <p style={{ margin: 0 }}>You signed in by a link. With a password you can come back without one.</p>
        )}
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          autoComplete="new-password"
          required
          minLength={10}
          value={password}
          error={form.wrong('password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
          {...show}
        />
        <Wrong message={form.message} />
        <div>
          <Button type="submit" variant="default" loading={form.busy}>
            {has ? 'Change the password' : 'Set the password'}
          </Button>
        </div>
      </form>
    </Card>
  )
}

function Sessions() {
  const queries = useQueryClient()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => reply(api.api.sessions.$get()) })
  if (sessions.isPending) return <Waiting />
  if (sessions.isError) return <Failure error={sessions.error} retry={() => void sessions.refetch()} />
  type Row = (typeof sessions.data.items)[number]
  const columns: Column<Row>[] = [
    {
      key: 'device',
      header: 'Device',
      value: (row) => deviceOf(row.userAgent ?? ''),
      cell: (row) => (
        <>
          {deviceOf(row.userAgent ?? '')}
          <br />
          <span className="n">{row.current ? 'this one' : row.address}</span>
        </>
      ),
    },
    {
      key: 'seen',
      header: 'Last seen',
      value: (row) => String(row.lastSeenAt),
      cell: (row) => <DateText at={String(row.lastSeenAt)} as="ago" />,
    },
    {
      key: 'end',
      header: '',
      sortable: false,
      align: 'end',
      value: () => '',
      cell: (row) =>
        row.current ? null : (
          <ConfirmAction
            label="Sign out there"
            question="Sign this device out?"
            confirm="Sign it out"
            act={async () => {
              await reply(api.api.sessions[':id'].$delete({ param: { id: row.id } }))
              await queries.invalidateQueries({ queryKey: ['sessions'] })
            }}
            done="Signed out there."
          >
            Whoever uses it has to sign in again.
          </ConfirmAction>
        ),
    },
  ]
  return (
    <Card title="Where you are signed in">
      <DataTable
        caption="Your sessions"
        columns={columns}
        rows={sessions.data.items}
        rowKey={(row) => row.id}
      />
    </Card>
  )
}

function deviceOf(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\//.test(agent)
        ? 'Chrome'
        : /Safari\//.test(agent)
          ? 'Safari'
          : ''
  const system = /iPhone|iPad/.test(agent)
    ? 'iPhone or iPad'
    : /Android/.test(agent)
      ? 'Android'
      : /Mac OS/.test(agent)
        ? 'Mac'
        : /Windows/.test(agent)
          ? 'Windows'
          : /Linux/.test(agent)
            ? 'Linux'
            : ''
  return [browser, system].filter(Boolean).join(' on ') || agent.slice(0, 40) || 'Unknown'
}
