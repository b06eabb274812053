// Errors as RFC 9457 problem details. What the caller can mend says how; a bug says only its request id.
import { HTTPException } from 'hono/http-exception'
import { type ErrorKind, type FieldError, TrothError } from './errors.ts'

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance?: string
  errors?: FieldError[]
}

const kinds: Record<ErrorKind, { status: number; title: string }> = {
  invalid: { status: 400, title: 'The input is not valid' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'In conflict with what is there' },
  'too-large': { status: 413, title: 'Too large' },
  'too-many': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available right now' },
}

const titles: Record<number, string> = {
  403: kinds.forbidden.title,
  405: 'Not done this way',
  413: kinds['too-large'].title,
  415: 'Not a format read here',
  422: 'Used for something else before',
}

/** Codes of PostgreSQL that mean: this value can't be stored. A hostile or broken value, not a bug. */
const badValue: Record<string, string> = {
  '22021': 'Text must be valid Unicode without NUL characters.',
  '22P05': 'Text must not contain NUL characters.',
  '22003': 'A number is too large.',
  '22008': 'A date is out of range.',
  '22007': 'A date is not valid.',
}
const databaseAway = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
])

/** Any thrown value as a problem. `known` is false for a bug, which belongs in the log. */
export function problemOf(error: unknown, requestId?: string): { problem: Problem; known: boolean } {
  if (error instanceof TrothError) {
    const { status, title } = kinds[error.kind]
    const problem = { ...plain(status, title, error.message), type: `urn:troth:problem:${error.kind}` }
    return { problem: error.errors.length > 0 ? { ...problem, errors: error.errors } : problem, known: true }
  }
  if (error instanceof HTTPException) {
    const malformed = error.status === 400 && error.message.includes('JSON')
    return {
      problem: malformed
        ? plain(400, kinds.invalid.title, 'The body is not valid JSON.')
        : plain(error.status, titles[error.status] ?? 'Refused', error.message || 'The request was refused.'),
      known: true,
    }
  }
  const code = (error as { code?: unknown } | null)?.code
  const reason = typeof code === 'string' ? badValue[code] : undefined
  if (reason) return { problem: plain(400, kinds.invalid.title, reason), known: true }
  if (typeof code === 'string' && databaseAway.has(code))
    return {
      problem: plain(503, kinds.unavailable.title, 'The database does not answer. Try again in a moment.'),
      known: false,
    }
  return {
    problem: plain(
      500,
      'Something went wrong here',
      `This is a fault of Troth, not of the request${requestId ? `; the log has it under ${requestId}` : ''}.`,
    ),
    known: false,
  }
}

export function plain(status: number, title: string, detail: string): Problem {
  return { type: 'about:blank', title, status, detail }
}

export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}
