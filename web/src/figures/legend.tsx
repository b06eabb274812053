import type { ReactNode } from 'react'

/** The colours of figures. `group1`… for things without a colour of their own; slate and clay are the two sides of the sale. */
export type Tone =
  | 'good'
  | 'bad'
  | 'unsure'
  | 'ink'
  | 'faint'
  | 'before'
  | 'after'
  | 'accent'
  | 'group1'
  | 'group2'
  | 'group3'
  | 'group4'
  | 'group5'
  | 'group6'
export type Swatch =
  | 'dot'
  | 'ring'
  | 'cross'
  | 'line'
  | 'dashed'
  | 'band'
  | 'bar'
  | 'hatched'
  | 'square'
  | 'triangle'
  | 'diamond'
  | 'down'

export interface LegendItem {
  swatch: Swatch
  tone: Tone
  text: string
}

/** What the colours and shapes of a figure mean, and how many stand behind it. */
export function Legend({ items, n }: { items: LegendItem[]; n: ReactNode }) {
  if (items.length === 0 && !n) return null
  return (
    <div className="fig-legend n">
      {items.map((item) => (
        <span key={item.text} data-figure="legend">
          <svg width={18} height={12} viewBox="0 0 18 12" aria-hidden="true" className={`tone-${item.tone}`}>
            {shape(item.swatch)}
          </svg>
          {item.text}
        </span>
      ))}
      {n ? (
        <span className="fig-n" data-figure="n">
          {n}
        </span>
      ) : null}
    </div>
  )
}

function shape(swatch: Swatch): ReactNode {
  switch (swatch) {
    case 'dot':
      return <circle cx={9} cy={6} r={4.5} className="fig-fill" />
    case 'ring':
      return <circle cx={9} cy={6} r={4} className="fig-ring" />
    case 'cross':
      return (
        <>
          <path d="M2,6H16M9,0V12" className="fig-line thin" />
          <circle cx={9} cy={6} r={3} className="fig-fill" />
        </>
      )
    case 'line':
      return <path d="M1,6H17" className="fig-line" />
    case 'dashed':
      return <path d="M1,6H17" className="fig-line dashed" />
    case 'band':
      return <rect x={1} y={1} width={16} height={10} className="fig-band" />
    case 'bar':
      return <rect x={1} y={2} width={16} height={8} rx={2} className="fig-fill" />
    case 'hatched':
      return <rect x={1.5} y={2.5} width={15} height={7} rx={2} className="fig-left" />
    case 'square':
      return <rect x={5} y={2} width={8} height={8} className="fig-fill" />
    case 'triangle':
      return <path d="M9,1L14,10.5H4Z" className="fig-fill" />
    case 'diamond':
      return <path d="M9,0.5L14.5,6L9,11.5L3.5,6Z" className="fig-fill" />
    case 'down':
      return <path d="M9,11L14,1.5H4Z" className="fig-fill" />
    default:
      return swatch satisfies never
  }
}
