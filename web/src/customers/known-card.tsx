import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Card } from '../parts/page.tsx'
import { DateText, Money } from '../parts/words.tsx'
import type { Customer } from './customer-data.ts'

const kindWords: Record<string, string> = {
  email: 'email',
  phone: 'phone',
  user_id: 'account',
  external: 'known as',
  order: 'order',
  anonymous_id: 'browser',
}
/** Shown at once; the rest under a fold. */
const shownFirst = 6

/** Who they are: how we know them, what they told us, whom they belong to. */
export function KnownCard({ customer }: { customer: Customer }) {
  const traits = Object.entries(customer.traits).filter(
    ([name, value]) =>
      value !== null && value !== '' && !['name', 'email', 'phone', 'firstName', 'lastName'].includes(name),
  )
  const identities = customer.identities.filter((each) => each.kind !== 'order')
  return (
    <Card title={customer.kind === 'company' ? 'About this company' : `About ${customer.name ?? 'them'}`}>
      <dl className="known">
        {identities.slice(0, shownFirst).map((each) => (
          <Pair key={`${each.kind} ${each.value}`} name={nameOf(each)} value={<Reach identity={each} />} />
        ))}
        {traits.slice(0, shownFirst).map(([name, value]) => (
          <Pair key={name} name={name} value={plain(value)} />
        ))}
        {customer.companies.map((company) => (
          <Pair
            key={company.id}
            name={company.role ?? 'works at'}
            value={
              <Link to="/customers/$id" params={{ id: String(company.id) }}>
                {company.name}
              </Link>
            }
          />
        ))}
        {customer.standing.sales > 0 ? (
          <Pair
            name="bought"
            value={
              <>
                {customer.standing.sales === 1 ? 'once' : `${customer.standing.sales} times`}
                {customer.standing.valueMinor > 0 ? (
                  <>
                    , <Money minor={customer.standing.valueMinor} currency={customer.standing.currency} />
                  </>
                ) : null}
              </>
            }
          />
        ) : null}
        <Pair name="first seen" value={<DateText at={customer.firstSeenAt} />} />
      </dl>
      {identities.length > shownFirst || traits.length > shownFirst ? (
        <details className="standing-rest">
          <summary>More that we know</summary>
          <dl className="known">
            {identities.slice(shownFirst).map((each) => (
              <Pair key={`${each.kind} ${each.value}`} name={nameOf(each)} value={each.value} />
            ))}
            {traits.slice(shownFirst).map(([name, value]) => (
              <Pair key={name} name={name} value={plain(value)} />
            ))}
          </dl>
        </details>
      ) : null}
    </Card>
  )
}

function Pair({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Reach({ identity }: { identity: Customer['identities'][number] }) {
  if (identity.kind === 'email') return <a href={`mailto:${identity.value}`}>{identity.value}</a>
  if (identity.kind === 'phone') return <a href={`tel:${identity.value}`}>{identity.value}</a>
  return identity.kind === 'anonymous_id' ? identity.value.slice(0, 12) : identity.value
}

function nameOf(identity: Customer['identities'][number]): string {
  return identity.source || (kindWords[identity.kind] ?? identity.kind)
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
