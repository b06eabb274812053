import type { Flows } from '../../../../src/insights/flows/schema.ts'

/** What touchpoints are called in this answer, and where journeys should lead. */
export function named({ touchpoints, conversion }: Pick<Flows, 'touchpoints' | 'conversion'>) {
  const names = new Map(touchpoints.map(({ id, name }) => [id, name]))
  const name = (id: number) => names.get(id) ?? `touchpoint ${id}`
  const goal = conversion?.goal
  return { name, goalName: goal === undefined || goal === 'sale' ? 'a sale' : name(goal) }
}

/** A difference of shares in 100, with its sign: "+11", "−2.4". */
export function points(value: number): string {
  const text = (100 * Math.abs(value)).toFixed(Math.abs(value) < 0.0995 ? 1 : 0)
  return Number(text) === 0 ? text : `${value > 0 ? '+' : '−'}${text}`
}

export const noDifference = { value: 0, name: 'no difference' }
