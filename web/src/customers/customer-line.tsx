import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { stateNames } from '../../../src/validation/words.ts'
import { DateText, Money } from '../parts/words.tsx'

/** What a line about a customer needs of them. */
export interface Summary {
  id: number
  kind: 'person' | 'company'
  label: string
  email: string | null
  phone: string | null
  company: { id: number; label: string } | null
  state: keyof typeof stateNames
  lastSeenAt: string
  sales: number
  valueMinor: number
  currency: string | null
}

const tones = {
  courting: '',
  unproven: '',
  validated: 'ok',
  doubting: 'doubt',
  lost: 'doubt',
  advocate: 'ok',
} as const
const shapes = { '': '', ok: '▲ ', doubt: '▼ ' } as const

/** Several of one state, in a sentence, those to look after first. */
export const manyOf = [
  ['doubting', 'doubting the choice'],
  ['lost', 'lost'],
  ['advocate', 'bringing others'],
  ['validated', 'sure of the choice'],
  ['unproven', 'bought, with no sign since'],
  ['courting', 'not customers yet'],
] as const

export function StateTag({ state }: { state: Summary['state'] }) {
  const tone = tones[state]
  return (
    <span className={`state-tag ${tone}`}>
      <span aria-hidden="true">{shapes[tone]}</span>
      {stateNames[state]}
    </span>
  )
}

export function CustomerLink({ id, children }: { id: number; children: ReactNode }) {
  return (
    <Link to="/customers/$id" params={{ id: String(id) }} onClick={(event) => event.stopPropagation()}>
      {children}
    </Link>
  )
}

/** Who it is, with what else tells them apart. */
export function Who({ customer }: { customer: Summary }) {
  const beside = [
    customer.kind === 'company' ? 'company' : customer.company?.label,
    customer.email !== customer.label ? customer.email : null,
  ].filter(Boolean)
  return (
    <span className="who">
      <CustomerLink id={customer.id}>{customer.label}</CustomerLink>
      {beside.length > 0 ? (
        <>
          <br />
          <span className="n">{beside.join(' · ')}</span>
        </>
      ) : null}
    </span>
  )
}

/** One customer in a short list. */
export function CustomerLine({ customer, children }: { customer: Summary; children?: ReactNode }) {
  return (
    <div className="line">
      <Who customer={customer} />
      <StateTag state={customer.state} />
      <span className="n">
        {customer.sales > 0 ? (
          <>
            bought {customer.sales === 1 ? 'once' : `${customer.sales} times`},{' '}
            <Money minor={customer.valueMinor} currency={customer.currency} /> ·{' '}
          </>
        ) : null}
        last seen <DateText at={customer.lastSeenAt} as="ago" />
      </span>
      {children ? <span className="end">{children}</span> : null}
    </div>
  )
}
