import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { IdentityKind } from '../../../../src/customers/schema.ts'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { useSubmit } from '../../lib/submit.ts'
import { count } from '../../lib/words.ts'
import { ConfirmAction, toast } from '../../parts/actions.tsx'
import { Card, Failure, Waiting } from '../../parts/page.tsx'
import { DateText } from '../../parts/words.tsx'

const kinds: [IdentityKind, string][] = [
  ['email', 'Email address'],
  ['phone', 'Phone number'],
  ['user_id', 'Account id'],
  ['external', 'Id in another system'],
  ['anonymous_id', 'Browser'],
]

/** Mailboxes, numbers and ids that never say whose an event is. */
export function BlockList() {
  const queries = useQueryClient()
  const manager = useMay('manager')
  const list = useQuery({
    queryKey: ['blocked'],
    queryFn: () => reply(api.api['blocked-identities'].$get()),
  })
  const again = () => queries.invalidateQueries()
  return (
    <Card title="Shared by several people">
      <p className="muted" style={{ marginTop: 0 }}>
        A reception’s number, a family’s mailbox, “n/a” typed into a form: what stands here never says whose
        an event is. Mailboxes like info@ or noreply@ are left out by themselves.
      </p>
      {manager ? <BlockForm done={again} /> : null}
      {list.isError ? (
        <Failure error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting height={60} />
      ) : (
        <ul className="plain-list">
          {list.data.items.map((blocked) => (
            <li key={`${blocked.kind} ${blocked.value}`} className="line">
              <span>
                <b>{blocked.value}</b>
                <br />
                <span className="n">
                  {blocked.reason}
                  {blocked.createdBy ? `, ${blocked.createdBy}` : ''},{' '}
                  <DateText at={blocked.createdAt} as="ago" />
                </span>
              </span>
              {manager ? (
                <span className="end">
                  <ConfirmAction
                    label="Take off"
                    question={`Does ${blocked.value} belong to one customer?`}
                    confirm="Take it off the list"
                    act={async () => {
                      await reply(
                        api.api['blocked-identities'][':kind'][':value'].$delete({
                          param: { kind: blocked.kind, value: blocked.value },
                        }),
                      )
                      await again()
                    }}
                    done="It says again whose an event is, from now on."
                  />
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function BlockForm({ done }: { done: () => Promise<unknown> }) {
  const [kind, setKind] = useState<IdentityKind>('email')
  const [value, setValue] = useState('')
  const [reason, setReason] = useState('')
  const [undoMerges, setUndo] = useState(true)
  const form = useSubmit()
  const [asked] = useDebouncedValue(value.trim(), 300)
  const effect = useQuery({
    queryKey: ['blocked', 'effect', kind, asked],
    enabled: asked.length > 2,
    queryFn: () =>
      reply(api.api['blocked-identities'][':kind'][':value'].effect.$get({ param: { kind, value: asked } })),
  })
  const merges = effect.data?.merges.length ?? 0
  function block(event: FormEvent) {
    event.preventDefault()
    void form
      .submit(async () => {
        await reply(api.api['blocked-identities'].$post({ json: { kind, value, reason, undoMerges } }))
        await done()
      })
      .then((worked) => {
        if (!worked) return
        toast(`${value} no longer says whose an event is.`)
        setValue('')
        setReason('')
      })
  }
  return (
    <form onSubmit={block}>
      <div className="filters">
        <NativeSelect
          label="What"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as IdentityKind)}
          data={kinds.map(([key, label]) => ({ value: key, label }))}
        />
        <TextInput
          label="Which"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          error={form.wrong('value')}
          required
        />
        <TextInput
          label="Why"
          placeholder="the front desk’s mailbox"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={form.wrong('reason') ?? form.message}
          required
        />
        <Button type="submit" variant="default" loading={form.busy}>
          Put on the list
        </Button>
      </div>
      <div aria-live="polite">
        {effect.data && effect.data.customers.length > 0 ? (
          <p className="n">
            {count(effect.data.customers.length, 'customer')} known by it{' '}
            {merges > 0 ? `, ${count(merges, 'join')} made because of it` : ''}.
          </p>
        ) : null}
        {merges > 0 ? (
          <Checkbox
            mb="sm"
            label="Also take back the joins it was the reason for"
            checked={undoMerges}
            onChange={(event) => setUndo(event.currentTarget.checked)}
          />
        ) : null}
      </div>
    </form>
  )
}
