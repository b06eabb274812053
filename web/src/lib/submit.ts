import { useState } from 'react'
import { Problem, said } from './api.ts'

/** Runs what a form or button does, and keeps what the server said against it. */
export function useSubmit() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const errors = problem instanceof Problem ? problem.errors : []
  return {
    busy,
    /** What is said above the form: nothing while every complaint stands beside its field. */
    message: problem === undefined || errors.length > 0 ? undefined : said(problem),
    /** What is wrong with one field ("owner.email"). */
    wrong(field: string): string | undefined {
      return errors.find((each) => each.field === field)?.reason
    },
    async submit(work: () => Promise<unknown>): Promise<boolean> {
      setBusy(true)
      setProblem(undefined)
      try {
        await work()
        return true
      } catch (error) {
        setProblem(error)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
