/**
 * The largest absolute value, 1 where there is none: what enormous or minute series are divided by before they
 * are squared, so that nothing overflows or vanishes.
 */
export function scaleOf(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] as number))
  return most > 0 ? most : 1
}
