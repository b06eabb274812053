// Small pieces of sentences: words of customers, figures with what stands behind them, times and money.
import type { ReactNode } from 'react'
import { useWorkspace } from '../lib/session.ts'
import { ago, type DateStyle, dateText, money, number, percent } from '../lib/words.ts'

/** The sentence that a page begins with: what is true right now. */
export function Sentence({ children }: { children: ReactNode }) {
  return <p className="sentence">{children}</p>
}

/** A customer's own words. */
export function Quote({ children, cite }: { children: string; cite?: ReactNode }) {
  return (
    <span>
      <q>{children}</q>
      {cite ? <span className="n"> {cite}</span> : null}
    </span>
  )
}

export type Evidence = 'said' | 'inferred' | 'impression'
const evidenceWords: Record<Evidence, string> = {
  said: 'said by the customer',
  inferred: 'inferred from what happened',
  impression: 'our impression',
}

/** The dot that says whose word it is: filled said, hollow inferred, dotted our impression. */
export function EvidenceDot({ evidence }: { evidence: Evidence }) {
  return (
    <span
      className={`evidence ${evidence}`}
      role="img"
      aria-label={evidenceWords[evidence]}
      title={evidenceWords[evidence]}
    />
  )
}

/**
 * How good or bad it was, −1 to +1: ▲ 0.44, ▼ 0.31, with the interval when given.
 * `n` undefined or 0 with value null reads "not enough answers yet".
 */
export function ExperienceMark(props: {
  value: number | null
  low?: number | null
  high?: number | null
  n?: number
  evidence?: Evidence
}) {
  const { value, low, high, n, evidence } = props
  if (value === null) return <span className="faint">not enough answers yet</span>
  const tone = value > 0.1 ? 'good' : value < -0.1 ? 'bad' : 'level'
  const shape = tone === 'good' ? '▲' : tone === 'bad' ? '▼' : '◆'
  const word = tone === 'good' ? 'good' : tone === 'bad' ? 'bad' : 'neither good nor bad'
  return (
    <span className={`experience ${tone}`}>
      {evidence ? <EvidenceDot evidence={evidence} /> : null}
      <span aria-hidden="true">{shape} </span>
      <span className="hidden-visually">{word} </span>
      {number(Math.abs(value), 2)}
      {low != null && high != null ? <Interval low={low} high={high} n={n} digits={2} /> : null}
    </span>
  )
}

/** "69–73, n 6,912": where the figure before it lies 95 times in 100, and how many answers stand behind it. */
export function Interval(props: {
  low: number | null
  high: number | null
  n?: number | undefined
  as?: 'number' | 'percent'
  digits?: number
}) {
  const { low, high, n, as = 'number', digits = 0 } = props
  const say = (value: number) => (as === 'percent' ? number(value * 100, digits) : number(value, digits))
  return (
    <span className="n num">
      {' '}
      {low !== null && high !== null ? (
        <>
          <span className="hidden-visually">95 % interval </span>
          {say(low)} to {say(high)}
        </>
      ) : null}
      {n === undefined ? null : `${low !== null && high !== null ? ', ' : ''}n ${number(n)}`}
    </span>
  )
}

/** A share with its interval: "71 % 69 to 73, n 6,912". Words instead when nothing stands behind it. */
export function Share(props: {
  value: number | null
  low?: number | null
  high?: number | null
  n: number
  /** What it is a share of. */
  of?: string
}) {
  const { value, low = null, high = null, n, of = 'answers' } = props
  if (value === null || n === 0) return <span className="faint">not enough {of} yet</span>
  return (
    <span className="num">
      {percent(value)}
      <Interval low={low} high={high} n={n} as="percent" />
    </span>
  )
}

/** How a claim is known; every sentence that Troth writes carries one. */
export type ClaimKind = 'counted' | 'goes along with' | 'proven by a test' | 'not enough to tell'
export function Claim({ kind }: { kind: ClaimKind }) {
  return <span className="claim">{kind}</span>
}

/** An instant (RFC 3339) in the company's time zone. */
export function DateText({ at, as = 'date' }: { at: string; as?: DateStyle | 'ago' }) {
  const { timeZone } = useWorkspace()
  const then = new Date(at)
  return (
    <time dateTime={at} title={dateText(then, timeZone, 'time')}>
      {as === 'ago' ? ago(then) : dateText(then, timeZone, as)}
    </time>
  )
}

/** Minor units as money, in the company's currency when none is given. */
export function Money({ minor, currency }: { minor: number; currency?: string | null }) {
  const workspace = useWorkspace()
  return <span className="num">{money(minor, currency ?? workspace.currency)}</span>
}
