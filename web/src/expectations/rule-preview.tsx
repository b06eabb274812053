import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { Rule } from '../../../src/expectations/schema.ts'
import type { previewSchema } from '../../../src/expectations/wire.ts'
import { api, reply } from '../lib/api.ts'
import { count, number } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { DateText, Share } from '../parts/words.tsx'
import { gapWords, standing } from './expectation-words.ts'

/** What the rule as it stands in the form would say about the past. Nothing is written. */
export function RulePreview({ rule }: { rule: Rule }) {
  const preview = useQuery({
    queryKey: ['expectations', 'preview', rule],
    queryFn: () => reply(api.api.promises.preview.$post({ json: { rule } })),
    placeholderData: (before) => before,
    retry: false,
  })
  return (
    <Card title="What it would have said">
      {preview.isPending ? <Waiting height={140} /> : null}
      {preview.isError ? <Failure error={preview.error} /> : null}
      {preview.data ? <Said preview={preview.data} rule={rule} /> : null}
    </Card>
  )
}

function Said({ preview, rule }: { preview: z.infer<typeof previewSchema>; rule: Rule }) {
  const { states, kept } = preview
  const unseen = preview.events.filter(({ seen }) => seen === 0)
  if (preview.openings === 0)
    return (
      <p className="muted">
        “{rule.opened.event ?? 'That'}” has not happened yet, so nothing has made this promise. Check how the
        event is spelt, or send it.
      </p>
    )
  return (
    <>
      <p className="card-lead">
        {count(preview.openings, 'time')} this promise was made. For the latest{' '}
        {count(preview.customers, 'customer')}: <Share {...kept} /> kept.
      </p>
      <p>
        <span className="good">▲ {number(states.kept + states.exceeded)} kept</span>
        {states.exceeded > 0 ? ` (${number(states.exceeded)} better than said)` : ''},{' '}
        <span className="bad">▼ {number(states.broken)} broken</span>
        {preview.overdue > 0 ? ` (${number(preview.overdue)} of them still awaited)` : ''},{' '}
        {number(states.open)} open, {number(states.withdrawn)} no longer needed.
      </p>
      {preview.unreadable > 0 ? (
        <p className="bad">
          ▼ {count(preview.unreadable, 'event')} made no promise that can be read: nothing says by when.
        </p>
      ) : null}
      {unseen.map(({ role, event }) => (
        <p key={role} className="n">
          “{event}” ({role}) has never happened yet.
        </p>
      ))}
      <table className="data">
        <caption className="hidden-visually">Examples</caption>
        <tbody>
          {preview.examples.map((each) => {
            const { word, tone, shape } = standing(each)
            return (
              <tr key={`${each.customerId} ${each.openedAt}`}>
                <td>
                  <Link to="/customers/$id" params={{ id: String(each.customerId) }}>
                    {each.customer}
                  </Link>
                </td>
                <td className="n">
                  said <DateText at={each.openedAt} />
                </td>
                <td className={tone === 'level' ? 'muted' : tone}>
                  <span aria-hidden="true">{shape} </span>
                  {word}
                </td>
                <td className="n">
                  {gapWords(each.gap, {
                    dimension: rule.dimension,
                    currency: null,
                    precision: rule.precision ?? 'day',
                  })}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </>
  )
}
