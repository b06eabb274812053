/**
 * "Can't tell, because …": what a method answers where the data can't carry one: too few, all the same, one
 * class only. It stands where NaN, Infinity or an exception would, and can be read to people.
 */
export interface CannotTell {
  /** The words after "because": a clause in plain words, without a capital or a full stop. */
  cannotTell: string
  /** How many (customers, answers: what the clause speaks of) would be enough, where that is known. */
  needed?: number
}

/** An answer, or why there is none. */
export type Told<Answer> = Answer | CannotTell

export function cannotTell(because: string, needed?: number): CannotTell {
  return needed === undefined ? { cannotTell: because } : { cannotTell: because, needed }
}

/** True where there is an answer. */
export function isTold<Answer>(given: Told<Answer>): given is Exclude<Answer, CannotTell> {
  return !(typeof given === 'object' && given !== null && 'cannotTell' in given)
}
