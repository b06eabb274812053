import { Button, Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { count, number } from '../lib/words.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { Claim, DateText, Share } from '../parts/words.tsx'
import { promisesQuery, refreshExpectations } from './expectation-data.ts'
import { type Promised, sourceWords } from './expectation-words.ts'
import './expectations.css'
import { RunPanel } from './run-panel.tsx'

/** The catalogue: what the company promises, where it says so, how it is kept, and what could be kept. */
export function PromisesPage() {
  const promises = useQuery(promisesQuery())
  const may = useMay('manager')
  const [retired, setRetired] = useState(false)
  const items = promises.data?.items ?? []
  const active = items.filter(({ rule }) => rule.active)
  const shown = retired ? items : active
  const worst = active
    .filter(({ counts }) => counts.byLastWord.n >= 30)
    .toSorted((a, b) => (a.counts.byLastWord.value ?? 1) - (b.counts.byLastWord.value ?? 1))[0]
  return (
    <Page
      title="What we promise"
      tools={
        <>
          {items.length > active.length ? (
            <Switch
              label="Also what we no longer promise"
              checked={retired}
              onChange={() => setRetired(!retired)}
              size="xs"
            />
          ) : null}
          <LinkButton to="/expectations" variant="default" size="xs">
            How they stand
          </LinkButton>
          {may ? (
            <LinkButton to="/expectations/promises/$id" params={{ id: 'new' }} size="xs">
              Write down a promise
            </LinkButton>
          ) : null}
        </>
      }
      sentence={
        promises.data && active.length > 0 ? (
          <>
            You make <b>{count(active.length, 'promise')}</b> that Troth keeps track of.{' '}
            {worst?.counts.byLastWord.value !== null && worst !== undefined ? (
              <Keepable promised={worst} />
            ) : null}
          </>
        ) : undefined
      }
    >
      {promises.isPending ? <Waiting height={320} /> : null}
      {promises.isError ? <Failure error={promises.error} retry={() => void promises.refetch()} /> : null}
      {promises.data && shown.length === 0 ? (
        <Card>
          <EmptyState
            title="No promise is written down"
            action={
              may ? (
                <LinkButton to="/expectations/promises/$id" params={{ id: 'new' }}>
                  Write down a promise
                </LinkButton>
              ) : undefined
            }
          >
            Write down what you tell customers to expect: a delivery day, a call within the week, a final
            price.
          </EmptyState>
        </Card>
      ) : null}
      <div className="promise-grid">
        {shown.map((promised) => (
          <PromiseCard key={promised.rule.id} promised={promised} may={may} />
        ))}
      </div>
    </Page>
  )
}

function Keepable({ promised }: { promised: Promised }) {
  const { byLastWord, byFirstWord } = promised.counts
  const word = byFirstWord.value === null ? byLastWord : byFirstWord
  const { say } = promised.keepable
  const of100 = (value: number | null) => number((value ?? 0) * 100)
  return (
    <>
      “{promised.rule.name}” is kept <b>{of100(word.value)} times in 100</b> ({of100(word.low)} to{' '}
      {of100(word.high)}).{' '}
      {say && (word.value ?? 1) < 0.9 ? (
        <>
          To keep it 9 times in 10, say <b>{say}</b> ({measured(promised.keepable)}).
        </>
      ) : null}{' '}
      <Claim kind="counted" />
    </>
  )
}

function PromiseCard({ promised, may }: { promised: Promised; may: boolean }) {
  const { rule, counts, sources, keepable, saidWaits } = promised
  const queries = useQueryClient()
  const param = { id: String(rule.id) }
  async function retire(retired: boolean): Promise<void> {
    const { retirement } = api.api.promises[':id']
    await reply(retired ? retirement.$put({ param }) : retirement.$delete({ param }))
    await refreshExpectations(queries)
  }
  return (
    <section className={`card promise-card${rule.active ? '' : ' retired'}`}>
      <h2>
        {rule.name}
        <span className="tools n">
          version {rule.version}
          {rule.retiredAt ? (
            <>
              , no longer promised since <DateText at={rule.retiredAt} />
            </>
          ) : null}
        </span>
      </h2>
      {rule.statement ? <p className="statement">“{rule.statement}”</p> : null}
      <dl>
        <dt>Kept, last word</dt>
        <dd>
          <Share {...counts.byLastWord} of="promises" />
        </dd>
        <dt>Kept, first word</dt>
        <dd>
          <Share {...counts.byFirstWord} of="promises" />
        </dd>
        <dt>Said</dt>
        <dd>
          {sources.length === 0 ? (
            <span className="faint">not yet</span>
          ) : (
            sources
              .filter(({ name }) => name === null)
              .map((source, index) => (
                <span key={source.kind}>
                  {index > 0 ? ', ' : ''}
                  {sourceWords[source.kind]} <span className="n">{number(total(source))}</span>
                </span>
              ))
          )}
        </dd>
        {rule.rule.dimension === 'days' ? (
          <>
            <dt>9 times in 10</dt>
            <dd>
              {keepable.say === null ? (
                <span className="faint">Not enough have come yet to say ({number(keepable.n)} of 30).</span>
              ) : (
                <>
                  <b>say {keepable.say}</b> <span className="n">{measured(keepable)}</span>
                </>
              )}
            </dd>
          </>
        ) : null}
      </dl>
      {saidWaits.length > 1 ? <SaidWaits waits={saidWaits} /> : null}
      {counts.byLastWord.n > 0 ? (
        <p className="n">
          <Link to="/learn/effects" search={{ rule: rule.id } as never}>
            What goes along with breaking it, and with telling customers beforehand
          </Link>
        </p>
      ) : null}
      {may ? (
        <div className="page-bar">
          <LinkButton to="/expectations/promises/$id" params={param} variant="default" size="xs">
            Read and change it
          </LinkButton>
          {rule.active ? (
            <Button
              variant="subtle"
              size="xs"
              onClick={() =>
                void retire(true).then(
                  () => toast(`“${rule.name}” is no longer promised.`, () => retire(false)),
                  toastFailure,
                )
              }
            >
              We no longer promise this
            </Button>
          ) : (
            <Button variant="subtle" size="xs" onClick={() => void retire(false).catch(toastFailure)}>
              Promise it again
            </Button>
          )}
        </div>
      ) : null}
      {may && rule.active ? <RunPanel ruleId={rule.id} quiet /> : null}
    </section>
  )
}

function SaidWaits({ waits }: { waits: Promised['saidWaits'] }) {
  return (
    <details>
      <summary className="n">By how long you say</summary>
      <table className="data">
        <thead>
          <tr>
            <th scope="col">You say</th>
            <th scope="col">Kept, first word</th>
            <th scope="col">9 times in 10</th>
          </tr>
        </thead>
        <tbody>
          {waits.map((wait) => (
            <tr key={wait.weeks}>
              <td>{wait.weeks === 0 ? 'within days' : `about ${count(wait.weeks, 'week')}`}</td>
              <td>
                <Share {...wait.byFirstWord} of="promises" />
              </td>
              <td>{wait.keepable.say ?? <span className="faint">not enough yet</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

function total(counts: Promised['counts']): number {
  return counts.kept + counts.exceeded + counts.broken + counts.open + counts.withdrawn
}

/** The days, unless they are what to say; the interval, whose upper end may lie beyond what was seen; how many came. */
function measured({ value, say, low, high, n }: Promised['keepable']): string {
  const days = `${number(value ?? 0)} days`
  return [
    ...(days === say ? [] : [days]),
    ...(low === null ? [] : [high === null ? `${number(low)} or more` : `${number(low)} to ${number(high)}`]),
    `n ${number(n)}`,
  ].join(', ')
}
