import type { Touchpoints } from '../../../../src/insights/touchpoints/schema.ts'
import { signed } from '../../figures/estimate.ts'
import { Card } from '../../parts/page.tsx'
import { Claim } from '../../parts/words.tsx'

const kinds = {
  basic: 'Going badly costs more than going well brings: it is taken for granted.',
  exciting: 'Going well brings more than going badly costs: it delights.',
  linear: 'Badly and well count about alike.',
} as const

/** Whether bad weighs more than good, where that can be told. */
export function Asymmetry({ answer }: { answer: Touchpoints }) {
  const told = answer.touchpoints.filter(({ asymmetry }) => asymmetry?.kind)
  const asked = answer.touchpoints.filter(({ feeling }) => feeling.equals !== null)
  return (
    <Card
      title="Taken for granted, or delighting"
      tools={<Claim kind={told.length > 0 ? 'goes along with' : 'not enough to tell'} />}
    >
      {told.length === 0 ? (
        <p className="faint">
          {asked.length === 0
            ? 'Nowhere did enough customers feel badly and enough others well to compare them.'
            : `Whether good or bad weighs more can’t be told of any of the ${asked.length} touchpoints where customers felt both: that needs customers who felt badly, well and neither, and a clear difference between them.`}
        </p>
      ) : (
        <ul className="plain-list">
          {told.map(({ id, name, asymmetry }) => (
            <li key={id}>
              <b>{name}</b> <span className="muted">{asymmetry?.kind ? kinds[asymmetry.kind] : ''}</span>{' '}
              <span className="n">
                {signed(asymmetry?.value ?? 0)} ({signed(asymmetry?.low ?? 0)} to{' '}
                {signed(asymmetry?.high ?? 0)}; −1 only bad counts, +1 only good)
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
