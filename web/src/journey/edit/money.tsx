import { Button, NumberInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { Budget, MapStage } from '../../../../src/journey/schema.ts'
import { api, reply } from '../../lib/api.ts'
import { useWorkspace } from '../../lib/session.ts'
import { dateText, money } from '../../lib/words.ts'
import { ConfirmAction, toast, toastFailure } from '../../parts/actions.tsx'
import { Card, EmptyState, Failure, Waiting } from '../../parts/page.tsx'
import { MomentSelect } from './moment-select.tsx'
import { budgetsQuery } from './queries.ts'

/** What is spent at each moment, by period: the map's cost per customer and the balance of money come from it. */
export function MoneyEditor({ stages }: { stages: MapStage[] }) {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(budgetsQuery)
  const [changing, setChanging] = useState<Budget | undefined>()
  const changed = () => queries.invalidateQueries()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  const nameOf = (id: number) => touchpointsOf(stages).find((each) => each.id === id)?.name ?? ''
  return (
    <div className="stack">
      <Card title="What you spend">
        {data.items.length === 0 ? (
          <EmptyState title="No amounts yet">
            Say what you spend at a moment in a month, quarter or year. The map then shows what a customer
            costs there, and how your money lies before and after the sale.
          </EmptyState>
        ) : (
          <div className="table-wrap">
            <table className="data">
              <caption className="hidden-visually">Amounts by moment and period</caption>
              <thead>
                <tr>
                  <th scope="col">Moment</th>
                  <th scope="col">From</th>
                  <th scope="col">To</th>
                  <th scope="col" className="end">
                    Amount
                  </th>
                  <th scope="col">
                    <span className="hidden-visually">Change</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((each) => (
                  <tr key={each.id}>
                    <td>{nameOf(each.touchpointId)}</td>
                    <td>{day(each.startsOn)}</td>
                    <td>{day(each.endsOn)}</td>
                    <td className="end">{money(each.amountMinor, each.currency)}</td>
                    <td className="row-tools">
                      <Button size="compact-xs" variant="default" onClick={() => setChanging(each)}>
                        Change<span className="hidden-visually"> {nameOf(each.touchpointId)}</span>
                      </Button>
                      <ConfirmAction
                        label="Remove"
                        question={`Remove ${money(each.amountMinor, each.currency)} at ${nameOf(each.touchpointId)}?`}
                        confirm="Remove it"
                        button={{ size: 'compact-xs', 'aria-label': `Remove ${nameOf(each.touchpointId)}` }}
                        act={async () => {
                          await reply(api.api.budgets[':id'].$delete({ param: { id: each.id } }))
                          await changed()
                        }}
                      >
                        The map will no longer count it.
                      </ConfirmAction>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      <BudgetForm
        key={changing?.id ?? 'new'}
        stages={stages}
        budget={changing}
        onDone={() => {
          setChanging(undefined)
          void changed()
        }}
        onCancel={() => setChanging(undefined)}
      />
    </div>
  )
}

function BudgetForm(props: {
  stages: MapStage[]
  budget: Budget | undefined
  onDone: () => void
  onCancel: () => void
}) {
  const { budget } = props
  const { currency } = useWorkspace()
  const minor = minorUnits(budget?.currency ?? currency)
  const year = new Date().getFullYear()
  const [touchpointId, setTouchpointId] = useState<number | null>(budget?.touchpointId ?? null)
  const [startsOn, setStartsOn] = useState(budget?.startsOn ?? `${year}-01-01`)
  const [endsOn, setEndsOn] = useState(budget?.endsOn ?? `${year}-12-31`)
  const [amount, setAmount] = useState<number | string>(budget ? budget.amountMinor / minor : '')
  const [busy, setBusy] = useState(false)
  const ready = touchpointId !== null && startsOn && endsOn && typeof amount === 'number'
  async function save(event: FormEvent) {
    event.preventDefault()
    if (touchpointId === null || typeof amount !== 'number') return
    setBusy(true)
    const json = { touchpointId, startsOn, endsOn, amountMinor: Math.round(amount * minor) }
    try {
      if (budget) await reply(api.api.budgets[':id'].$put({ param: { id: budget.id }, json }))
      else await reply(api.api.budgets.$post({ json }))
      toast('Saved.')
      setAmount('')
      props.onDone()
    } catch (error) {
      toastFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card title={budget ? 'Change this amount' : 'Add an amount'}>
      <form className="inline-form" onSubmit={(event) => void save(event)}>
        <MomentSelect label="Moment" stages={props.stages} value={touchpointId} onChange={setTouchpointId} />
        <TextInput
          label="First day"
          type="date"
          value={startsOn}
          onChange={(event) => setStartsOn(event.currentTarget.value)}
        />
        <TextInput
          label="Last day"
          type="date"
          value={endsOn}
          error={endsOn && startsOn > endsOn ? 'Before the first day' : null}
          onChange={(event) => setEndsOn(event.currentTarget.value)}
        />
        <NumberInput
          label={`Amount in ${budget?.currency ?? currency}`}
          min={0}
          decimalScale={Math.round(Math.log10(minor))}
          thousandSeparator=" "
          value={amount}
          onChange={setAmount}
        />
        <Button type="submit" loading={busy} disabled={!ready || startsOn > endsOn}>
          {budget ? 'Save it' : 'Add it'}
        </Button>
        {budget ? (
          <Button variant="default" onClick={props.onCancel}>
            Leave it as it was
          </Button>
        ) : null}
      </form>
    </Card>
  )
}

function minorUnits(currency: string): number {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return 10 ** (digits.maximumFractionDigits ?? 2)
}

/** A date without a time zone. */
function day(date: string): string {
  return dateText(new Date(`${date}T12:00:00Z`), 'UTC')
}
