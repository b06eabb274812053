import { Link } from '@tanstack/react-router'
import type { Example } from '../../../../src/insights/words/schema.ts'
import { DateText } from '../../parts/words.tsx'

/** A customer's own words, with the way to who said them. */
export function Said({ example }: { example: Example }) {
  return (
    <p className="said">
      <q>{example.text}</q>{' '}
      <Link className="n" to="/customers/$id" params={{ id: `${example.customerId}` }}>
        <DateText at={example.at} />
      </Link>
    </p>
  )
}
