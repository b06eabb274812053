import { Button, Group, Menu, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { DateText, EvidenceDot } from '../parts/words.tsx'
import { ofCustomerQuery, refreshExpectations } from './expectation-data.ts'
import { dayWords, dueWords, type Expectation, gapWords, sourceWords, standing } from './expectation-words.ts'
import './expectations.css'
import { DoneButton, useMending } from './mend-list.tsx'

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
            we said it {sourceWords[expectation.sourceKind]}
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
            · moved by {move.movedBy === 'us' ? 'us' : 'the customer'}{' '}
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

function MoveForm({ expectation, close }: { expectation: Expectation; close: () => void }) {
  const queries = useQueryClient()
  const form = useSubmit()
  const [due, setDue] = useState('')
  const [by, setBy] = useState<'us' | 'customer'>('us')
  const [told, setTold] = useState('now')
  async function save(event: FormEvent) {
    event.preventDefault()
    const done = await form.submit(() =>
      reply(
        api.api.expectations[':customerId'][':id'].moves.$post({
          param: { customerId: String(expectation.customerId), id: String(expectation.id) },
          json: { due, by, ...(told === 'now' ? { toldAt: new Date().toISOString() } : {}) },
        }),
      ),
    )
    if (!done) return
    await refreshExpectations(queries, expectation.customerId)
    close()
  }
  return (
    <Modal opened onClose={close} title={`Another time for “${expectation.statement}”`} centered>
      <form onSubmit={(event) => void save(event)}>
        {form.message ? <p className="bad">{form.message}</p> : null}
        <TextInput
          label="By when"
          placeholder="2026-09-04, week 36, early September"
          required
          data-autofocus
          value={due}
          error={form.wrong('due')}
          onChange={(event) => setDue(event.currentTarget.value)}
        />
        <NativeSelect
          mt="sm"
          label="Whose wish it was"
          value={by}
          onChange={(event) => setBy(event.currentTarget.value === 'customer' ? 'customer' : 'us')}
          data={[
            { value: 'us', label: 'ours' },
            { value: 'customer', label: 'the customer’s' },
          ]}
        />
        <NativeSelect
          mt="sm"
          label="Does the customer know?"
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
          data={[
            { value: 'now', label: 'yes, told just now' },
            { value: 'no', label: 'not yet' },
          ]}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Keep as it is
          </Button>
          <Button type="submit" loading={form.busy}>
            Move it
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function AddForm({ customerId, close }: { customerId: number; close: () => void }) {
  const queries = useQueryClient()
  const form = useSubmit()
  const [statement, setStatement] = useState('')
  const [due, setDue] = useState('')
  const [who, setWho] = useState<'us' | 'customer'>('us')
  const [source, setSource] = useState<Expectation['sourceKind']>('person')
  async function save(event: FormEvent) {
    event.preventDefault()
    const done = await form.submit(() =>
      reply(
        api.api.customers[':id'].expectations.$post({
          param: { id: String(customerId) },
          json: {
            statement,
            statedBy: who,
            source: who === 'us' ? source : 'other',
            dimension: 'days',
            ...(due.trim() ? { due: due.trim() } : {}),
          },
        }),
      ),
    )
    if (!done) return
    await refreshExpectations(queries, customerId)
    toast('Written down.')
    close()
  }
  return (
    <form onSubmit={(event) => void save(event)} style={{ marginBottom: 14 }}>
      {form.message ? <p className="bad">{form.message}</p> : null}
      <Textarea
        label="What they expect"
        placeholder="Drawers repaired free for five years"
        autosize
        required
        data-autofocus
        value={statement}
        error={form.wrong('statement')}
        onChange={(event) => setStatement(event.currentTarget.value)}
      />
      <TextInput
        mt="xs"
        label="By when, if it has a time"
        placeholder="2026-09-04, week 36, early September, 3 days"
        value={due}
        error={form.wrong('due')}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
      <Group mt="xs" grow>
        <NativeSelect
          label="Whose word"
          value={who}
          onChange={(event) => setWho(event.currentTarget.value === 'customer' ? 'customer' : 'us')}
          data={[
            { value: 'us', label: 'we said it' },
            { value: 'customer', label: 'they assume it' },
          ]}
        />
        {who === 'us' ? (
          <NativeSelect
            label="Where"
            value={source}
            onChange={(event) => setSource(event.currentTarget.value as Expectation['sourceKind'])}
            data={Object.entries(sourceWords).map(([value, label]) => ({ value, label }))}
          />
        ) : null}
      </Group>
      <Group justify="flex-end" mt="sm">
        <Button size="xs" variant="default" onClick={close}>
          Leave it
        </Button>
        <Button size="xs" type="submit" loading={form.busy}>
          Write it down
        </Button>
      </Group>
    </form>
  )
}
