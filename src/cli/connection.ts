import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { type ErrorKind, TrothError } from '../lib/errors.ts'
import { readNote } from '../store/running-note.ts'

/** How a command reaches the running system. */
export interface Connection {
  url: string
  /** GETs JSON. @throws TrothError with what the server said */
  get<Answer>(path: string): Promise<Answer>
  send<Answer>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>
  /** A plain request with the right credentials, for uploads and downloads. */
  request(path: string, init?: RequestInit): Promise<Response>
}

export interface ConnectionOptions {
  data?: string
  url?: string
  key?: string
}

export function withConnectionOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the running system (default: data; environment: TROTH_DATA)')
    .option('--url <address>', 'address of a system elsewhere; needs --key')
    .option('--key <key>', 'API key for --url (environment: TROTH_KEY)')
}

/** Finds the running system through its data folder, or by --url with a key. @throws TrothError (unavailable) */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  if (options.url) {
    const key = options.key ?? readConfig().key
    if (!key)
      throw new TrothError(
        'unauthenticated',
        '--url needs a key: --key KEY, or TROTH_KEY in the environment.',
      )
    return connection(options.url.replace(/\/$/, ''), key)
  }
  const { dataFolder } = readConfig({ data: options.data })
  const note = readNote(dataFolder)
  if (!note)
    throw new TrothError(
      'unavailable',
      `Troth is not running on ${dataFolder}. Start it with "npm start" (or "npm run demo" and --data demo-data), or name another with --data or --url.`,
    )
  return connection(note.url, note.token)
}

function connection(url: string, key: string): Connection {
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${key}`)
    let response: Response
    try {
      response = await fetch(url + path, { ...init, headers })
    } catch {
      throw new TrothError('unavailable', `Nothing answers at ${url}.`)
    }
    if (!response.ok) throw await refusal(response)
    return response
  }
  const send: Connection['send'] = async (method, path, body) => {
    const response = await request(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return (response.status === 204 ? undefined : await response.json()) as never
  }
  return { url, request, send, get: async (path) => (await request(path)).json() as never }
}

const kinds: Record<number, ErrorKind> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  422: 'invalid',
  429: 'too-many',
}

async function refusal(response: Response): Promise<Error> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string }
  const kind = kinds[response.status] ?? 'unavailable'
  return new TrothError(kind, problem.detail ?? `The server answered ${response.status}.`)
}
