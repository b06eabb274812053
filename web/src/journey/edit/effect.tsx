import type { Preview } from '../../../../src/journey/schema.ts'
import { count, number } from '../../lib/words.ts'

/** What saving a draft would do to what is stored, in a sentence. */
export function EffectWords({ preview }: { preview: Preview }) {
  const sum = (wanted: (move: Preview['moves'][number]) => boolean) =>
    preview.moves.filter(wanted).reduce((total, move) => total + move.count, 0)
  const placed = sum((move) => move.from === null)
  const moved = sum((move) => move.from !== null && move.to !== null)
  const lost = sum((move) => move.to === null)
  if (placed + moved + lost === 0) return <>Nothing that is stored would move.</>
  const parts = [
    ...(placed > 0 ? [`${number(placed)} get a place`] : []),
    ...(moved > 0 ? [`${number(moved)} move to another moment`] : []),
    ...(lost > 0 ? [`${number(lost)} lose their place`] : []),
  ]
  return (
    <>
      Of what is stored, {preview.sample ? 'about ' : ''}
      {parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts[0]}
      {preview.sample ? ` (from a sample of ${count(preview.lookedAt, 'interaction')})` : ''}.
    </>
  )
}
