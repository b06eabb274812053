import { Button, Group, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { count } from '../lib/words.ts'
import { ConfirmAction } from '../parts/actions.tsx'
import { Failure, Waiting } from '../parts/page.tsx'
import { DateText, Money, Quote } from '../parts/words.tsx'
import { CustomerLine, CustomerLink, manyOf } from './customer-line.tsx'
import './customers.css'
import { FindCustomer } from './find-customer.tsx'

/** On a company's page: its people, and what happened to any of them. */
export function CompanyPeople({ customer }: { customer: { id: number; label: string } }) {
  const may = useMay('member')
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const people = useQuery({
    queryKey: ['customer', customer.id, 'people'],
    queryFn: () => reply(api.api.customers[':id'].people.$get({ param: { id: String(customer.id) } })),
  })
  const again = () => queries.invalidateQueries({ queryKey: ['customer', customer.id] })
  if (people.isError) return <Failure error={people.error} retry={() => void people.refetch()} />
  if (!people.data) return <Waiting height={140} />
  const { items, rollUp } = people.data
  return (
    <section className="card">
      <h2>
        People of {customer.label}
        {may ? (
          <span className="tools">
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => setAdding(!adding)}
              aria-expanded={adding}
            >
              Add somebody
            </Button>
          </span>
        ) : null}
      </h2>
      <p style={{ marginTop: 0 }}>
        {items.length === 0 ? 'Nobody is known yet.' : `${count(rollUp.people, 'person', 'people')}: `}
        {manyOf
          .flatMap(([state, words]) => {
            const n = rollUp.states.find((each) => each.state === state)?.people ?? 0
            return n > 0 ? [`${n} ${words}`] : []
          })
          .join(', ')}
        {items.length > 0 ? '. ' : ' '}
        {rollUp.purchases > 0 ? (
          <>
            {count(rollUp.purchases, 'purchase')} in all,{' '}
            <Money minor={rollUp.valueMinor} currency={rollUp.currency} />.{' '}
          </>
        ) : null}
        {rollUp.brokenUnmended > 0 ? (
          <span className="bad">
            ▼ {count(rollUp.brokenUnmended, 'broken promise')} to any of them not made good.{' '}
          </span>
        ) : null}
        {rollUp.openExpectations > 0 ? `${count(rollUp.openExpectations, 'promise')} open.` : ''}
      </p>
      {adding ? (
        <AddPerson
          company={customer.id}
          done={async () => {
            setAdding(false)
            await again()
          }}
        />
      ) : null}
      <ul className="plain-list">
        {items.map(({ customer: person, role, since }) => (
          <li key={person.id}>
            <CustomerLine customer={{ ...person, company: null }}>
              {may ? (
                <ConfirmAction
                  label="Take out"
                  question={`Has ${person.label} left ${customer.label}?`}
                  confirm="Take out"
                  button={{ variant: 'subtle', 'aria-label': `Take ${person.label} out` }}
                  act={async () => {
                    await reply(
                      api.api.customers[':id'].people[':person'].$delete({
                        param: { id: String(customer.id), person: String(person.id) },
                      }),
                    )
                    await again()
                  }}
                  done={`${person.label} no longer belongs to ${customer.label}.`}
                >
                  What happened to them stays theirs, and no longer shows on the company.
                </ConfirmAction>
              ) : null}
            </CustomerLine>
            <span className="n">
              {role ? `${role}, ` : ''}since <DateText at={since} as="date" />
            </span>
          </li>
        ))}
      </ul>
      {rollUp.last.length > 0 ? (
        <>
          <h2 style={{ marginTop: 14 }}>Last, to any of them</h2>
          <ul className="plain-list">
            {rollUp.last.slice(0, 6).map((each) => (
              <li key={each.id}>
                {each.name}, <CustomerLink id={each.customerId}>{each.customer}</CustomerLink>{' '}
                <span className="n">
                  <DateText at={each.at} as="day" />
                </span>
                {each.words ? (
                  <div className="clip">
                    <Quote>{each.words}</Quote>
                  </div>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  )
}

function AddPerson({ company, done }: { company: number; done: () => Promise<void> }) {
  const [person, setPerson] = useState<number>()
  const [role, setRole] = useState('')
  const form = useSubmit()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (person === undefined) return
        void form.submit(async () => {
          await reply(
            api.api.customers[':id'].people.$post({
              param: { id: String(company) },
              json: { customerId: person, role: role.trim() || null },
            }),
          )
          await done()
        })
      }}
    >
      <Group align="end" mb="sm">
        <FindCustomer label="Who" kind="person" except={company} choose={({ id }) => setPerson(id)} />
        <TextInput
          label="As what"
          placeholder="buys for them"
          value={role}
          onChange={(event) => setRole(event.currentTarget.value)}
        />
        <Button type="submit" disabled={person === undefined} loading={form.busy}>
          Add
        </Button>
      </Group>
      {form.message ? (
        <p role="alert" className="bad">
          {form.message}
        </p>
      ) : null}
    </form>
  )
}
