import { useQuery } from '@tanstack/react-query'
import { AddressLink } from '../parts/address-link.tsx'
import { Card } from '../parts/page.tsx'
import { findingsQuery } from './today-data.ts'

/** What the figures say, each with how it is known. Silent while they say nothing. */
export function FindingsCard() {
  const found = useQuery(findingsQuery)
  const findings = found.data?.findings ?? []
  if (findings.length === 0) return null
  return (
    <Card title="What your figures say">
      {findings.map((finding) => (
        <div className="finding" key={finding.id}>
          <p>
            {finding.sentence} <span className="claim">{finding.claim}</span>{' '}
            <AddressLink
              className="n"
              address={finding.link}
              aria-label={`Look into it: ${finding.sentence}`}
            >
              Look into it
            </AddressLink>
          </p>
        </div>
      ))}
    </Card>
  )
}
