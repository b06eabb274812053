// Journeys that took the same way, counted together. A way is written as digits, a touchpoint's place on the
// map each, and so as whole numbers both engines can group by. Put together as text or list, ordered within
// the journey, ten million steps took more memory than the projection has.
import type { Question } from '../question.ts'
import { type Journeys, journeyValues, placed } from './cases.ts'

/** How ways are written: `words` numbers of `digits` digits each, to the base `base`. */
export interface Writing {
  base: number
  digits: number
  words: number
}

const mostWords = 8

/**
 * @param touchpoints how many the map has: their places are 1 to that many
 * @param longest steps of the longest journey: fewer words are faster
 */
export function writing(touchpoints: number, longest: number): Writing {
  const base = touchpoints + 1
  // every word stays a whole number that JavaScript keeps exactly
  const digits = Math.floor((53 * Math.LN2) / Math.log(Math.max(2, base)))
  return { base, digits, words: Math.max(1, Math.min(mostWords, Math.ceil(longest / digits))) }
}

/** How many steps of a way are told; longer ones are told apart by these and their length. */
export function longestTold({ digits, words }: Writing): number {
  return digits * words
}

/** Steps on the way, journeys that took it, ways there are in all; and the way itself, as w0, w1 and so on. */
export type WayRow = Record<'length' | 'n' | 'ways', number> & Record<`w${number}`, number | null>

/** Steps of the longest journey. */
export function longestQuestion(journeys: Journeys): Question {
  return {
    text: `
      with ${placed(journeys)}, cases as (
        select count(*) as n
        from placed
        group by case_id
      )
      select cast(coalesce(max(n), 0) as integer) as longest
      from cases`,
    values: journeyValues(journeys),
  }
}

/** The commonest ways, at most `most` of them, and how many there are. */
export function wayQuestion(journeys: Journeys, { base, digits, words }: Writing, most: number): Question {
  const values = journeyValues(journeys)
  const names = Array.from({ length: words }, (_, word) => `w${word}`)
  const sums = names.map(
    (name, word) =>
      `cast(sum(place * weight) filter (where nth >= ${word * digits} and nth < ${(word + 1) * digits}) as bigint) as ${name}`,
  )
  const weights = Array.from({ length: digits }, (_, digit) => `when ${digit} then ${base ** digit}`)
  return {
    text: `
      with ${placed(journeys)}, numbered as (
        select p.case_id, cast(t.place as bigint) as place,
          row_number() over (partition by p.case_id order by p.happened, p.id) - 1 as nth
        from placed p
        join touchpoints t on t.id = p.touchpoint_id
      ), weighed as (
        select case_id, place, nth, cast(case nth % ${digits} ${weights.join(' ')} end as bigint) as weight
        from numbered
      ), written as (
        select case_id, count(*) as length,
          ${sums.join(',\n          ')}
        from weighed
        group by case_id
      ), counted as (
        select length, ${names.join(', ')}, count(*) as n
        from written
        group by length, ${names.join(', ')}
      )
      select cast(length as integer) as length, cast(n as integer) as n,
        cast(count(*) over () as integer) as ways,
        ${names.join(', ')}
      from counted
      order by n desc, length, ${names.map((name) => `${name} nulls first`).join(', ')}
      limit $${values.length + 1}::integer`,
    values: [...values, most],
  }
}

/** The places along a way, in order; no more than longestTold of them. */
export function placesOf(row: WayRow, { base, digits, words }: Writing): number[] {
  const places: number[] = []
  for (let word = 0; word < words; word++) {
    let rest = row[`w${word}`] ?? 0
    for (let digit = 0; digit < digits && places.length < row.length; digit++) {
      places.push(rest % base)
      rest = Math.floor(rest / base)
    }
  }
  return places
}
