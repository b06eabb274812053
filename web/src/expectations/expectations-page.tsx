import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { z } from 'zod'
import type { summarySchema } from '../../../src/expectations/wire.ts'
import { segmentsQuery } from '../journey/api.ts'
import { periods } from '../journey/scope.ts'
import { count, number } from '../lib/words.ts'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { ByGapCard, useEffects, WhenAnsweredCard } from './effects-cards.tsx'
import { promisesQuery, summaryQuery } from './expectation-data.ts'
import { type ExpectationSearch, scopeOf } from './search.ts'
import './expectations.css'
import { GapCard } from './gap-card.tsx'
import { MendList } from './mend-list.tsx'
import { MisfitsCard } from './misfits-card.tsx'
import { ByPromise, BySource } from './standing-tables.tsx'

/** How the promises stand, what goes along with breaking them, and who is waiting for amends. */
export function ExpectationsPage() {
  const search = useSearch({ from: '/shell/expectations' })
  const navigate = useNavigate({ from: '/expectations' })
  const scope = scopeOf(search)
  const summary = useQuery(summaryQuery(scope))
  const rules = (summary.data?.rules ?? []).flatMap(({ ruleId, ...each }) =>
    ruleId === null ? [] : [{ ...each, ruleId }],
  )
  const busiest = rules.toSorted((a, b) => b.byLastWord.n - a.byLastWord.n)[0]
  const rule = rules.find(({ ruleId }) => ruleId === search.rule) ?? busiest
  const change = (next: ExpectationSearch) => void navigate({ search: next, replace: true })

  return (
    <Page
      title="Expectations"
      tools={
        <>
          <ScopePickers search={search} change={change} />
          <LinkButton to="/expectations/promises" variant="default" size="xs">
            What we promise
          </LinkButton>
        </>
      }
      sentence={summary.data && rule ? <Standing summary={summary.data} /> : undefined}
    >
      {summary.isPending ? <Waiting height={320} /> : null}
      {summary.isError ? <Failure error={summary.error} retry={() => void summary.refetch()} /> : null}
      {summary.data && !rule ? (
        <Nothing filtered={Boolean(search.period || search.segment)} clear={() => change({})} />
      ) : null}
      {summary.data && rule ? (
        <div className="stack">
          <MendList scope={scope} />
          <ByPromise
            summary={summary.data}
            chosen={rule.ruleId}
            choose={(ruleId) => change({ ...search, rule: ruleId })}
          />
          {rules.length > 1 ? (
            <NativeSelect
              className="rule-picker"
              label="The pictures below are about"
              value={String(rule.ruleId)}
              onChange={(event) => change({ ...search, rule: Number(event.currentTarget.value) })}
              data={rules.map(({ ruleId, name }) => ({ value: String(ruleId), label: name }))}
            />
          ) : null}
          <Pictures scope={scope} rule={rule.ruleId} />
          <BySource summary={summary.data} />
          <MisfitsCard scope={scope} />
        </div>
      ) : null}
    </Page>
  )
}

/** One promise in pictures: how far off, and what goes along with it. */
function Pictures({ scope, rule }: { scope: ReturnType<typeof scopeOf>; rule: number }) {
  const effects = useEffects(scope, rule)
  return (
    <>
      <div className="expectation-pictures">
        <GapCard scope={scope} rule={rule} />
        <ByGapCard found={effects} />
      </div>
      <WhenAnsweredCard found={effects} />
    </>
  )
}

function ScopePickers({
  search,
  change,
}: {
  search: ExpectationSearch
  change: (next: ExpectationSearch) => void
}) {
  const segments = useQuery(segmentsQuery).data?.items ?? []
  const { period: _, segment: __, ...rest } = search
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="Customers"
        value={String(search.segment ?? '')}
        onChange={(event) => {
          const segment = Number(event.currentTarget.value)
          change({
            ...rest,
            ...(search.period ? { period: search.period } : {}),
            ...(segment ? { segment } : {}),
          })
        }}
        data={[
          { value: '', label: 'All customers' },
          ...segments.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label="When they fell due"
        value={search.period ?? 'all'}
        onChange={(event) => {
          const period = event.currentTarget.value as keyof typeof periods
          change({
            ...rest,
            ...(search.segment ? { segment: search.segment } : {}),
            ...(period === 'all' || period === 'custom' ? {} : { period }),
          })
        }}
        data={Object.entries(periods)
          .filter(([value]) => value !== 'custom')
          .map(([value, label]) => ({
            value,
            label: value === 'all' ? label : `Due in the ${label.toLowerCase()}`,
          }))}
      />
    </>
  )
}

type Summary = z.infer<typeof summarySchema>

/** What is true right now, with its numbers. */
function Standing({ summary: { all } }: { summary: Summary }) {
  const { byLastWord: last, byFirstWord: first, unmended, overdue, open } = all
  if (last.value === null)
    return (
      <>
        <b>{count(open, 'promise')}</b> {open === 1 ? 'is' : 'are'} open; none has been decided yet.
      </>
    )
  const of100 = (share: number) => number(share * 100)
  return (
    <>
      You keep your word <b>{of100(last.value)} times in 100</b> ({of100(last.low)} to {of100(last.high)},{' '}
      {count(last.n, 'promise')})
      {first.value !== null && first.value < last.value - 0.005 ? (
        <>; the first word you gave, {of100(first.value)} times</>
      ) : null}
      .{' '}
      {unmended > 0 ? (
        <>
          <b className="bad">{count(unmended, 'broken one')}</b> {unmended === 1 ? 'has' : 'have'} not been
          made good
          {overdue > 0
            ? `, and ${number(overdue)} of them ${overdue === 1 ? 'is' : 'are'} still awaited`
            : ''}
          .
        </>
      ) : (
        <>Nothing that broke is left to make good.</>
      )}{' '}
      <Claim kind="counted" />
    </>
  )
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const promises = useQuery(promisesQuery())
  if (filtered)
    return (
      <Card>
        <EmptyState
          title="No promise fell due here"
          action={<Button onClick={clear}>Show all of them</Button>}
        >
          Nothing that was promised to these customers fell due in this time.
        </EmptyState>
      </Card>
    )
  const names = (promises.data?.items ?? []).map(({ rule }) => rule.name)
  return (
    <Card>
      <EmptyState
        title="Nothing was promised yet"
        action={<LinkButton to="/expectations/promises">See what you promise</LinkButton>}
      >
        {names.length > 0
          ? `Troth watches for “${names[0]}”. As soon as an event makes that promise, it is kept track of here. If you promise something else, write it down.`
          : 'Write down what you tell customers to expect, and Troth keeps track of it.'}
      </EmptyState>
    </Card>
  )
}
