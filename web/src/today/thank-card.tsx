import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useMay } from '../lib/session.ts'
import { number } from '../lib/words.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card } from '../parts/page.tsx'
import { CustomerLink, shortened } from './case-row.tsx'
import { type Case, type How, type Today, thank } from './today-data.ts'

const ThankMenu = lazy(async () => ({ default: (await import('./thank-menu.tsx')).ThankMenu }))

/** Customers who brought others and whom nobody has thanked. */
export function ThankCard({ cases }: { cases: Today['thank'] }) {
  const queries = useQueryClient()
  const may = useMay('member')
  if (cases.rows.length === 0) return null
  async function thanked(row: Case, how: How) {
    try {
      const undo = await thank(queries, row.customerId, how)
      toast(`${row.name} has been thanked.`, undo)
    } catch (error) {
      toastFailure(error)
    }
  }
  return (
    <Card title={`Thank · ${number(cases.total)}`}>
      {cases.rows.map((row) => (
        <div className="thank" key={row.customerId}>
          {row.words ? (
            <p>
              <q>{shortened(row.words)}</q>
            </p>
          ) : null}
          <div>
            <CustomerLink id={row.customerId}>{row.name}</CustomerLink>{' '}
            <span className="n">{row.why.charAt(0).toLowerCase() + row.why.slice(1)}</span>
          </div>
          {may ? (
            <div className="do">
              <Thank name={row.name} thanked={(how) => void thanked(row, how)} />
            </div>
          ) : null}
        </div>
      ))}
    </Card>
  )
}

function Thank({ name, thanked }: { name: string; thanked: (how: How) => void }) {
  const [asked, setAsked] = useState(false)
  const button = (
    <Button
      size="xs"
      variant="default"
      aria-label={`Thank ${name}`}
      aria-haspopup="menu"
      onClick={() => setAsked(true)}
    >
      Thank
    </Button>
  )
  if (!asked) return button
  return (
    <Suspense fallback={button}>
      <ThankMenu name={name} thanked={thanked} />
    </Suspense>
  )
}
