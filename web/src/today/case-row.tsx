import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { count } from '../lib/words.ts'
import { LinkButton } from '../parts/link-button.tsx'
import { Card } from '../parts/page.tsx'
import { Quote } from '../parts/words.tsx'
import type { Case } from './today-data.ts'

/** A list of cases, with how many there are in all. Nothing at all when there are none. */
export function CaseList(props: {
  title: string
  total: number
  rows: Case[]
  all?: { label: string; to: string; search?: Record<string, string> }
  /** What is counted here, where that needs words. */
  note?: ReactNode
  actions?: (row: Case) => ReactNode
}) {
  const { title, total, rows, all, note, actions } = props
  if (rows.length === 0) return null
  return (
    <Card
      title={`${title} · ${total}`}
      tools={
        all && total > rows.length ? (
          <Link to={all.to} {...(all.search ? { search: all.search } : {})}>
            {all.label}
          </Link>
        ) : undefined
      }
    >
      {note ? <p className="n case-note">{note}</p> : null}
      <ul className="cases">
        {rows.map((row) => (
          <CaseRow
            key={`${row.customerId} ${row.expectationId ?? row.why}`}
            row={row}
            actions={actions?.(row)}
          />
        ))}
      </ul>
    </Card>
  )
}

export function CaseRow({ row, actions }: { row: Case; actions?: ReactNode }) {
  return (
    <li className={`case ${row.takenBy ? 'taken' : ''}`}>
      <span className="who">
        <CustomerLink id={row.customerId}>{row.name}</CustomerLink>
        {row.people ? <span className="n"> {count(row.people, 'person', 'people')}</span> : null}
        {row.company ? <span className="n"> {row.company}</span> : null}
      </span>
      <span className="why">
        {row.why} {row.words ? <Quote>{shortened(row.words)}</Quote> : null}
      </span>
      <span className="do">{actions}</span>
    </li>
  )
}

export function CustomerLink({ id, children }: { id: number; children: ReactNode }) {
  return (
    <Link to="/customers/$id" params={{ id: `${id}` }}>
      {children}
    </Link>
  )
}

/** What can be done with a case that somebody has taken, and with one that nobody has. */
export function Takeable(props: {
  takenBy: string | null
  me: string | undefined
  take: { label: string; act: () => void }
  done: { label: string; act: () => void }
  giveBack: () => void
  may: boolean
  customer: { id: number; name: string }
}) {
  const { takenBy, me, take, done, giveBack, may, customer } = props
  if (!may)
    return takenBy ? (
      <span className="n">{takenBy} will see to it</span>
    ) : (
      <LinkButton
        to="/customers/$id"
        params={{ id: `${customer.id}` }}
        size="xs"
        variant="default"
        aria-label={`See ${customer.name}`}
      >
        See
      </LinkButton>
    )
  if (!takenBy)
    return (
      <Button size="xs" variant="default" aria-label={`${take.label}: ${customer.name}`} onClick={take.act}>
        {take.label}
      </Button>
    )
  return (
    <>
      <span className="n">{takenBy === me ? 'You’ll see to it' : `${takenBy} will see to it`}</span>
      <Button size="xs" variant="default" aria-label={`${done.label}: ${customer.name}`} onClick={done.act}>
        {done.label}
      </Button>
      {takenBy === me ? (
        <Button
          size="xs"
          variant="subtle"
          aria-label={`I can’t after all: ${customer.name}`}
          onClick={giveBack}
        >
          I can’t after all
        </Button>
      ) : null}
    </>
  )
}

export function shortened(text: string, most = 160): string {
  if (text.length <= most) return text
  return `${text.slice(0, text.lastIndexOf(' ', most) > 80 ? text.lastIndexOf(' ', most) : most)} …`
}
