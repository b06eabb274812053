import { list } from '../../../src/lib/phrases.ts'
import { said } from '../lib/api.ts'
import { useWorkspace } from '../lib/session.ts'
import { count, dateText, money } from '../lib/words.ts'
import { Waiting } from '../parts/page.tsx'
import { Quote } from '../parts/words.tsx'
import { countWords, type Preview } from './words.ts'

/** What the first rows become, each row as a card. */
export function Becomes(props: { preview: Preview | undefined; error: unknown; waiting: boolean }) {
  const { preview, error, waiting } = props
  if (error)
    return (
      <div className="notice" role="status">
        <b>Not yet</b>
        <div className="import-error">{said(error)}</div>
      </div>
    )
  if (!preview) return waiting ? <Waiting height={220} /> : null
  const made = Object.entries(preview.made).filter(([, n]) => n > 0)
  return (
    <div aria-live="polite">
      <p style={{ marginTop: 0 }}>
        The first {preview.looked === 1 ? 'row' : count(preview.looked, 'row')} would become{' '}
        {made.length === 0
          ? 'nothing at all'
          : list(made.map(([kind, n]) => count(n, ...(countWords[kind] ?? ([kind, kind] as const)))))}
        .
      </p>
      {preview.rejected.length > 0 ? (
        <div className="notice">
          <b>Rows that could not be taken</b>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {preview.rejected.map(({ reason, rows, line }) => (
              <li key={reason}>
                {reason}{' '}
                <span className="n">
                  {rows === 1 ? `line ${line}` : `${rows} rows, the first on line ${line}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="becomes">
        {preview.cards.map((card) => (
          <RowCard key={`${card.file}:${card.line}`} card={card} />
        ))}
      </div>
      {preview.unplaced.length > 0 ? (
        <p className="n">
          Not on your map yet: {preview.unplaced.join(', ')}. They are kept, and you can place them
          afterwards.
        </p>
      ) : null}
    </div>
  )
}

function RowCard({ card }: { card: Preview['cards'][number] }) {
  const { timeZone } = useWorkspace()
  const { customer, voice } = card
  return (
    <article>
      <h3>
        {customer
          ? (customer.name ?? customer.known[0] ?? 'Whoever the order belongs to')
          : voice
            ? (voice.author ?? 'Somebody')
            : 'Nobody'}
      </h3>
      <p className="n" style={{ margin: 0 }}>
        {card.line > 0 ? `line ${card.line}` : card.file}
        {customer?.name ? ` · ${customer.known.join(', ')}` : ''}
      </p>
      {customer && customer.traits.length > 0 ? (
        <p className="n" style={{ margin: '4px 0 0' }}>
          {customer.traits
            .slice(0, 5)
            .map(([name, value]) => `${name}: ${value}`)
            .join(' · ')}
        </p>
      ) : null}
      <ul>
        {card.interactions.map((each) => (
          <li key={`${each.event} ${each.at}`}>
            <b>{each.event}</b> <span className="n">{dateText(new Date(each.at), timeZone, 'date')}</span>
            {each.touchpoint ? <span className="n"> · {each.touchpoint}</span> : null}
            {each.rating ? <div>rated {each.rating}</div> : null}
            {each.words ? (
              <div>
                <Quote>{each.words}</Quote>
              </div>
            ) : null}
            {each.properties.length > 0 ? (
              <div className="n">
                {each.properties
                  .slice(0, 5)
                  .map(([name, value]) => `${name}: ${value.slice(0, 60)}`)
                  .join(' · ')}
              </div>
            ) : null}
          </li>
        ))}
        {card.purchases.map((each) => (
          <li key={each.key} className="bought">
            {each.kind} <b>{each.key}</b>
            {each.value !== null && each.currency ? ` · ${money(each.value, each.currency)}` : ''}
            {each.state ? <span className="n"> · {each.state}</span> : null}
          </li>
        ))}
        {card.promises.map((each) => (
          <li key={each.statement} className="promise">
            promise: {each.statement} <span className="n">{each.due}</span>
          </li>
        ))}
        {voice ? (
          <li>
            <Quote>{voice.words}</Quote> <span className="n">{voice.source}</span>
            {voice.rating ? <div>rated {voice.rating}</div> : null}
          </li>
        ) : null}
        {[...new Set(card.rejected)].map((reason) => (
          <li key={reason} className="refused">
            ▼ not taken: {reason}
          </li>
        ))}
      </ul>
    </article>
  )
}
