import { Alert, Button, Group, Radio, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import type { Rule } from '../../../src/expectations/schema.ts'
import { api, reply } from '../lib/api.ts'
import { useSubmit } from '../lib/submit.ts'
import { toast } from '../parts/actions.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { DateText } from '../parts/words.tsx'
import { promisesQuery, refreshExpectations } from './expectation-data.ts'
import { type Promised, ruleWords } from './expectation-words.ts'
import './expectations.css'
import { RuleForm } from './rule-form.tsx'
import { RulePreview } from './rule-preview.tsx'
import { RunPanel } from './run-panel.tsx'

const blank: Rule = {
  dimension: 'days',
  opened: { event: 'Order Completed' },
  due: [{ after: 2, unit: 'weeks' }],
  kept: { event: 'Order Delivered' },
  statedBy: 'us',
  source: { kind: 'page' },
}

/** One promise in plain words, with what it would have said about the past while it is being written. */
export function PromiseEditorPage() {
  const { id } = useParams({ from: '/shell/expectations/promises/$id' })
  const promises = useQuery(promisesQuery())
  const found = promises.data?.items.find(({ rule }) => String(rule.id) === id)
  if (id === 'new') return <Editor />
  if (promises.isError)
    return (
      <Page title="A promise">
        <Failure error={promises.error} retry={() => void promises.refetch()} />
      </Page>
    )
  if (promises.isPending)
    return (
      <Page title="A promise">
        <Waiting height={400} />
      </Page>
    )
  if (!found)
    return (
      <Page title="A promise">
        <EmptyState
          title="There is no such promise"
          action={<LinkButton to="/expectations/promises">See what you promise</LinkButton>}
        />
      </Page>
    )
  return <Editor key={found.rule.version} promised={found} />
}

function Editor({ promised }: { promised?: Promised }) {
  const stored = promised?.rule
  const [name, setName] = useState(stored?.name ?? '')
  const [statement, setStatement] = useState(stored?.statement ?? '')
  const [rule, setRule] = useState<Rule>(stored?.rule ?? blank)
  const [holds, setHolds] = useState<'now' | 'always'>('now')
  const form = useSubmit()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const settled = useSettled(rule)

  async function save(event: FormEvent) {
    event.preventDefault()
    await form.submit(async () => {
      const json = { name, statement, rule }
      const saved = stored
        ? await reply(
            api.api.promises[':id'].$put({
              param: { id: String(stored.id) },
              json: { ...json, version: stored.version, holds },
            }),
          )
        : await reply(api.api.promises.$post({ json }))
      await refreshExpectations(queries)
      toast(`“${saved.name}” is written down.`)
      if (!stored) await navigate({ to: '/expectations/promises/$id', params: { id: String(saved.id) } })
    })
  }

  return (
    <Page
      title={stored ? stored.name : 'A new promise'}
      tools={
        <LinkButton to="/expectations/promises" variant="default" size="xs">
          All promises
        </LinkButton>
      }
      sentence={stored?.statement ? <>“{stored.statement}”</> : <>What do you tell customers to expect?</>}
    >
      <div className="rule-editor">
        <Card>
          <form onSubmit={(event) => void save(event)}>
            {form.message ? (
              <Alert color="red" variant="outline" mb="sm" role="alert">
                {form.message}
              </Alert>
            ) : null}
            <TextInput
              label="What it is called"
              placeholder="Delivered by the promised day"
              required
              value={name}
              error={form.wrong('name')}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Textarea
              mt="sm"
              label="As you say it to customers"
              placeholder="Your table arrives by the day we named."
              autosize
              value={statement}
              onChange={(event) => setStatement(event.currentTarget.value)}
            />
            <RuleForm rule={rule} change={setRule} wrong={form.wrong} />
            {stored ? (
              <Radio.Group
                mt="lg"
                label="What was promised before"
                value={holds}
                onChange={(value) => setHolds(value === 'always' ? 'always' : 'now')}
              >
                <Radio
                  mt={8}
                  value="now"
                  label="stays as it was promised: this is what you promise from today"
                />
                <Radio
                  mt={8}
                  value="always"
                  label="is judged by this too: it puts right how the promise was written down"
                />
              </Radio.Group>
            ) : null}
            <Group mt="lg">
              <Button type="submit" loading={form.busy}>
                {stored ? 'Save as the next version' : 'Write it down'}
              </Button>
            </Group>
          </form>
        </Card>
        <div className="stack">
          <RulePreview rule={settled} />
          {stored ? (
            <Card title="Over all that is stored">
              <p className="muted">
                New events are judged as they come. Run it over history to judge what is stored already.
              </p>
              <RunPanel ruleId={stored.id} />
            </Card>
          ) : null}
          <Card title="In plain words">
            <ul>
              {ruleWords(rule).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Card>
          {stored ? <Versions id={stored.id} /> : null}
        </div>
      </div>
    </Page>
  )
}

function Versions({ id }: { id: number }) {
  const versions = useQuery({
    queryKey: ['expectations', 'versions', id],
    queryFn: () => reply(api.api.promises[':id'].versions.$get({ param: { id: String(id) } })),
  })
  const items = versions.data?.items ?? []
  if (items.length < 2) return null
  return (
    <Card title="How it was said before">
      {items.slice(1).map((version) => (
        <details key={version.version}>
          <summary>
            Version {version.version}, <DateText at={version.createdAt} />
            {version.createdBy ? <span className="n"> by {version.createdBy}</span> : null}
          </summary>
          {version.statement ? <q>{version.statement}</q> : null}
          <ul className="muted">
            {ruleWords(version.rule).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      ))}
    </Card>
  )
}

/** The value as it is after a moment of quiet. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 500)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
