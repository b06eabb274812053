import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { DateText, Quote } from '../parts/words.tsx'
import { refreshExpectations, unmendedQuery } from './expectation-data.ts'
import { dueWords, type Expectation, gapWords } from './expectation-words.ts'
import type { scopeOf } from './search.ts'

/** Broken promises that nobody has made good yet: take one on, say what was done, take it back. */
export function MendList({ scope }: { scope: ReturnType<typeof scopeOf> }) {
  const list = useInfiniteQuery(unmendedQuery(scope))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const [shown, setShown] = useState(4)
  const params = new URLSearchParams({ ...scope, state: 'broken' })
  return (
    <Card
      title="To make good"
      tools={
        useMay('member') && items.length > 0 ? (
          <a className="n" href={`/api/expectations/export?${params}`} download>
            All broken ones as CSV
          </a>
        ) : undefined
      }
    >
      {list.isPending ? <Waiting height={120} /> : null}
      {list.isError ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data && items.length === 0 ? (
        <p className="muted">Nothing that broke is left to make good.</p>
      ) : null}
      {items.length > 0 ? (
        <p className="n mend-note">
          Everything that broke and was not made good, however long ago. <Link to="/">Today</Link> lists what
          broke in the last 30 days, one row a customer.
        </p>
      ) : null}
      <ul className="mend-list">
        {items.slice(0, shown).map(({ expectation, customer }) => (
          <Row
            key={expectation.id}
            expectation={expectation}
            label={customer?.label ?? `Customer ${expectation.customerId}`}
            words={customer?.lastWords ?? null}
          />
        ))}
      </ul>
      {items.length > shown || list.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => {
            setShown(shown + 16)
            if (items.length <= shown + 16 && list.hasNextPage) void list.fetchNextPage()
          }}
        >
          Show more
        </Button>
      ) : null}
    </Card>
  )
}

function Row({
  expectation,
  label,
  words,
}: {
  expectation: Expectation
  label: string
  words: string | null
}) {
  const may = useMay('member')
  const mending = useMending(expectation)
  const off = gapWords(expectation.gap, expectation)
  const due = dueWords(expectation)
  return (
    <li>
      <Link to="/customers/$id" params={{ id: String(expectation.customerId) }} className="who">
        {label}
      </Link>
      <span className="what">
        <span className="bad">
          <span aria-hidden="true">▼ </span>
          {expectation.awaited ? `Not there yet${off ? `, ${off}` : ''}` : off ? capital(off) : 'Broken'}
        </span>
        {' · '}
        {expectation.statement}
        {due ? `: ${due}` : ''}
        {words ? (
          <>
            {' '}
            <Quote>{words.length > 160 ? `${words.slice(0, 157)}…` : words}</Quote>
          </>
        ) : null}
        {expectation.mendingBy && expectation.mendingAt ? (
          <span className="n">
            {' '}
            {expectation.mendingBy} took this on <DateText at={expectation.mendingAt} as="ago" />
          </span>
        ) : null}
      </span>
      {may ? (
        <span className="act">
          {expectation.mendingBy ? (
            <>
              <DoneButton mending={mending} label={label} />
              <Button
                size="xs"
                variant="subtle"
                onClick={() => void mending.takeBack()}
                aria-label={`Hand back: ${label}`}
              >
                Hand back
              </Button>
            </>
          ) : (
            <>
              <Button
                size="xs"
                variant="default"
                onClick={() => void mending.take()}
                aria-label={`I’ll call ${label}`}
              >
                I’ll call
              </Button>
              <DoneButton mending={mending} label={label} subtle />
            </>
          )}
        </span>
      ) : null}
    </li>
  )
}

/** Taking on, having done, and taking back, each with its way back. */
export function useMending(expectation: Pick<Expectation, 'id' | 'customerId'>) {
  const queries = useQueryClient()
  const param = { customerId: String(expectation.customerId), id: String(expectation.id) }
  const mending = api.api.expectations[':customerId'][':id'].mending
  const refresh = () => refreshExpectations(queries, expectation.customerId)
  const takeBack = async () => {
    await reply(mending.$delete({ param }))
    await refresh()
  }
  const send = async (done: boolean, message: string, note?: string) => {
    try {
      await reply(mending.$post({ param, json: { done, ...(note ? { note } : {}) } }))
      await refresh()
      toast(message, takeBack)
    } catch (error) {
      toastFailure(error)
    }
  }
  return {
    take: () => send(false, 'It’s yours. Say what was done when you have called.'),
    done: (note: string) => send(true, 'Written down as made good.', note),
    takeBack: () => takeBack().catch(toastFailure),
  }
}

export function DoneButton({
  mending,
  label,
  subtle,
}: {
  mending: ReturnType<typeof useMending>
  label: string
  subtle?: boolean
}) {
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    setOpen(false)
    void mending.done(note)
  }
  return (
    <>
      <Button
        size="xs"
        variant={subtle ? 'subtle' : 'filled'}
        onClick={() => setOpen(true)}
        aria-label={`Say what was done for ${label}`}
      >
        Done
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`What was done for ${label}?`} centered>
        <form onSubmit={submit}>
          <Textarea
            label="In a few words"
            placeholder="Called, said sorry, refunded the delivery"
            description="Stands on the timeline, for everybody who speaks with them next."
            autosize
            minRows={2}
            data-autofocus
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setOpen(false)}>
              Not yet
            </Button>
            <Button type="submit">It’s made good</Button>
          </Group>
        </form>
      </Modal>
    </>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
