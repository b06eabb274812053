// Every call to the server goes through `api`, typed by the server's own routes:
//   const { items } = await reply(api.api.segments.$get())
import { type ClientResponse, hc } from 'hono/client'
import type { App } from '../../../src/server/app.ts'

export const api = hc<App>('/', { init: { credentials: 'same-origin' } })

/** An error as the server explained it (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly errors: { field: string; reason: string }[]
  constructor(status: number, title: string, detail: string, errors: Problem['errors'] = []) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.title = title
    this.errors = errors
  }
}

type Good<R> =
  R extends ClientResponse<infer Body, infer Status, infer _Format>
    ? Status extends 200 | 201 | 202 | 204
      ? Body
      : never
    : never

/** The JSON of a good answer. @throws Problem when the server refused or could not be reached. */
export async function reply<R extends ClientResponse<unknown, number, string>>(
  sent: Promise<R>,
): Promise<Good<R>> {
  const response = await reached(sent)
  if (!response.ok) throw await problemIn(response)
  if (response.status === 204) return undefined as Good<R>
  return (await response.json()) as Good<R>
}

async function reached<R>(sent: Promise<R>): Promise<R> {
  try {
    return await sent
  } catch {
    throw new Problem(0, 'No connection', 'Troth does not answer. Check that it is running and try again.')
  }
}

export async function problemIn(response: { status: number; json(): Promise<unknown> }): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Partial<Problem> & { detail?: string }
  return new Problem(
    response.status,
    said.title ?? 'Refused',
    said.detail ?? `The server answered ${response.status}.`,
    said.errors,
  )
}

/** What to show a person for anything that was thrown. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.'
}
