import { Button, Checkbox, Group, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { count } from '../lib/words.ts'
import { ConfirmAction, toast } from '../parts/actions.tsx'
import { Failure, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { StateTag } from './customer-line.tsx'
import './customers.css'
import { FindCustomer } from './find-customer.tsx'
import { KindChoice } from './kind-choice.tsx'

/** On a customer's page: join another customer into this one, and take earlier joins back. */
export function MergeCustomer({
  customer,
}: {
  customer: { id: number; label: string; kind: 'person' | 'company' }
}) {
  const manager = useMay('manager')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [open, { open: ask, close }] = useDisclosure(false)
  const merges = useQuery({
    queryKey: ['customer', customer.id, 'merges'],
    queryFn: () => reply(api.api.customers[':id'].merges.$get({ param: { id: String(customer.id) } })),
  })
  const standing = merges.data?.items.filter(({ undoneAt }) => undoneAt === null) ?? []
  if (!manager && standing.length === 0) return null
  return (
    <section className="card">
      <h2>One customer?</h2>
      {standing.length > 0 ? (
        <ul className="plain-list">
          {standing.map((merge) => (
            <li key={merge.id} className="line">
              <span>
                <b>{merge.absorbed}</b> was joined in
                <br />
                <span className="n">
                  {merge.actor}, <DateText at={merge.at} as="ago" />
                </span>
              </span>
              {manager ? (
                <span className="end">
                  <ConfirmAction
                    label="Take back"
                    question={`Are ${merge.absorbed} and ${merge.survivor} two after all?`}
                    confirm="They are two"
                    button={{ 'aria-label': `Take back joining ${merge.absorbed}` }}
                    act={async () => {
                      await reply(api.api.merges[':id'].undoing.$post({ param: { id: String(merge.id) } }))
                      await queries.invalidateQueries()
                    }}
                    done="They are two again."
                  >
                    Each gets back what came with them, before the join and since.
                  </ConfirmAction>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted" style={{ marginTop: 0 }}>
          Is {customer.label} here twice, under another address or name?
        </p>
      )}
      {manager ? (
        <Button variant="default" size="xs" mt="xs" onClick={ask}>
          Join another customer in
        </Button>
      ) : null}
      <div style={{ marginTop: 12 }}>
        <KindChoice customer={customer} />
      </div>
      <MergeDialog
        opened={open}
        close={close}
        survivor={customer.id}
        merge={async (survivor, absorbed, beyondLimits, reason) => {
          const made = await reply(
            api.api.customers[':id'].merges.$post({
              param: { id: String(survivor) },
              json: { absorb: absorbed, beyondLimits, ...(reason ? { reason } : {}) },
            }),
          )
          await queries.invalidateQueries()
          if (survivor !== customer.id)
            await navigate({ to: '/customers/$id', params: { id: String(survivor) } })
          toast('They are one customer now.', async () => {
            await reply(api.api.merges[':id'].undoing.$post({ param: { id: String(made.id) } }))
            await queries.invalidateQueries()
          })
        }}
      />
    </section>
  )
}

/** Finds the other customer, shows both and what comes of joining them, and lets one choose whose page stays. */
export function MergeDialog(props: {
  opened: boolean
  close: () => void
  survivor: number
  other?: number
  merge: (survivor: number, absorbed: number, beyondLimits: boolean, reason: string) => Promise<void>
}) {
  const [found, setFound] = useState<number>()
  const [swapped, setSwapped] = useState(false)
  const [beyond, setBeyond] = useState(false)
  const [reason, setReason] = useState('')
  const form = useSubmit()
  const other = props.other ?? found
  const [survivor, absorbed] = swapped ? [other, props.survivor] : [props.survivor, other]
  const preview = useQuery({
    queryKey: ['customer', survivor, 'merge-preview', absorbed],
    enabled: props.opened && survivor !== undefined && absorbed !== undefined,
    queryFn: () =>
      reply(
        api.api.customers[':id']['merge-previews'][':other'].$get({
          param: { id: String(survivor), other: String(absorbed) },
        }),
      ),
    retry: false,
  })
  const needsSaying = (preview.data?.result.beyond.length ?? 0) > 0
  return (
    <Modal opened={props.opened} onClose={props.close} title="Join two customers into one" size="xl" centered>
      <div className="stack">
        {props.other === undefined ? (
          <FindCustomer
            label="Who is the same?"
            except={props.survivor}
            choose={({ id }) => setFound(id)}
            autoFocus
          />
        ) : null}
        {preview.isError ? (
          <Failure error={preview.error} retry={() => void preview.refetch()} />
        ) : other !== undefined && !preview.data ? (
          <Waiting height={200} />
        ) : preview.data && survivor !== undefined && absorbed !== undefined ? (
          <>
            <div className="sides">
              <Side title="This page stays" side={preview.data.survivor} />
              <Side title="This becomes part of it" side={preview.data.absorbed} />
            </div>
            <Group>
              <Button variant="default" size="xs" onClick={() => setSwapped(!swapped)}>
                ⇄ The other way round
              </Button>
            </Group>
            <Result result={preview.data.result} />
            {needsSaying ? (
              <Checkbox
                checked={beyond}
                onChange={(event) => setBeyond(event.currentTarget.checked)}
                label="That is right: they are one all the same"
              />
            ) : null}
            <TextInput
              label="Why (for whoever looks later)"
              placeholder="said so on the phone"
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            {form.message ? (
              <p role="alert" className="bad">
                {form.message}
              </p>
            ) : null}
            <Group justify="flex-end">
              <Button variant="default" onClick={props.close}>
                Keep them apart
              </Button>
              <Button
                disabled={needsSaying && !beyond}
                loading={form.busy}
                onClick={() =>
                  void form
                    .submit(() => props.merge(survivor, absorbed, beyond, reason))
                    .then((done) => {
                      if (done) props.close()
                    })
                }
              >
                They are one
              </Button>
            </Group>
          </>
        ) : (
          <p className="muted">
            Find the other one, and see what joining them would give before anything is done.
          </p>
        )}
      </div>
    </Modal>
  )
}

type Preview = Awaited<ReturnType<typeof fetchPreview>>
const fetchPreview = () =>
  reply(api.api.customers[':id']['merge-previews'][':other'].$get({ param: { id: '', other: '' } }))

function Side({ title, side }: { title: string; side: Preview['survivor'] }) {
  return (
    <div className="side">
      <h3>{title}</h3>
      <b>{side.customer.label}</b> <StateTag state={side.customer.state} />
      <p style={{ margin: '6px 0' }}>
        {count(side.interactions, 'interaction')}, {count(side.purchases, 'purchase')},{' '}
        {count(side.expectations, 'promise')}
        <br />
        <span className="n">
          seen <DateText at={side.customer.firstSeenAt} /> to <DateText at={side.customer.lastSeenAt} />
        </span>
      </p>
      <span className="muted">
        {side.identities
          .slice(0, 6)
          .map(({ value }) => value)
          .join(', ')}
        {side.identityCount > 6 ? ` and ${side.identityCount - 6} more` : ''}
      </span>
    </div>
  )
}

function Result({ result }: { result: Preview['result'] }) {
  return (
    <div>
      <p style={{ margin: '0 0 6px' }}>
        Together: <b>{result.label}</b>, with {count(result.interactions, 'interaction')},{' '}
        {count(result.purchases, 'purchase')} and {count(result.expectations, 'promise')}. It can be taken
        back at any time, and each gets back what was theirs.
      </p>
      <ul className="plain-list">
        {result.signs.map((sign) => (
          <li key={sign.text} className={sign.for ? 'good' : 'bad'}>
            <span aria-hidden="true">{sign.for ? '▲ ' : '▼ '}</span>
            <span className="hidden-visually">{sign.for ? 'Speaks for it: ' : 'Speaks against it: '}</span>
            {sign.text}
          </li>
        ))}
        {result.differing
          .filter(({ trait }) => trait !== 'name')
          .map((trait) => (
            <li key={trait.trait}>
              {trait.trait}: <b>{trait.shown}</b> will be shown, said last;{' '}
              <span className="muted">{trait.other}</span> before
            </li>
          ))}
        {result.beyond.map((limit) => (
          <li key={limit.kind} className="bad">
            <span aria-hidden="true">▼ </span>
            {limit.count} {limit.kind}; one customer usually has{' '}
            {limit.limit === 1 ? 'one' : `at most ${limit.limit}`}.
          </li>
        ))}
      </ul>
    </div>
  )
}
