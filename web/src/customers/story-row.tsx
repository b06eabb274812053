import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useWorkspace } from '../lib/session.ts'
import { dateText, money } from '../lib/words.ts'
import { DateText } from '../parts/words.tsx'
import type { TimelineItem } from './customer-data.ts'
import { LoggedActions } from './logged-actions.tsx'
import { type StoryLine, titleOf } from './story-runs.ts'
import { details, promiseWords, stars, toneOf, toneShapes } from './story-words.ts'

/** Words longer than this are folded. */
const foldAfter = 420

export function StoryRow({ line, customer }: { line: StoryLine; customer: number }) {
  if (line.kind === 'sale') return <SaleMark item={line.item} first={line.first} />
  if (line.kind === 'run') return <Run items={line.items} customer={customer} />
  return <One item={line.item} customer={customer} />
}

/** The ink line of the sale through the story. */
function SaleMark({ item, first }: { item: TimelineItem; first: boolean }) {
  const { timeZone } = useWorkspace()
  const what = first ? 'the sale' : item.name === 'Contract Renewed' ? 'renewed' : 'bought again'
  const { purchase } = item
  const parts = [
    dateText(new Date(item.at), timeZone, 'day'),
    what,
    ...(purchase?.name ? [purchase.name] : []),
    ...(purchase?.valueMinor != null && purchase.currency
      ? [money(purchase.valueMinor, purchase.currency)]
      : []),
  ]
  return (
    <div className={first ? 'story-sale' : 'story-sale again'}>
      <span className="pill">{parts.join(' · ')}</span>
      {item.person ? <Whose item={item} /> : null}
    </div>
  )
}

function Run({ items, customer }: { items: TimelineItem[]; customer: number }) {
  const [open, setOpen] = useState(false)
  const [newest, oldest] = [items[0], items.at(-1)]
  if (!newest || !oldest) return null
  return (
    <>
      <Frame item={newest}>
        <span className="quiet">{titleOf(newest)}</span>
        <Meta parts={[`${items.length} times`, sinceText(oldest.at, newest.at)]} />{' '}
        <button type="button" className="story-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Fold' : 'Show all'}
        </button>
        {newest.person ? <Whose item={newest} /> : null}
      </Frame>
      {open ? items.map((item) => <One key={item.id} item={item} customer={customer} />) : null}
    </>
  )

  function sinceText(from: string, to: string): ReactNode {
    return from.slice(0, 10) === to.slice(0, 10) ? null : (
      <>
        since <DateText at={from} as="day" />
      </>
    )
  }
}

function One({ item, customer }: { item: TimelineItem; customer: number }) {
  const { timeZone } = useWorkspace()
  const promise = item.judgement ? promiseWords(item, timeZone) : undefined
  const quiet = !item.judgement && item.words === null && item.experience === null && !item.hidden
  const ours = item.evidence === 'impression' || item.source === 'member'
  const [open, setOpen] = useState(false)
  return (
    <Frame
      item={item}
      tools={item.hidden ? null : <DetailsButton item={item} open={open} toggle={() => setOpen(!open)} />}
    >
      {promise ? (
        <>
          <b>
            {judgedShape(item.name)} {promise.title}
          </b>{' '}
          · {promise.text}
        </>
      ) : (
        <>
          {quiet ? <span className="quiet">{titleOf(item)}</span> : <b>{titleOf(item)}</b>}
          <Meta parts={[pageOf(item), item.channel, item.member?.name ? `with ${item.member.name}` : null]} />
          <Rated item={item} />
        </>
      )}
      {item.person ? <Whose item={item} /> : null}
      {item.words ? <Words text={item.words} ours={ours} /> : null}
      {item.hidden ? (
        <p className="story-words faint">What was written here is for {item.restrictedTo}s only.</p>
      ) : null}
      {item.restrictedTo && !item.hidden ? (
        <p className="n">Only {item.restrictedTo}s and higher can read this.</p>
      ) : null}
      {open ? <Details item={item} /> : null}
      {item.source === 'member' ? <LoggedActions item={item} customer={customer} /> : null}
    </Frame>
  )
}

function Frame({ item, tools, children }: { item: TimelineItem; tools?: ReactNode; children: ReactNode }) {
  const tone = item.judgement ? judgedTone(item.name) : toneOf(item.experience)
  const side = item.touchpoint?.side ?? 'unplaced'
  return (
    <div className={`story-row ${side}`}>
      <span className="when n">
        <DateText at={item.at} as="day" />
      </span>
      <span className="rail" aria-hidden="true">
        <i className={`dot ${tone} ${item.evidence ?? 'none'}`} />
      </span>
      <div className="what">
        <span className="aside n">
          {tools}
          {item.touchpoint ? <span>{item.touchpoint.stage}</span> : null}
        </span>
        {children}
      </div>
    </div>
  )
}

function Meta({ parts }: { parts: ReactNode[] }) {
  return parts
    .filter((part) => part !== null && part !== '' && part !== undefined)
    .map((part, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one line never change places
      <span key={i} className="meta">
        {' · '}
        {part}
      </span>
    ))
}

function Rated({ item }: { item: TimelineItem }) {
  if (item.experience === null) return null
  const tone = toneOf(item.experience)
  const text =
    item.evidence === 'said'
      ? `rated ${stars(item.experience)}`
      : item.evidence === 'impression'
        ? `${{ good: 'went well', bad: 'went badly', level: 'went so-so', none: '' }[tone]}: our impression`
        : { good: 'good, we infer', bad: 'bad, we infer', level: '', none: '' }[tone]
  if (!text) return null
  return (
    <span className="meta">
      {' · '}
      <span className={tone}>
        {toneShapes[tone]} {text}
      </span>
    </span>
  )
}

function Words({ text, ours }: { text: string; ours: boolean }) {
  const [open, setOpen] = useState(false)
  const long = text.length > foldAfter
  const shown = long && !open ? `${text.slice(0, foldAfter).replace(/\s+\S*$/, '')} …` : text
  return (
    <p className={ours ? 'story-words ours' : 'story-words'}>
      {ours ? shown : <q>{shown}</q>}
      {long ? (
        <>
          {' '}
          <button type="button" className="story-more" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Fold' : 'Read on'}
          </button>
        </>
      ) : null}
    </p>
  )
}

function DetailsButton({ item, open, toggle }: { item: TimelineItem; open: boolean; toggle: () => void }) {
  const { timeZone } = useWorkspace()
  return (
    <button
      type="button"
      className="story-details"
      aria-expanded={open}
      aria-label={`${open ? 'Fold details' : 'Details'} of ${titleOf(item)}, ${dateText(new Date(item.at), timeZone, 'day')}`}
      onClick={toggle}
    >
      {open ? 'Fold' : 'Details'}
    </button>
  )
}

function Details({ item }: { item: TimelineItem }) {
  const { timeZone } = useWorkspace()
  return (
    <dl className="story-properties">
      <dt>when</dt>
      <dd>{dateText(new Date(item.at), timeZone, 'time')}</dd>
      <dt>event</dt>
      <dd>{item.name}</dd>
      {item.purchase ? (
        <>
          <dt>{item.purchase.kind}</dt>
          <dd>{item.purchase.name ?? item.purchase.key}</dd>
        </>
      ) : null}
      {details(item).map(([name, value]) => (
        <div key={name} className="property">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Whose({ item }: { item: TimelineItem }) {
  if (!item.person) return null
  return (
    <span className="meta">
      {' · '}
      <Link to="/customers/$id" params={{ id: String(item.person.id) }}>
        {item.person.name ?? 'somebody without a name'}
      </Link>
    </span>
  )
}

/** The page or product that it was about, where the touchpoint alone doesn't say. */
function pageOf(item: TimelineItem): string | null {
  if (item.touchpoint && item.name.startsWith('Viewed ')) return item.name.slice(7).slice(0, 80)
  const subject = item.properties['subject']
  return typeof subject === 'string' ? subject.slice(0, 120) : null
}

function judgedTone(name: string): 'good' | 'bad' | 'none' {
  if (/Kept|Exceeded/.test(name)) return 'good'
  return /Broken/.test(name) ? 'bad' : 'none'
}

function judgedShape(name: string): ReactNode {
  const tone = judgedTone(name)
  return tone === 'none' ? null : <span className={tone}>{toneShapes[tone]}</span>
}
