import './journey.css'
import type { Flows } from '../../../src/insights/flows/schema.ts'
import { waited } from '../../../src/lib/phrases.ts'
import { number, percent } from '../lib/words.ts'
import { type Open, Opens } from './map-table.tsx'

/** What comes after a touchpoint, how often and about how long after; each opens the customers who went that way. */
export function FlowNext(props: {
  edges: Flows['edges']
  from: number
  names: Map<number, string>
  open?: Open | undefined
}) {
  const { edges, from, names, open } = props
  const next = edges.filter((edge) => edge.from === from)
  const name = names.get(from) ?? ''
  const nameOf = (to: number) => (to === from ? `${name} again` : (names.get(to) ?? ''))
  return (
    <div aria-live="polite" className="flow-next">
      <p className="flow-say">
        After <b className="wrap-anywhere">{name}</b>
        {next.length === 0 ? ' nothing comes often enough to be shown.' : ' comes'}
      </p>
      <ul>
        {next.slice(0, 8).map((edge) => (
          <li key={edge.to}>
            <div className="behind-line">
              {open ? (
                <Opens
                  act={() =>
                    open(`${name}, then ${names.get(edge.to) ?? ''}`, {
                      figure: 'flow',
                      touchpoint: String(edge.from),
                      next: String(edge.to),
                    })
                  }
                >
                  {nameOf(edge.to)}
                </Opens>
              ) : (
                <span>{nameOf(edge.to)}</span>
              )}
              <span className="num">{percent(edge.share)}</span>
            </div>
            <span className="n">
              half within {waited(edge.medianSeconds)}, nine in ten within {waited(edge.p90Seconds)} ·{' '}
              {`n\u00a0${number(edge.n)}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
