import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWorkspace } from '../lib/session.ts'
import { count, dateText, number, percent } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { balanceQuery, careQuery, silenceQuery } from './api.ts'
import { LevelWords, type Open, Opens, PartWords } from './map-table.tsx'
import type { JourneySearch } from './scope.ts'

/** The after-sale part against the before-sale part, in words and in bars. */
export function BalanceCard({ search, open }: { search: JourneySearch; open: Open }) {
  const found = useQuery(balanceQuery(search))
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting height={260} />
  const { touches, asking, money, experience, kept, firstExperience, lastExperience, levelWords, channels } =
    found.data
  return (
    <Card title="Balance before and after the sale" tools={<Claim kind="counted" />}>
      <Weighed
        what="Our touches"
        {...touches}
        open={(side) => open(`What we did ${side} the sale`, { figure: 'touches', side })}
        n={touches.before + touches.after}
      />
      <Weighed
        what="Asking"
        {...asking}
        open={(side) => open(`Questions we asked ${side} the sale`, { figure: 'asking', side })}
        n={asking.before + asking.after}
      />
      {money ? (
        <Weighed what="Money" {...money} />
      ) : (
        <div className="weighed">
          <span className="muted">Money</span>
          <span className="weighed-words">
            No budget is entered. <Link to="/journey/edit">Enter what you spend</Link>
          </span>
        </div>
      )}
      <div className="weighed">
        <span className="muted">Experience</span>
        <span className="weighed-pair">
          <span>
            <span className="side-name before">before</span>{' '}
            <LevelWords level={experience.before} evidence="said" />
          </span>
          <span>
            <span className="side-name after">after</span>{' '}
            <LevelWords level={experience.after} evidence="said" />
          </span>
        </span>
        <span className="weighed-words">{experience.words}</span>
      </div>
      <div className="weighed">
        <span className="muted">Promises kept</span>
        <span className="weighed-pair">
          <span>
            <span className="side-name before">before</span> <PartWords part={kept.before} />
          </span>
          <span>
            <span className="side-name after">after</span> <PartWords part={kept.after} />
          </span>
        </span>
        <span className="weighed-words">{kept.words}</span>
      </div>
      <div className="weighed">
        <span className="muted">First and last</span>
        <span className="weighed-pair">
          <span>
            <span className="n">said first</span> <LevelWords level={firstExperience} evidence="said" />
          </span>
          <span>
            <span className="n">said last</span> <LevelWords level={lastExperience} evidence="said" />
          </span>
        </span>
        <span className="weighed-words">{levelWords}</span>
      </div>
      <p className="n">
        “Before” is until a customer’s first purchase.{' '}
        {channels.length > 0
          ? `After it, we see you through ${channels.map((channel) => `${channel.name} (${number(channel.touches)})`).join(', ')}.`
          : 'After it, nothing that you do is recorded.'}
      </p>
    </Card>
  )
}

function Weighed(props: {
  what: string
  before: number
  after: number
  words: string
  n?: number
  open?: (side: 'before' | 'after') => void
}) {
  const { what, before, after, words, n, open } = props
  const all = before + after
  return (
    <div className="weighed">
      <span className="muted">{what}</span>
      <span className="weighed-bar" aria-hidden="true">
        {all > 0 ? (
          <>
            <i className="before" style={{ width: `${(100 * before) / all}%` }} />
            <i className="after" style={{ width: `${(100 * after) / all}%` }} />
          </>
        ) : null}
      </span>
      <span className="weighed-words">
        {words} {n ? <span className="n">n {number(n)}</span> : null}
        {open && all > 0 ? (
          <span className="n">
            {' '}
            <Opens act={() => open('before')}>see before</Opens>
            {' · '}
            <Opens act={() => open('after')}>see after</Opens>
          </span>
        ) : null}
      </span>
    </div>
  )
}

/** Buyers whom nobody cared for, and what every buyer should get. */
export function SilenceCard({ search, open }: { search: JourneySearch; open: Open }) {
  const found = useQuery(silenceQuery(search))
  const { timeZone } = useWorkspace()
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting height={180} />
  const { spans, words, asOf, visible } = found.data
  const now = `up to ${dateText(new Date(asOf), timeZone)}`
  return (
    <Card title="Silence after the sale" tools={<Claim kind="counted" />}>
      {visible ? (
        <div className="table-wrap">
          <table className="data restack unsorted wrapped">
            <caption className="hidden-visually">Buyers without a caring touch</caption>
            <thead>
              <tr>
                <th scope="col">Nothing caring from you</th>
                <th scope="col" className="end">
                  after their purchase
                </th>
                <th scope="col" className="end">
                  {now}
                </th>
              </tr>
            </thead>
            <tbody>
              {spans.map((span) => (
                <tr key={span.days}>
                  <td>for {span.days} days</td>
                  <td className="end" data-label="after their purchase">
                    <Opens
                      act={() =>
                        open(`No caring touch in the ${span.days} days after buying`, {
                          figure: 'silent-since-sale',
                          days: String(span.days),
                        })
                      }
                    >
                      <PartWords part={span.sinceSale} />
                    </Opens>
                  </td>
                  <td className="end" data-label={now}>
                    <Opens
                      act={() =>
                        open(`No caring touch for ${span.days} days now`, {
                          figure: 'silent-now',
                          days: String(span.days),
                        })
                      }
                    >
                      <PartWords part={span.now} />
                    </Opens>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <p className={visible ? 'n' : 'muted'}>{words}</p>
      {visible ? (
        <p className="n">Invoices, offers and newsletters to everyone don’t count as caring.</p>
      ) : null}
    </Card>
  )
}

export function CareCard({ search, open }: { search: JourneySearch; open: Open }) {
  const found = useQuery(careQuery(search))
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting height={180} />
  const { standards } = found.data
  return (
    <Card title="What every buyer should get" tools={<Claim kind="counted" />}>
      {standards.length === 0 ? (
        <p className="muted">
          Nothing is set yet. Name the few things that every buyer should get, like a call within a week.{' '}
          <Link to="/journey/edit">Set the first one</Link>
        </p>
      ) : (
        <ul className="standards">
          {standards.map((standard) => {
            const due = standard.got + standard.late + standard.missed
            const see = (outcome: 'got' | 'late' | 'missed' | 'due', title: string) => () =>
              open(`${standard.name}: ${title}`, { figure: 'care', standard: String(standard.id), outcome })
            return (
              <li key={standard.id}>
                <div className="behind-line">
                  <b className="wrap-anywhere">{standard.name}</b>
                  <span className="num">
                    {standard.share.value === null
                      ? due === 0
                        ? 'not due yet'
                        : `${standard.got} of ${due}`
                      : percent(standard.share.value)}
                  </span>
                </div>
                <span className="weighed-bar slim" aria-hidden="true">
                  <i className="got" style={{ width: `${(100 * standard.got) / Math.max(1, due)}%` }} />
                </span>
                <span className="n">
                  <Opens act={see('got', 'got it in time')}>{number(standard.got)} in time</Opens>,{' '}
                  <Opens act={see('late', 'got it late')}>{number(standard.late)} late</Opens>,{' '}
                  <Opens act={see('missed', 'did not get it')}>{number(standard.missed)} not at all</Opens>,{' '}
                  <Opens act={see('due', 'not due yet')}>{number(standard.notDueYet)} not due yet</Opens>
                  {standard.share.value === null ? null : (
                    <>
                      {' '}
                      · 95 % interval {percent(standard.share.low ?? 0)} to{' '}
                      {percent(standard.share.high ?? 1)},{' '}
                      {standard.countsFrom === null
                        ? count(due, 'purchase')
                        : `${number(due)} times “${standard.countsFrom}”`}
                    </>
                  )}
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </Card>
  )
}
