import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { purchaseKinds, purchaseStates } from '../../../src/customers/schema.ts'
import { api, reply } from '../lib/api.ts'
import { useMay, useWorkspace } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { toast } from '../parts/actions.tsx'
import { Failure, Waiting } from '../parts/page.tsx'
import { DateText, Money } from '../parts/words.tsx'
import './customers.css'

type Purchase = Awaited<ReturnType<typeof fetchPurchases>>['items'][number]
const fetchPurchases = (id: number) =>
  reply(api.api.customers[':id'].purchases.$get({ param: { id: String(id) } }))

/** On a customer's page: what was bought, each with its own dates, value and state; mended by hand. */
export function Purchases({ customer }: { customer: { id: number } }) {
  const may = useMay('member')
  const [editing, setEditing] = useState<Purchase | 'new'>()
  const purchases = useQuery({
    queryKey: ['customer', customer.id, 'purchases'],
    queryFn: () => fetchPurchases(customer.id),
  })
  return (
    <section className="card">
      <h2>
        Bought
        {may ? (
          <span className="tools">
            <Button variant="subtle" size="compact-xs" onClick={() => setEditing('new')}>
              Add
            </Button>
          </span>
        ) : null}
      </h2>
      {purchases.isError ? (
        <Failure error={purchases.error} retry={() => void purchases.refetch()} />
      ) : purchases.isPending ? (
        <Waiting height={60} />
      ) : purchases.data.items.length === 0 ? (
        <p className="muted" style={{ margin: 0 }}>
          Nothing yet.
        </p>
      ) : (
        <ul className="plain-list">
          {purchases.data.items.map((purchase) => (
            <li key={purchase.id}>
              <OnePurchase purchase={purchase} edit={may ? () => setEditing(purchase) : undefined} />
            </li>
          ))}
        </ul>
      )}
      <Modal
        opened={editing !== undefined}
        onClose={() => setEditing(undefined)}
        title={editing === 'new' ? 'Write down a purchase' : 'What we know of this purchase'}
        centered
      >
        {editing !== undefined ? (
          <PurchaseForm
            customer={customer.id}
            {...(editing === 'new' ? {} : { purchase: editing })}
            done={() => setEditing(undefined)}
          />
        ) : null}
      </Modal>
    </section>
  )
}

const stateWords: Record<Purchase['state'], string> = {
  proposed: 'proposed',
  sold: 'sold',
  delivered: 'delivered',
  renewed: 'renewed',
  ended: 'ended',
  cancelled: 'cancelled',
}

function OnePurchase({ purchase, edit }: { purchase: Purchase; edit: (() => void) | undefined }) {
  const overdue =
    purchase.renewsAt !== null &&
    ['sold', 'delivered', 'renewed'].includes(purchase.state) &&
    new Date(purchase.renewsAt) < new Date()
  return (
    <div className="line">
      <span style={{ flex: '1 1 180px', minWidth: 0 }}>
        <b>{purchase.name ?? `${purchase.kind} ${purchase.key}`}</b>{' '}
        <span className="state-tag">{stateWords[purchase.state]}</span>
        <br />
        <span className="n">
          {purchase.name ? `${purchase.kind} ${purchase.key} · ` : ''}
          {purchase.soldAt ? <DateText at={purchase.soldAt} as="day" /> : 'no date'}
          {purchase.deliveredAt ? (
            <>
              , delivered <DateText at={purchase.deliveredAt} as="day" />
            </>
          ) : null}
          {purchase.renewsAt ? (
            <>
              {' · '}
              <span className={overdue ? 'bad' : ''}>
                {overdue ? '▼ was to renew ' : 'renews '}
                <DateText at={purchase.renewsAt} as="day" />
              </span>
            </>
          ) : null}
          {purchase.renewals > 0
            ? `, renewed ${purchase.renewals === 1 ? 'once' : `${purchase.renewals} times`}`
            : ''}
        </span>
        {purchase.openExpectations > 0 || purchase.brokenExpectations > 0 ? (
          <>
            <br />
            <span className="n">
              {purchase.openExpectations > 0 ? `${purchase.openExpectations} open promises ` : ''}
              {purchase.brokenExpectations > 0 ? (
                <span className="bad">▼ {purchase.brokenExpectations} broken</span>
              ) : null}
            </span>
          </>
        ) : null}
      </span>
      <span className="end">
        {purchase.valueMinor === null ? null : (
          <Money minor={purchase.valueMinor} currency={purchase.currency} />
        )}
        {edit ? (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={edit}
            aria-label={`Change ${purchase.name ?? purchase.key}`}
          >
            Change
          </Button>
        ) : null}
      </span>
    </div>
  )
}

const dateFields = [
  ['soldAt', 'Sold'],
  ['deliveredAt', 'Delivered'],
  ['renewsAt', 'Renews'],
  ['endedAt', 'Ended'],
] as const

function PurchaseForm(props: { customer: number; purchase?: Purchase; done: () => void }) {
  const { purchase } = props
  const workspace = useWorkspace()
  const currency = purchase?.currency ?? workspace.currency
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const [kind, setKind] = useState<Purchase['kind']>(
    purchase?.kind ?? (workspace.buying === 'renew' ? 'contract' : 'order'),
  )
  const [key, setKey] = useState(purchase?.key ?? '')
  const [name, setName] = useState(purchase?.name ?? '')
  const [state, setState] = useState<Purchase['state']>(purchase?.state ?? 'sold')
  const [value, setValue] = useState<number | ''>(
    purchase?.valueMinor == null ? '' : purchase.valueMinor / 10 ** digits,
  )
  const [dates, setDates] = useState(() =>
    Object.fromEntries(dateFields.map(([field]) => [field, dayOf(purchase?.[field] ?? null)])),
  )
  const form = useSubmit()
  const queries = useQueryClient()
  async function save() {
    const at = (field: (typeof dateFields)[number][0]) =>
      instantOf(dates[field] ?? '', purchase?.[field] ?? null)
    const json = {
      kind,
      key,
      name: name.trim() || null,
      state,
      valueMinor: value === '' ? null : Math.round(value * 10 ** digits),
      currency,
      soldAt: at('soldAt'),
      deliveredAt: at('deliveredAt'),
      renewsAt: at('renewsAt'),
      endedAt: at('endedAt'),
    }
    const id = String(props.customer)
    if (purchase)
      await reply(
        api.api.customers[':id'].purchases[':purchase'].$put({
          param: { id, purchase: String(purchase.id) },
          json,
        }),
      )
    else await reply(api.api.customers[':id'].purchases.$post({ param: { id }, json }))
    await queries.invalidateQueries({ queryKey: ['customer', props.customer] })
    toast('Written down.')
    props.done()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void form.submit(save)
      }}
    >
      <div className="stack" style={{ gap: 10 }}>
        <Group grow>
          <NativeSelect
            label="Kind"
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as Purchase['kind'])}
            data={[...purchaseKinds]}
          />
          <TextInput
            label="Number"
            description="the id it goes by"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={form.wrong('key')}
            required
          />
        </Group>
        <TextInput
          label="What it is"
          placeholder="Oak dining set"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group grow>
          <NativeSelect
            label="State"
            value={state}
            onChange={(event) => setState(event.currentTarget.value as Purchase['state'])}
            data={[...purchaseStates]}
          />
          <NumberInput
            label={`Value (${currency})`}
            value={value}
            min={0}
            decimalScale={digits}
            thousandSeparator=","
            onChange={(next) => setValue(next === '' ? '' : Number(next))}
          />
        </Group>
        <div className="sides">
          {dateFields.map(([field, label]) => (
            <TextInput
              key={field}
              type="date"
              label={label}
              value={dates[field] ?? ''}
              onChange={(event) => {
                const { value: day } = event.currentTarget
                setDates((before) => ({ ...before, [field]: day }))
              }}
              error={form.wrong(field)}
            />
          ))}
        </div>
        {form.message ? (
          <p role="alert" className="bad" style={{ margin: 0 }}>
            {form.message}
          </p>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.done}>
            Leave it
          </Button>
          <Button type="submit" loading={form.busy}>
            Write it down
          </Button>
        </Group>
      </div>
    </form>
  )
}

function dayOf(at: string | null): string {
  return at ? at.slice(0, 10) : ''
}

/** A day that was not changed keeps its exact time. */
function instantOf(day: string, before: string | null): string | null {
  if (day === '') return null
  return before && dayOf(before) === day ? before : `${day}T12:00:00Z`
}
