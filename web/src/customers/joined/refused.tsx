import { Button, Group } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { ConfirmAction, toast, toastFailure } from '../../parts/actions.tsx'
import { DateText } from '../../parts/words.tsx'
import { CustomerLine, type Summary } from '../customer-line.tsx'
import { MergeDialog } from '../merge-customer.tsx'

export interface IdentityConflict {
  id: number
  at: string
  reason: string
  customers: Summary[]
  identities: { kind: string; source: string; value: string }[]
}

const kindWords: Record<string, string> = {
  user_id: 'account',
  external: 'id',
  email: 'email address',
  phone: 'phone number',
  order: 'order',
  anonymous_id: 'browser',
}

/** Something that connects two customers, and what a person can say of it. */
export function Refused({ conflict }: { conflict: IdentityConflict }) {
  const queries = useQueryClient()
  const manager = useMay('manager')
  const [joining, setJoining] = useState(false)
  const [first, second] = conflict.customers
  const connecting = conflict.identities.filter(({ kind }) => kind === 'email' || kind === 'phone')
  const settle = async (json: SettlementBody, done: string) => {
    await reply(api.api.conflicts[':id'].settlement.$post({ param: { id: String(conflict.id) }, json }))
    await queries.invalidateQueries()
    toast(done)
  }
  const settled = (json: SettlementBody, done: string) => void settle(json, done).catch(toastFailure)
  return (
    <div className="stack" style={{ gap: 8 }}>
      <p style={{ margin: 0 }}>{inWords(conflict)}</p>
      {conflict.customers.map((customer) => (
        <CustomerLine key={customer.id} customer={customer} />
      ))}
      <p className="n" style={{ margin: 0 }}>
        {conflict.identities.map(({ kind, value }) => `${kindWords[kind] ?? kind} ${value}`).join(' · ')} ·{' '}
        <DateText at={conflict.at} as="ago" />
      </p>
      {manager ? (
        <Group gap="xs">
          {first && second ? (
            <Button size="xs" onClick={() => setJoining(true)}>
              They are one
            </Button>
          ) : (
            <Button size="xs" onClick={() => settled({ as: 'added' }, 'It is theirs too now.')}>
              It is theirs all the same
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => settled({ as: 'apart' }, 'Left apart; Troth won’t ask again.')}
          >
            {second ? 'They are two' : 'Leave it out'}
          </Button>
          {connecting.map(({ kind, value }) => (
            <ConfirmAction
              key={`${kind} ${value}`}
              label={`${value} is shared`}
              question={`Do several people share ${value}?`}
              confirm="Put it on the block list"
              act={() =>
                settle({ as: 'blocked', kind: kind as 'email', value }, `${value} no longer says who it is.`)
              }
            >
              From now on it never says whose an event is. It is taken from whoever is known by it.
            </ConfirmAction>
          ))}
        </Group>
      ) : null}
      {first && second ? (
        <MergeDialog
          opened={joining}
          close={() => setJoining(false)}
          survivor={first.id}
          other={second.id}
          merge={async (survivor, absorbed, beyondLimits) =>
            settle({ as: 'one', survivor, absorbed, beyondLimits }, 'They are one customer now.')
          }
        />
      ) : null}
    </div>
  )
}

type SettlementBody = Parameters<(typeof api.api.conflicts)[':id']['settlement']['$post']>[0]['json']

function inWords({ reason, customers }: IdentityConflict): string {
  if (customers.length < 2)
    return 'An event named one more address, number or id for this customer than one customer usually has.'
  if (reason.startsWith('only a browser')) return 'They used the same browser or order, which people share.'
  if (reason.startsWith('together'))
    return 'An event named both; together they would have more accounts or addresses than one customer usually has.'
  return `An event named both. ${reason}.`
}
