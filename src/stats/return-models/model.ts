import type { GroupedHistories, History } from './histories.ts'

/** A model of who buys again and who has silently left. Its parameters are all positive. */
export interface ReturnModel<Name extends string = string> {
  name: string
  parameters: readonly Name[]
  /** The parameters that say how customers leave; none in a model where nobody leaves. */
  leaving: readonly Name[]
  /** Where to start looking, given the typical time customers were observed. */
  starts(typical: number): Record<Name, number>[]
  /**
   * The log-likelihood at the logarithms of the parameters, in their order; writes its slopes over these
   * logarithms into `slope`.
   */
  logLikelihood(histories: GroupedHistories, logs: Float64Array, slope: Float64Array): number
  /** The chance that this customer is still one, at the end of what was seen. */
  alive(parameters: Record<Name, number>, history: History): number
  /** How many purchases to expect of this customer in the `span` after the end of what was seen. */
  expected(parameters: Record<Name, number>, history: History, span: number): number
  /** How many purchases to expect of a new customer in the `span` after the first one. */
  expectedOfNew(parameters: Record<Name, number>, span: number): number
}
