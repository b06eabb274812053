import { Button, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useMay } from '../lib/session.ts'
import { number } from '../lib/words.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card } from '../parts/page.tsx'
import { CustomerLink, shortened } from './case-row.tsx'
import { type Case, type How, type Today, thank } from './today-data.ts'

const ways: { how: How; label: string }[] = [
  { how: 'call', label: 'I called' },
  { how: 'mail', label: 'I wrote a mail' },
  { how: 'letter', label: 'I sent a card' },
  { how: 'gift', label: 'I sent a present' },
  { how: 'visit', label: 'I said it in person' },
]

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
              <Menu position="bottom-start">
                <Menu.Target>
                  <Button size="xs" variant="default" aria-label={`Thank ${row.name}`}>
                    Thank
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {ways.map(({ how, label }) => (
                    <Menu.Item key={how} onClick={() => void thanked(row, how)}>
                      {label}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            </div>
          ) : null}
        </div>
      ))}
    </Card>
  )
}
