// How many customers there are, and where they stand, in a sentence.
import { Fragment } from 'react'
import { count, number } from '../../lib/words.ts'
import { manyOf } from '../customer-line.tsx'
import { type CustomerSearch, isFiltered } from './filters.ts'
import type { Counted } from './queries.ts'

/** What is true of those who are shown. */
export function CountSentence({ counted, filter }: { counted: Counted | undefined; filter: CustomerSearch }) {
  if (!counted) return <span aria-hidden="true">&nbsp;</span>
  const filtered = isFiltered(filter)
  if (!counted.exact)
    return (
      <>
        About <b>{number(counted.customers)}</b> customers{filtered ? ' match' : ''}.{' '}
        <span className="n">The database’s estimate: counting them all would take a while.</span>
      </>
    )
  if (counted.customers === 0) return filtered ? <>Nobody matches.</> : <>Nobody is here yet.</>
  const parts = manyOf.flatMap(([state, words]) => {
    const n = counted.states[state] ?? 0
    if (n === 0) return []
    const tone = state === 'doubting' || state === 'lost' ? 'bad' : state === 'advocate' ? 'good' : ''
    return [
      <span key={state} className={tone}>
        {number(n)} {words}
      </span>,
    ]
  })
  return (
    <>
      <b>{count(counted.customers, 'customer')}</b>
      {filtered ? (counted.customers === 1 ? ' matches' : ' match') : ''}:{' '}
      {parts.map((part, index) => (
        <Fragment key={part.key}>
          {index === 0 ? '' : index === parts.length - 1 ? ' and ' : ', '}
          {part}
        </Fragment>
      ))}
      .
    </>
  )
}
