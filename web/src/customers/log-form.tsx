import { Button, Group, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { InteractionLog, LogKind } from '../../../src/interactions/schema.ts'
import { useSession } from '../lib/session.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { logInteraction, membersQuery, recordPromise } from './customer-data.ts'

export const kindLabels: { value: LogKind; label: string }[] = [
  { value: 'call', label: 'Call' },
  { value: 'visit', label: 'Visit' },
  { value: 'mail', label: 'Mail' },
  { value: 'note', label: 'Note' },
  { value: 'other', label: 'Other' },
]

const readers = [
  { value: '', label: 'Everyone can read it' },
  { value: 'member', label: 'Members and higher' },
  { value: 'manager', label: 'Managers and higher' },
  { value: 'owner', label: 'Owners only' },
]

/** Logs a conversation in place: what it was, how it went, what was promised. Ctrl/⌘ Enter logs it. */
export function LogForm(props: { customer: number; name: string; kind?: LogKind; done: () => void }) {
  const queries = useQueryClient()
  const me = useSession()
  const members = useQuery(membersQuery)
  const [kind, setKind] = useState<LogKind>(props.kind ?? 'call')
  const [words, setWords] = useState('')
  const [impression, setImpression] = useState('')
  const [at, setAt] = useState('')
  const [memberId, setMemberId] = useState<string | null>(me?.kind === 'member' ? me.id : null)
  const [restrictedTo, setRestrictedTo] = useState('')
  const [promise, setPromise] = useState('')
  const [due, setDue] = useState('')
  const [busy, setBusy] = useState(false)

  async function send(event?: FormEvent) {
    event?.preventDefault()
    setBusy(true)
    try {
      const log: InteractionLog = {
        kind,
        ...(words.trim() ? { words: words.trim() } : {}),
        ...(impression ? { impression: Number(impression) as -1 | 0 | 1 } : {}),
        ...(at ? { at: new Date(at).toISOString() } : {}),
        ...(memberId ? { memberId } : {}),
        ...(restrictedTo ? { restrictedTo: restrictedTo as 'member' | 'manager' | 'owner' } : {}),
      }
      // The promise first: a date that can't be read is refused before anything is written down.
      if (promise.trim()) {
        await recordPromise(queries, props.customer, promise.trim(), due.trim(), log.at)
        // Logging again after a failure must not promise it twice.
        setPromise('')
      }
      const undo = await logInteraction(queries, props.customer, log)
      toast(`Logged for ${props.name}.`, undo)
      props.done()
    } catch (error) {
      toastFailure(error)
      setBusy(false)
    }
  }
  function keys(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
    if (event.key === 'Escape') props.done()
  }

  return (
    <form className="card log-form" onSubmit={(event) => void send(event)} onKeyDown={keys}>
      <h2>Log a conversation with {props.name}</h2>
      <SegmentedControl
        size="xs"
        aria-label="What it was"
        value={kind}
        onChange={(value) => setKind(value as LogKind)}
        data={kindLabels}
      />
      <Textarea
        label={kind === 'note' ? 'What you want to keep in mind' : 'How it went, in your words'}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={10_000}
        data-autofocus
        autoFocus
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <div className="log-fields">
        <div>
          <span className="log-label" id="log-impression">
            Our impression
          </span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-labelledby="log-impression"
            value={impression}
            onChange={setImpression}
            data={[
              { value: '', label: 'none' },
              { value: '-1', label: '▼ badly' },
              { value: '0', label: '◆ so-so' },
              { value: '1', label: '▲ well' },
            ]}
          />
        </div>
        <TextInput
          size="xs"
          type="datetime-local"
          label="When (now, unless you say)"
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <Select
          size="xs"
          label="Who of us it was with"
          placeholder="nobody named"
          clearable
          searchable
          value={memberId}
          onChange={setMemberId}
          data={(members.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
        />
        <Select
          size="xs"
          label="Who may read it"
          allowDeselect={false}
          value={restrictedTo}
          onChange={(value) => setRestrictedTo(value ?? '')}
          data={readers}
        />
      </div>
      {kind === 'note' ? null : (
        <div className="log-fields">
          <TextInput
            size="xs"
            label="What we promised, if anything"
            placeholder="A new drawer"
            maxLength={500}
            value={promise}
            onChange={(event) => setPromise(event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            label="By when"
            placeholder="2026-12-01, 2 weeks, early December"
            maxLength={100}
            disabled={promise.trim() === ''}
            value={due}
            onChange={(event) => setDue(event.currentTarget.value)}
          />
        </div>
      )}
      <Group gap={10}>
        <Button type="submit" size="sm" loading={busy}>
          Log it
        </Button>
        <Button size="sm" variant="default" onClick={props.done}>
          Not now
        </Button>
        <span className="n">Ctrl or ⌘ with Enter logs it</span>
      </Group>
    </form>
  )
}
