// The sentence over the map that is being edited.
import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import type { MapStage } from '../../../../src/journey/schema.ts'
import { count, number } from '../../lib/words.ts'

/** The sentence that says what the map is right now. */
export function Truth({ stages }: { stages: MapStage[] }) {
  const before = stages.filter((stage) => stage.side === 'before')
  const after = stages.filter((stage) => stage.side === 'after')
  const sale = touchpointsOf(stages).some((each) => each.purpose === 'sale')
  if (stages.length === 0)
    return <>A map says which moments a customer goes through with you, and in what order.</>
  return (
    <>
      Your map has <b>{count(touchpointsOf(before).length, 'moment')}</b> before the sale and{' '}
      <b>{number(touchpointsOf(after).length)}</b> after it.
      {sale ? null : (
        <>
          {' '}
          <span className="bad">No moment is the sale yet</span>: open the one where customers buy and say so.
        </>
      )}
    </>
  )
}
