import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useMay, useSession } from '../lib/session.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { CaseList, Takeable } from './case-row.tsx'
import { type Case, giveBack, type TakenKind, type Today, take } from './today-data.ts'

const LogForm = lazy(async () => ({ default: (await import('../customers/log-form.tsx')).LogForm }))

/** Customers in doubt, and renewals that are near: whoever takes one logs how it went. */
export function TakenCard(props: {
  title: string
  cases: Today['doubt']
  kind: TakenKind
  all?: { label: string; to: string; search?: Record<string, string> }
}) {
  const { title, cases, kind, all } = props
  const queries = useQueryClient()
  const me = useSession()?.name
  const may = useMay('member')
  const [logging, setLogging] = useState<Case | null>(null)
  async function takeIt(row: Case) {
    try {
      await take(queries, kind, row.customerId)
      toast(`${row.name} is yours.`, () => giveBack(queries, kind, row.customerId))
    } catch (error) {
      toastFailure(error)
    }
  }
  return (
    <>
      <CaseList
        title={title}
        total={cases.total}
        rows={cases.rows}
        {...(all ? { all } : {})}
        actions={(row) => (
          <Takeable
            takenBy={row.takenBy}
            me={me}
            may={may}
            customer={{ id: row.customerId, name: row.name }}
            take={{ label: 'I’ll call', act: () => void takeIt(row) }}
            done={{ label: 'Log the call', act: () => setLogging(row) }}
            giveBack={() => void giveBack(queries, kind, row.customerId).catch(toastFailure)}
          />
        )}
      />
      <Dialog
        opened={logging !== null}
        onClose={() => setLogging(null)}
        withCloseButton={false}
        padding={0}
        centered
      >
        {logging ? (
          <Suspense>
            <LogForm
              customer={logging.customerId}
              name={logging.name}
              kind="call"
              done={() => {
                setLogging(null)
                // the standing follows a moment after the call
                setTimeout(() => void queries.invalidateQueries({ queryKey: ['today'] }), 1_500)
              }}
            />
          </Suspense>
        ) : null}
      </Dialog>
    </>
  )
}
