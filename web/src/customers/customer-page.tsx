import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { CustomerExpectations } from '../expectations/customer-expectations.tsx'
import { Problem } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { CompanyPeople } from './company-people.tsx'
import { type Customer, customerQuery } from './customer-data.ts'
import { KnownCard } from './known-card.tsx'
import { LiftCard } from './lift-card.tsx'
import { LogForm } from './log-form.tsx'
import { MergeCustomer } from './merge-customer.tsx'
import { PersonalData } from './personal-data.tsx'
import { Purchases } from './purchases.tsx'
import { ScoreCard } from './score-card.tsx'
import { StandingCard, StandingTag } from './standing-card.tsx'
import { Story } from './story.tsx'
import './customer.css'

export function CustomerPage() {
  const { id } = useParams({ strict: false })
  const asked = Number(id)
  const navigate = useNavigate()
  const query = useQuery({ ...customerQuery(asked), enabled: Number.isSafeInteger(asked) && asked > 0 })
  const joinedTo = query.data && query.data.id !== asked ? query.data.id : undefined
  useEffect(() => {
    if (joinedTo !== undefined)
      void navigate({ to: '/customers/$id', params: { id: String(joinedTo) }, replace: true })
  }, [joinedTo, navigate])

  if (!(asked > 0) || (query.error instanceof Problem && query.error.status === 404)) return <Nobody />
  if (query.error && !query.data)
    return (
      <Page title="Customer">
        <Failure error={query.error} retry={() => void query.refetch()} />
      </Page>
    )
  if (!query.data || joinedTo !== undefined)
    return (
      <Page title="Customer">
        <Waiting height={420} />
      </Page>
    )
  return <OneCustomer key={query.data.id} customer={query.data} />
}

function OneCustomer({ customer }: { customer: Customer }) {
  const [logging, setLogging] = useState(false)
  const may = useMay('member')
  const email = customer.identities.find((each) => each.kind === 'email')?.value
  const short = customer.name ? firstWord(customer) : undefined
  return (
    <Page
      title={customer.shownName}
      beside={<StandingTag standing={customer.standing} />}
      tools={
        <>
          {may ? (
            <Button variant="default" onClick={() => setLogging(true)} aria-expanded={logging}>
              Log a conversation
            </Button>
          ) : null}
          {email ? (
            <Button component="a" href={`mailto:${email}`}>
              {short ? `Write to ${short}` : 'Write'}
            </Button>
          ) : null}
        </>
      }
      sentence={customer.sentence.map((part) =>
        part.tone ? (
          <b key={part.text} className={part.tone}>
            {part.text}
          </b>
        ) : (
          <span key={part.text}>{part.text}</span>
        ),
      )}
    >
      <div className="customer-grid">
        <div className="stack">
          {logging ? (
            <LogForm
              customer={customer.id}
              name={short ?? customer.shownName}
              done={() => setLogging(false)}
            />
          ) : null}
          <Story customer={customer} />
        </div>
        <div className="stack customer-side">
          {customer.kind === 'company' ? (
            <CompanyPeople customer={{ id: customer.id, label: customer.shownName }} />
          ) : null}
          <StandingCard customer={customer} />
          <ScoreCard customer={customer} />
          <CustomerExpectations customerId={customer.id} name={customer.shownName} />
          <LiftCard customer={customer} />
          <Purchases customer={customer} />
          <KnownCard customer={customer} />
          <MergeCustomer customer={{ id: customer.id, label: customer.shownName, kind: customer.kind }} />
          <PersonalData customer={{ id: customer.id, label: customer.shownName }} />
        </div>
      </div>
    </Page>
  )
}

/** The first word of a person's name; a company is called by its whole one. */
function firstWord(customer: Customer): string {
  const name = customer.name ?? ''
  return customer.kind === 'company' ? name : (name.split(/\s+/)[0] ?? name)
}

function Nobody() {
  return (
    <Page title="Nobody here">
      <EmptyState
        title="There is no such customer"
        action={
          <Button component={Link} to="/">
            Go to today
          </Button>
        }
      >
        The address may be mistyped, or everything about this customer was erased.
      </EmptyState>
    </Page>
  )
}
