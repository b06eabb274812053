/** What an error means to the caller; src/server maps each kind to one HTTP status and the command line to one exit code. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'too-many'
  | 'unavailable'

/** One field that was wrong: where (a JSON pointer or column name) and why. */
export interface FieldError {
  field: string
  reason: string
}

/**
 * An error that the caller can do something about. Its message says what happened, where, and what to do.
 * Anything else that is thrown is a bug.
 */
export class TrothError extends Error {
  readonly kind: ErrorKind
  readonly errors: FieldError[]
  constructor(kind: ErrorKind, message: string, errors: FieldError[] = []) {
    super(message)
    this.name = new.target.name
    this.kind = kind
    this.errors = errors
  }
}

export class Invalid extends TrothError {
  constructor(message: string, errors: FieldError[] = []) {
    super('invalid', message, errors)
  }
}

export class NotFound extends TrothError {
  constructor(what: string, id: string | number) {
    super('not-found', `There is no ${what} ${id}.`)
  }
}

export class Conflict extends TrothError {
  constructor(message: string) {
    super('conflict', message)
  }
}

/** Asked too often; `retryAfter` seconds from now it may be tried again. */
export class TooMany extends TrothError {
  readonly retryAfter: number
  constructor(message: string, retryAfter: number) {
    super('too-many', message)
    this.retryAfter = retryAfter
  }
}

/** The union was meant to be covered: reaching this is a bug that the compiler usually catches first. */
export function never(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
