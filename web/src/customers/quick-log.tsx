import { Button, Combobox, Group, SegmentedControl, Textarea, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { LogKind } from '../../../src/interactions/schema.ts'
import { api, reply } from '../lib/api.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import type { DialogProps } from '../shell/commands.ts'
import { customerQuery, logInteraction } from './customer-data.ts'

interface Who {
  id: number
  label: string
}

export const QuickCall = (props: DialogProps) => <QuickLog {...props} kind="call" />
export const QuickVisit = (props: DialogProps) => <QuickLog {...props} kind="visit" />
export const QuickMail = (props: DialogProps) => <QuickLog {...props} kind="mail" />
export const QuickNote = (props: DialogProps) => <QuickLog {...props} kind="note" />

/** Logs something in ten seconds, without the mouse: whose it is, Enter, how it went, Enter. */
function QuickLog({ kind, close }: DialogProps & { kind: LogKind }) {
  const queries = useQueryClient()
  const here = useCustomerHere()
  const [who, setWho] = useState<Who>()
  const [words, setWords] = useState('')
  const [impression, setImpression] = useState('')
  const [busy, setBusy] = useState(false)
  const text = useRef<HTMLTextAreaElement>(null)

  // On a customer's page it is about that customer, unless another is chosen.
  useEffect(() => {
    if (here) setWho((chosen) => chosen ?? here)
  }, [here])
  useEffect(() => {
    if (who) text.current?.focus()
  }, [who])

  async function send() {
    if (!who || busy) return
    setBusy(true)
    try {
      const undo = await logInteraction(queries, who.id, {
        kind,
        ...(words.trim() ? { words: words.trim() } : {}),
        ...(impression ? { impression: Number(impression) as -1 | 0 | 1 } : {}),
      })
      toast(`Logged for ${who.label}.`, undo)
      close()
    } catch (error) {
      toastFailure(error)
      setBusy(false)
    }
  }
  function keys(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send()
  }

  return (
    <div className="quick-log">
      {who ? (
        <Group justify="space-between" wrap="nowrap" mb={10}>
          <b style={{ overflowWrap: 'anywhere' }}>{who.label}</b>
          <Button size="compact-xs" variant="subtle" onClick={() => setWho(undefined)}>
            Somebody else
          </Button>
        </Group>
      ) : (
        <WhoField choose={setWho} />
      )}
      <Textarea
        ref={text}
        label={kind === 'note' ? 'What to keep in mind' : 'How it went'}
        description="Enter logs it, Shift Enter begins a line"
        autosize
        minRows={2}
        maxRows={10}
        maxLength={10_000}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={keys}
      />
      {kind === 'note' ? null : (
        <SegmentedControl
          mt={10}
          size="xs"
          aria-label="Our impression"
          value={impression}
          onChange={setImpression}
          data={[
            { value: '', label: 'no impression' },
            { value: '-1', label: '▼ badly' },
            { value: '0', label: '◆ so-so' },
            { value: '1', label: '▲ well' },
          ]}
        />
      )}
      <Group justify="flex-end" mt={14}>
        <Button variant="default" onClick={close}>
          Not now
        </Button>
        <Button disabled={!who} loading={busy} onClick={() => void send()}>
          Log it
        </Button>
      </Group>
    </div>
  )
}

function WhoField({ choose }: { choose: (who: Who) => void }) {
  const [query, setQuery] = useState('')
  const field = useRef<HTMLInputElement>(null)
  // The form comes after the dialog has put the focus somewhere.
  useEffect(() => field.current?.focus(), [])
  const [wanted] = useDebouncedValue(query.trim(), 120)
  const box = useCombobox({ defaultOpened: false })
  const found = useQuery({
    queryKey: ['quick-log', wanted],
    enabled: wanted.length >= 2,
    placeholderData: keepPreviousData,
    queryFn: () => reply(api.api.customers.$get({ query: { search: wanted, limit: '7' } })),
  })
  const people = wanted.length >= 2 ? (found.data?.items ?? []) : []
  const ready = found.isSuccess && !found.isPlaceholderData && wanted === query.trim()

  // The first one found is chosen by Enter at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever other people are found
  useEffect(() => {
    if (people.length > 0) {
      box.openDropdown()
      box.selectFirstOption()
    }
  }, [people.map((each) => each.id).join(' ')])

  return (
    <Combobox
      store={box}
      withinPortal={false}
      onOptionSubmit={(id) => {
        const person = people.find((each) => String(each.id) === id)
        if (person) choose({ id: person.id, label: person.label })
      }}
    >
      <Combobox.Target>
        <TextInput
          ref={field}
          mb={10}
          label="Whose it is"
          placeholder="A name, an email address, a phone number or an order"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value)
            box.openDropdown()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={wanted.length < 2}>
        <Combobox.Options>
          {people.map((each) => (
            <Combobox.Option key={each.id} value={String(each.id)}>
              {each.label}
              {each.email && each.email !== each.label ? (
                <span style={{ opacity: 0.85 }}> · {each.email}</span>
              ) : null}
              {each.company ? <span style={{ opacity: 0.85 }}> · {each.company.label}</span> : null}
            </Combobox.Option>
          ))}
          {ready && people.length === 0 ? <Combobox.Empty>Nobody by that name</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** The customer whose page is open, if one is. */
function useCustomerHere(): Who | undefined {
  const { id } = useParams({ strict: false })
  const { data } = useQuery({ ...customerQuery(Number(id)), enabled: id !== undefined && Number(id) > 0 })
  return data ? { id: data.id, label: data.shownName } : undefined
}
