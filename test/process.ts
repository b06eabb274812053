import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../src/lib/testing.ts'
import { openDatabase, withDatabase } from '../src/store/database.ts'
import { startPostgres } from '../src/store/postgres.ts'
import { temporaryFolder } from '../src/store/testing.ts'

/** Troth as users start it: a process of its own on a data folder, to be killed and started again. */
export interface TrothProcess {
  url: string
  token: string
  child: ChildProcess
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
  /** What it wrote to its standard output and error so far. */
  output(): string
  /** kill -9. */
  kill(): Promise<void>
  /** Ctrl-C; gives the exit code. */
  interrupt(): Promise<number | null>
}

async function startProcess(
  dataFolder: string,
  args: string[],
  environment: Record<string, string>,
): Promise<TrothProcess> {
  const child = spawn(
    process.execPath,
    [
      '--max-semi-space-size=16',
      '--initial-old-space-size=128',
      join(import.meta.dirname, '../src/main.ts'),
      'serve',
      '--data',
      dataFolder,
      '--port',
      '0',
      '--no-browser',
      ...args,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DATABASE_URL: '', TROTH_LOG: 'error', ...environment },
    },
  )
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const note = join(dataFolder, 'running.json')
  return until(`Troth listening on ${dataFolder}`, () => {
    if (child.exitCode !== null) throw new Error(`Troth ended with ${child.exitCode}: ${output}`)
    const text = existsSync(note) ? readFileSync(note, 'utf8') : ''
    if (text.includes(`"pid":${child.pid}`) && text.endsWith('}')) {
      const { url, token } = JSON.parse(text) as { url: string; token: string }
      return {
        url,
        token,
        child,
        ended: exited,
        output: () => output,
        kill: async () => {
          child.kill('SIGKILL')
          await exited
        },
        interrupt: async () => {
          child.kill('SIGINT')
          return exited
        },
      }
    }
    return undefined
  })
}

/** A command as users type it. */
export interface Command {
  child: ChildProcess
  /** What it has written to its standard output and to its standard error so far. */
  out(): string
  errors(): string
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
}

export function runCommand(args: string[], environment: Record<string, string> = {}): Command {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '', TROTH_LOG: 'error', NODE_NO_WARNINGS: '1', ...environment },
  })
  let out = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, out: () => out, errors: () => errors, ended }
}

/** A call to the running system with the rights of its command line. @throws when it is refused */
export async function call<Answer>(
  troth: TrothProcess,
  method: string,
  path: string,
  body?: string,
): Promise<Answer> {
  const response = await fetch(troth.url + path, {
    method,
    headers: {
      authorization: `Bearer ${troth.token}`,
      'content-type': method === 'PUT' ? 'application/octet-stream' : 'application/json',
    },
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  assert.ok(response.ok, text)
  return JSON.parse(text) as Answer
}

/** Waits until it can do all its work: it listens before its projection is built. */
export async function ready(troth: TrothProcess): Promise<void> {
  let said = ''
  await until(`readiness of ${troth.url}`, async () => {
    const answer = await fetch(`${troth.url}/readyz`)
    said = await answer.text()
    return answer.ok
  }).catch((error: Error) => {
    throw new Error(`${error.message}; it says ${said}; ${troth.output()}`)
  })
}

export interface TemporaryData {
  folder: string
  start(args?: string[], environment?: Record<string, string>): Promise<TrothProcess>
  [Symbol.asyncDispose](): Promise<void>
}

/** A temporary data folder. Disposing of it ends every process that was started on it, however the test went. */
export function temporaryData(): TemporaryData {
  const folder = temporaryFolder('process')
  const started: TrothProcess[] = []
  return {
    folder,
    async start(args = [], environment = {}) {
      const troth = await startProcess(folder, args, environment)
      started.push(troth)
      return troth
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of started) child.kill('SIGKILL')
      await (await startPostgres(folder)).stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Reads the database of a data folder directly, beside whatever runs on it. */
export async function openData(folder: string) {
  const { url } = await startPostgres(folder)
  return openDatabase(withDatabase(url, 'troth'), { connections: 2 })
}
