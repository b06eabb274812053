import { Button, Group, Menu } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { DateText, EvidenceDot } from '../parts/words.tsx'
import { ofCustomerQuery, refreshExpectations } from './expectation-data.ts'
import { dayWords, dueWords, type Expectation, gapWords, sourceWords, standing } from './expectation-words.ts'
import './expectations.css'
import { AddForm } from './add-expectation.tsx'
import { DoneButton, useMending } from './mend-list.tsx'
import { MoveForm } from './move-expectation.tsx'

/** What a customer was told to expect or assumes, with how it stands; new ones are added in place. */
export function CustomerExpectations({ customerId, name }: { customerId: number; name: string }) {
  const list = useQuery(ofCustomerQuery(customerId))
  const may = useMay('member')
  const [adding, setAdding] = useState(false)
  const [all, setAll] = useState(false)
  const items = list.data?.items ?? []
  const shown = all ? items : items.slice(0, 6)
  return (
    <Card
      title={`What ${name} was told to expect`}
      tools={
        may && !adding ? (
          <Button size="xs" variant="subtle" onClick={() => setAdding(true)}>
            Add one
          </Button>
        ) : undefined
      }
    >
      {adding ? <AddForm customerId={customerId} close={() => setAdding(false)} /> : null}
      {list.isPending ? <Waiting height={80} /> : null}
      {list.isError ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data && items.length === 0 && !adding ? (
        <p className="muted">
          Nothing that we know of. Add what was promised, or what they take for granted.
        </p>
      ) : null}
      <ul className="told-list">
        {shown.map((expectation) => (
          <Told key={expectation.id} expectation={expectation} may={may} name={name} />
        ))}
      </ul>
      {items.length > shown.length ? (
        <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {items.length}
        </Button>
      ) : null}
    </Card>
  )
}

function Told({ expectation, may, name }: { expectation: Expectation; may: boolean; name: string }) {
  const { word, tone, shape } = standing(expectation)
  const due = dueWords(expectation)
  const off = gapWords(expectation.gap, expectation)
  const { moves, firstDue } = expectation
  return (
    <li>
      <div className="line">
        <span>
          {expectation.statement}
          {due ? <>: {due}</> : null}
        </span>
        <span className={`standing ${tone}`}>
          <span aria-hidden="true">{shape} </span>
          {word}
          {off && expectation.state === 'broken' ? `, ${off}` : ''}
        </span>
      </div>
      <div className="n">
        {expectation.statedBy === 'us' ? (
          <>
            <EvidenceDot evidence="said" />
            {expectation.sourceKind === 'person'
              ? 'one of us said it'
              : `we said it ${sourceWords[expectation.sourceKind]}`}
          </>
        ) : (
          <>
            <EvidenceDot evidence="inferred" />
            assumed by the customer
          </>
        )}
        {', '}
        <DateText at={expectation.openedAt} />
        {expectation.purchase ? ` · ${expectation.purchase}` : ''}
        {off && (expectation.state === 'kept' || expectation.state === 'exceeded') ? ` · ${off}` : ''}
        {moves.length > 0 && firstDue ? ` · first said for ${dayWords(firstDue)}` : ''}
        {moves.map((move) => (
          <span key={move.at}>
            {' '}
            · moved by {move.movedBy === 'us' ? 'us' : 'the customer'}
            {move.toldAt ? (
              <>
                , told <DateText at={move.toldAt} as="day" />
              </>
            ) : move.movedBy === 'us' ? (
              ', not told'
            ) : (
              ''
            )}
            {move.counted ? '' : ' (too late to count)'}
          </span>
        ))}
        {expectation.note ? ` · ${expectation.note}` : ''}
        {expectation.mendedBy || expectation.mendedAt
          ? ` · made good: ${expectation.mendedNote ?? 'done'}`
          : ''}
      </div>
      {may ? <Actions expectation={expectation} name={name} /> : null}
    </li>
  )
}

function Actions({ expectation, name }: { expectation: Expectation; name: string }) {
  const queries = useQueryClient()
  const mending = useMending(expectation)
  const [moving, setMoving] = useState(false)
  const param = { customerId: String(expectation.customerId), id: String(expectation.id) }
  const { outcome } = api.api.expectations[':customerId'][':id']
  const refresh = () => refreshExpectations(queries, expectation.customerId)
  const takeBack = async () => {
    await reply(outcome.$delete({ param }))
    await refresh()
  }
  async function settle(state: 'kept' | 'broken' | 'withdrawn' | undefined, message: string) {
    try {
      await reply(outcome.$put({ param, json: state ? { state } : {} }))
      await refresh()
      toast(message, takeBack)
    } catch (error) {
      toastFailure(error)
    }
  }
  const undecided = expectation.state === 'open' || expectation.awaited
  return (
    <Group gap={4} mt={4}>
      {expectation.state === 'broken' && !expectation.mendedAt ? (
        <>
          {expectation.mendingBy ? (
            <span className="n">{expectation.mendingBy} took this on.</span>
          ) : (
            <Button size="compact-xs" variant="default" onClick={() => void mending.take()}>
              I’ll call
            </Button>
          )}
          <DoneButton mending={mending} label={name} subtle />
        </>
      ) : null}
      {undecided || expectation.settledBy ? (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" aria-label={`Change “${expectation.statement}”`}>
              Change …
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {undecided ? (
              <>
                <Menu.Item
                  onClick={() =>
                    void settle(
                      expectation.dimension === 'days' ? undefined : 'kept',
                      'Written down: it has happened.',
                    )
                  }
                >
                  It has happened today
                </Menu.Item>
                <Menu.Item onClick={() => void settle('broken', 'Written down as broken.')}>
                  It won’t be kept
                </Menu.Item>
                <Menu.Item onClick={() => void settle('withdrawn', 'Written down: no longer needed.')}>
                  It is no longer needed
                </Menu.Item>
                <Menu.Item onClick={() => setMoving(true)}>Name another time</Menu.Item>
              </>
            ) : null}
            {expectation.settledBy ? (
              <Menu.Item onClick={() => void takeBack().catch(toastFailure)}>
                Take back what {expectation.settledBy} entered
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {moving ? <MoveForm expectation={expectation} close={() => setMoving(false)} /> : null}
    </Group>
  )
}
