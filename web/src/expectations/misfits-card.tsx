import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { count, number } from '../lib/words.ts'
import { Card, Failure } from '../parts/page.tsx'
import { Claim, Share } from '../parts/words.tsx'
import { misfitsQuery } from './expectation-data.ts'
import type { scopeOf } from './search.ts'

/** People who came for something we don't do: an expectation that went wrong before the sale. */
export function MisfitsCard({ scope }: { scope: ReturnType<typeof scopeOf> }) {
  const misfits = useQuery(misfitsQuery(scope))
  if (misfits.isError) return <Failure error={misfits.error} retry={() => void misfits.refetch()} />
  if (!misfits.data) return null
  const { share, reasons } = misfits.data
  return (
    <Card title="Enquiries that never fitted">
      {share.hits === 0 ? (
        <p className="muted">
          None so far. A “Proposal Declined” with a reason shows here, and so does a customer whom you mark on
          their page.
        </p>
      ) : (
        <>
          <p className="card-lead">
            {count(share.hits, 'enquiry', 'enquiries')} came for something you don’t do:{' '}
            <Share value={share.value} low={share.low} high={share.high} n={share.n} />{' '}
            <Claim kind="counted" />
          </p>
          <table className="data">
            <caption className="hidden-visually">Reasons why enquiries never fitted</caption>
            <thead>
              <tr>
                <th scope="col">What they expected</th>
                <th scope="col" className="end">
                  Customers
                </th>
                <th scope="col">The latest</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map((each) => (
                <tr key={each.reason ?? ''}>
                  <td>{each.reason ?? <span className="faint">no reason given</span>}</td>
                  <td className="end">{number(each.customers)}</td>
                  <td className="n">
                    {each.examples.slice(0, 3).map((example, index) => (
                      <span key={example.customerId}>
                        {index > 0 ? ', ' : ''}
                        <Link to="/customers/$id" params={{ id: String(example.customerId) }}>
                          {example.customer}
                        </Link>
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Card>
  )
}
