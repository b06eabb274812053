import { Button, NumberInput, Select, Switch } from '@mantine/core'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import type { ValidationRules } from '../../../src/validation/schema.ts'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { count } from '../lib/words.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card, Failure, Page, Waiting } from '../parts/page.tsx'
import './validation.css'

const rulesQuery = queryOptions({
  queryKey: ['validation', 'rules'],
  queryFn: () => reply(api.api.validation.rules.$get()),
  // While everybody is worked out anew, how far it has come.
  refetchInterval: ({ state }) => (state.data?.run && !state.data.run.finishedAt ? 1_000 : false),
})

const stateWords = {
  courting: 'Not a customer yet',
  lost: 'Lost',
  doubting: 'Doubting the choice',
  advocate: 'Brings others',
  validated: 'Choice confirmed',
  unproven: 'Bought, not yet confirmed',
} as const

const good = [
  { value: '25', label: '3.5 of 5' },
  { value: '50', label: '4 of 5' },
  { value: '75', label: '4.5 of 5' },
  { value: '100', label: '5 of 5' },
]
const bad = [
  { value: '-25', label: '2.5 of 5' },
  { value: '-50', label: '2 of 5' },
  { value: '-75', label: '1.5 of 5' },
  { value: '-100', label: '1 of 5' },
]

/** When a choice counts as confirmed, in doubt or lost: the rules in words, and their numbers to change. */
export function ValidationPage() {
  const query = useQuery(rulesQuery)
  const queries = useQueryClient()
  const may = useMay('manager')
  const [draft, setDraft] = useState<ValidationRules>()
  const [sentences, setSentences] = useState(query.data?.sentences)
  const [busy, setBusy] = useState(false)
  const saved = query.data
  const rules = draft ?? saved?.rules

  useEffect(() => {
    if (!draft) return setSentences(saved?.sentences)
    const soon = setTimeout(() => {
      reply(api.api.validation.sentences.$post({ json: draft })).then(
        (answer) => setSentences(answer.sentences),
        () => {},
      )
    }, 150)
    return () => clearTimeout(soon)
  }, [draft, saved])

  if (query.error && !saved)
    return (
      <Page title="Is the choice confirmed?">
        <Failure error={query.error} retry={() => void query.refetch()} />
      </Page>
    )
  if (!rules || !saved)
    return (
      <Page title="Is the choice confirmed?">
        <Waiting height={420} />
      </Page>
    )

  const change = (some: Partial<ValidationRules>) => setDraft({ ...rules, ...some })
  async function save() {
    if (!draft) return
    setBusy(true)
    try {
      queries.setQueryData(rulesQuery.queryKey, await reply(api.api.validation.rules.$put({ json: draft })))
      setDraft(undefined)
      toast('Saved. Everybody is looked at anew.')
    } catch (error) {
      toastFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const number = (key: NumberKey, label: string, most: number, least = 0) => (
    <NumberInput
      size="xs"
      w={76}
      aria-label={label}
      disabled={!may}
      min={least}
      max={most}
      clampBehavior="strict"
      allowDecimal={false}
      value={rules[key]}
      onChange={(value) => {
        if (typeof value === 'number') change({ [key]: value })
      }}
    />
  )
  const choice = (key: 'good' | 'bad', label: string, data: { value: string; label: string }[]) => (
    <Select
      size="xs"
      w={100}
      aria-label={label}
      disabled={!may}
      allowDeselect={false}
      value={String(rules[key])}
      data={
        data.some((each) => each.value === String(rules[key]))
          ? data
          : [...data, { value: String(rules[key]), label: `${rules[key] / 50 + 3} of 5` }]
      }
      onChange={(value) => value && change({ [key]: Number(value) })}
    />
  )
  const toggle = (key: 'impressions' | 'complaints' | 'returns', label: string) => (
    <Switch
      disabled={!may}
      label={label}
      checked={rules[key]}
      onChange={(event) => change({ [key]: event.currentTarget.checked })}
    />
  )

  return (
    <Page
      title="Is the choice confirmed?"
      sentence="A sale proves our effort; what happens after it proves the customer’s choice. These rules say, for each customer, which it is, and the customer’s page shows the facts."
    >
      <div className="validation-grid">
        <div className="stack">
          <Card title="Confirmed by">
            <Line>an answer of {choice('good', 'A good answer is', good)} or better</Line>
            <Line>
              {number('keptPromises', 'Kept promises that confirm', 50)} kept promises without a word
            </Line>
            <Line>buying again, renewing, or bringing somebody</Line>
            <Line>
              and it wears off after {number('confirmedForDays', 'Days a confirmation lasts', 3650)} days
            </Line>
          </Card>
          <Card title="In doubt after">
            <Line>an answer of {choice('bad', 'A bad answer is', bad)} or worse</Line>
            <Line>
              {number('brokenPromises', 'Broken promises that raise a doubt', 50)} broken promises that nobody
              made good
            </Line>
            <Line>
              {number('helpContacts', 'Calls for help that raise a doubt', 50)} calls for help within{' '}
              {number('helpWithinDays', 'Days in which calls for help are counted', 365, 1)} days
            </Line>
            {toggle('complaints', 'a complaint')}
            {toggle('returns', 'a return or a refund')}
            {toggle(
              'impressions',
              'a conversation that we think went badly (and one that went well confirms)',
            )}
          </Card>
          <Card title="Lost when">
            <Line>
              a doubt has stood for {number('lostAfterDays', 'Days until a doubt is a loss', 3650)} days
            </Line>
            <Line>
              a renewal has not come {number('renewalGraceDays', 'Days of grace for a renewal', 365)} days
              after its date
            </Line>
            <Line>everything bought was cancelled or paid back</Line>
          </Card>
          <Card title="Brings others when confirmed and">
            <Line>{number('referrals', 'Customers brought', 50)} customers came through them, or</Line>
            <Line>
              {number('returnSales', 'Times bought again', 50)} times bought again with a good last answer
            </Line>
          </Card>
          <p className="n">0 switches a rule off.</p>
        </div>
        <div className="stack validation-side">
          <Card title="So it reads, tried from the top">
            <dl className="rules-read">
              {(sentences ?? saved.sentences).map(({ state, sentence }) => (
                <div key={state}>
                  <dt>{stateWords[state]}</dt>
                  <dd>{sentence}</dd>
                </div>
              ))}
            </dl>
            {may ? (
              <div className="page-bar">
                <Button disabled={!draft} loading={busy} onClick={() => void save()}>
                  Save and look at everybody anew
                </Button>
                {draft ? (
                  <Button variant="default" onClick={() => setDraft(undefined)}>
                    Keep as it was
                  </Button>
                ) : null}
              </div>
            ) : (
              <p className="n">Managers and owners can change these.</p>
            )}
          </Card>
          {saved.run ? (
            <Card title="The last time everybody was looked at anew">
              {saved.run.finishedAt ? (
                <p className="n">
                  {count(saved.run.done, 'customer')}, of whom {saved.run.changed} now stand differently.
                </p>
              ) : (
                <>
                  <progress
                    aria-label="Customers looked at"
                    value={saved.run.done}
                    max={Math.max(1, saved.run.total)}
                  />
                  <p className="n" role="status">
                    {saved.run.done} of {count(saved.run.total, 'customer')}
                  </p>
                </>
              )}
            </Card>
          ) : null}
        </div>
      </div>
    </Page>
  )
}

type NumberKey = {
  [Key in keyof ValidationRules]: ValidationRules[Key] extends number ? Key : never
}[keyof ValidationRules]

function Line({ children }: { children: ReactNode }) {
  return <div className="threshold">{children}</div>
}
