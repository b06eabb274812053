import { Button, Group, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { SegmentRule } from '../../../../src/customers/segment-rule.ts'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { useSubmit } from '../../lib/submit.ts'
import { number } from '../../lib/words.ts'
import { toast } from '../../parts/actions.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../../parts/page.tsx'
import { CustomerLine } from '../customer-line.tsx'
import { CustomersNav } from '../customers-nav.tsx'
import { GroupEditor, type RuleGroup } from './rule-editor.tsx'

/** Makes a segment (`/new`) or changes one. */
export function SegmentPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const isNew = id === 'new'
  const stored = useQuery({
    queryKey: ['segments', id],
    enabled: !isNew,
    queryFn: () => reply(api.api.segments[':id'].$get({ param: { id } })),
  })
  const manager = useMay('manager')
  return (
    <>
      <CustomersNav />
      {stored.isError ? (
        <Page title="Segment">
          <Failure error={stored.error} retry={() => void stored.refetch()} />
        </Page>
      ) : !manager ? (
        <Page title="Segment">
          <EmptyState title="Segments are made by managers">
            Ask one of them for the segment you need.
          </EmptyState>
        </Page>
      ) : isNew ? (
        <Editor key="new" />
      ) : stored.data ? (
        <Editor
          key={stored.data.id}
          id={stored.data.id}
          name={stored.data.name}
          rule={stored.data.rule as SegmentRule}
        />
      ) : (
        <Page title="Segment">
          <Waiting height={320} />
        </Page>
      )}
    </>
  )
}

const firstRule: RuleGroup = { all: [{ about: 'standing', states: ['doubting'] }] }

function Editor(props: { id?: number; name?: string; rule?: SegmentRule }) {
  const [name, setName] = useState(props.name ?? '')
  const [rule, setRule] = useState<RuleGroup>(() => (props.rule ? asGroup(props.rule) : firstRule))
  const form = useSubmit()
  const queries = useQueryClient()
  const navigate = useNavigate()
  async function save() {
    const json = { name, rule }
    if (props.id === undefined) await reply(api.api.segments.$post({ json }))
    else await reply(api.api.segments[':id'].$put({ param: { id: String(props.id) }, json }))
    await queries.invalidateQueries({ queryKey: ['segments'] })
    toast(`“${name}” is saved.`)
    await navigate({ to: '/customers/segments' })
  }
  return (
    <Page title={props.id === undefined ? 'A new segment' : (props.name ?? 'Segment')}>
      <form
        className="two"
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit(save)
        }}
      >
        <Card title="Which customers">
          <div className="stack">
            <GroupEditor rule={rule} change={setRule} depth={0} />
            <TextInput
              label="What to call them"
              placeholder="Bought twice, silent for 90 days"
              maw={420}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={form.wrong('name') ?? form.message}
              required
            />
            <Group>
              <Button type="submit" loading={form.busy}>
                Save the segment
              </Button>
              <LinkButton to="/customers/segments" variant="default">
                Leave it
              </LinkButton>
            </Group>
          </div>
        </Card>
        <Preview rule={rule} />
      </form>
    </Page>
  )
}

/** What the rule says and whom it picks, while it is written. */
function Preview({ rule }: { rule: SegmentRule }) {
  const [asked] = useDebouncedValue(rule, 400)
  const preview = useQuery({
    queryKey: ['segment-preview', asked],
    queryFn: () => reply(api.api['segment-previews'].$post({ json: { rule: asked } })),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Card title="Who that is now">
      <div aria-live="polite">
        {preview.isError ? (
          <p className="muted">Fill in every condition to see whom the rule picks.</p>
        ) : preview.data ? (
          <>
            <div className="segment-size">
              {preview.data.exact ? '' : 'about '}
              {number(preview.data.customers)}
            </div>
            <p className="n" style={{ marginTop: 4 }}>
              {preview.data.exact
                ? `of ${number(preview.data.of)} customers, counted`
                : `between ${number(preview.data.low)} and ${number(preview.data.high)}, worked out from ${number(preview.data.of)} customers at random; the saved segment is counted outright`}
            </p>
            <p>{preview.data.words}</p>
          </>
        ) : (
          <Waiting height={90} />
        )}
      </div>
      {preview.data && preview.data.examples.length > 0 ? (
        <ul className="plain-list" aria-label="Some of them">
          {preview.data.examples.map((customer) => (
            <li key={customer.id}>
              <CustomerLine customer={customer} />
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  )
}

function asGroup(rule: SegmentRule): RuleGroup {
  return 'all' in rule || 'any' in rule ? rule : { all: [rule] }
}
