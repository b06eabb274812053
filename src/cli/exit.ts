import { type ErrorKind, TrothError } from '../lib/errors.ts'

const codes: Record<ErrorKind, number> = {
  invalid: 2,
  'too-large': 2,
  unavailable: 3,
  'too-many': 3,
  'not-found': 4,
  conflict: 5,
  unauthenticated: 6,
  forbidden: 6,
}

/** The exit code that tells a script what went wrong. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TrothError ? codes[error.kind] : 1
}

export const exitCodesHelp = `
Exit codes:
  0  done
  1  a bug in Troth
  2  the command, a setting or the input is wrong
  3  Troth, its database or the machine is not available
  4  not found
  5  in use, or changed meanwhile
  6  not allowed`
