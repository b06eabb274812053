import type { Store } from '../../store/store.ts'
import { dayMicros, type Question } from '../question.ts'
import type { Journeys } from './cases.ts'
import { type Stretch, stretchValues, waits } from './conversion-questions.ts'
import { knownTouchpoints } from './known.ts'

/** Who had got from one touchpoint to another, or to a sale, within so many days of coming there, and when they came. */
export async function arrivedBehind(
  store: Store,
  journeys: Journeys,
  { start, goal }: Pick<Stretch, 'start' | 'goal'>,
  within: number,
): Promise<Question> {
  const known = await knownTouchpoints(store)
  const startsAtSale = known.some((each) => each.id === start && each.purpose === 'sale')
  const stretch: Stretch = { start, goal, startsAtSale, withinDays: within }
  const values = stretchValues(journeys, stretch)
  return {
    text: `
      with ${waits(journeys, stretch)}, behind as (
        select p.customer_id, w.start_id as id, w.begun as happened
        from waits w
        join placed p on p.case_id = w.case_id and p.id = w.start_id
        where w.got
          and w.waited <= $${values.length + 1}::bigint
      )`,
    values: [...values, Math.round(within * dayMicros)],
  }
}
