// The bundled PostgreSQL: the real server, its binaries from npm, one cluster per data folder.
//
// Its life: find the binaries → make the cluster once → start the server, or reuse one that a killed
// process left running → … → stop it. The server is a process of its own, detached, so that neither
// Ctrl-C nor a broken pipe of the Node process reaches it: only stop() ends it, and after kill -9 of
// Node the next start finds it, alive or not.
import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { TrothError } from '../lib/errors.ts'
import {
  locateBinaries,
  locateCluster,
  type ServerUser,
  socketFolder,
  unprivilegedUser,
} from './postgres-places.ts'

export interface BundledPostgres {
  /** Connection string over a private socket. */
  url: string
  pid: number
  /** True when a server left running by an earlier process was taken over. */
  reused: boolean
  /** Orderly shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

const settings: Record<string, string> = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '128MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
}

/** Starts the server for one data folder, making the cluster on the first run. Safe to call after any crash. */
export async function startPostgres(dataFolder: string): Promise<BundledPostgres> {
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined
  const binaries = locateBinaries(user)
  const cluster = locateCluster(dataFolder, user)
  const sockets = socketFolder(cluster, user)
  if (!existsSync(join(cluster, 'PG_VERSION'))) makeCluster(binaries, cluster, user)

  const url = `postgresql://troth@localhost/postgres?host=${encodeURIComponent(sockets)}`
  const left = runningServer(cluster)
  if (left && (await answers(url))) return server(url, left, true, cluster, sockets)

  const pid = await start(binaries, cluster, sockets, user, url)
  return server(url, pid, false, cluster, sockets)
}

/** Whether a database has been made for this data folder. */
export function hasCluster(dataFolder: string): boolean {
  if (!existsSync(dataFolder)) return false
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined
  return existsSync(join(locateCluster(dataFolder, user), 'PG_VERSION'))
}

function server(
  url: string,
  pid: number,
  reused: boolean,
  cluster: string,
  sockets: string,
): BundledPostgres {
  return {
    url,
    pid,
    reused,
    async stop() {
      await stop(pid, cluster)
      if (!existsSync(join(cluster, 'postmaster.pid'))) rmSync(sockets, { recursive: true, force: true })
    },
  }
}

async function start(
  binaries: string,
  cluster: string,
  sockets: string,
  user: ServerUser | undefined,
  url: string,
): Promise<number> {
  const logFile = join(cluster, 'server.log')
  const options = Object.entries({ ...settings, unix_socket_directories: sockets }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
  // Right after kill -9 of the server a start can fail for a few seconds ("lock file … already exists",
  // shared memory still in use): the old children are on their way out.
  const deadline = Date.now() + 30_000
  for (;;) {
    const log = openSync(logFile, 'a')
    if (user) chownSync(logFile, user.uid, user.gid)
    const child = spawn(join(binaries, 'bin/postgres'), ['-D', cluster, ...options], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: cluster,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...user,
    })
    closeSync(log)
    child.unref()
    let exited = false
    child.on('exit', () => {
      exited = true
    })
    child.on('error', () => {
      exited = true
    })
    while (!exited && Date.now() < deadline) {
      if (await answers(url)) return child.pid ?? 0
      await sleep(20)
    }
    if (Date.now() >= deadline) {
      const tail = existsSync(logFile)
        ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-4).join('\n')
        : ''
      throw new TrothError(
        'unavailable',
        `The bundled PostgreSQL did not start. Its log (${logFile}) ends with:\n${tail}`,
      )
    }
    await sleep(200)
  }
}

async function stop(pid: number, cluster: string): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    if (!alive(pid)) return
    process.kill(pid, signal)
    const deadline = Date.now() + patience
    while (Date.now() < deadline) {
      if (!alive(pid) || !existsSync(join(cluster, 'postmaster.pid'))) return
      await sleep(10)
    }
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function runningServer(cluster: string): number | undefined {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  return Number.isInteger(pid) && alive(pid) ? pid : undefined
}

/** Whether a process of that id runs, whoever owns it. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function makeCluster(binaries: string, cluster: string, user: ServerUser | undefined): void {
  // initdb works in a folder beside and is moved in one step: a crash half-way leaves no half cluster.
  const fresh = `${cluster}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700, recursive: true })
  if (user) chownSync(fresh, user.uid, user.gid)
  const made = spawnSync(
    join(binaries, 'bin/initdb'),
    [
      '-D',
      fresh,
      '-U',
      'troth',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { cwd: fresh, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }, ...user },
  )
  if (made.status !== 0)
    throw new TrothError(
      'unavailable',
      `The bundled PostgreSQL could not make its database in ${cluster}: ${made.error?.message ?? made.stderr}`,
    )
  rmSync(cluster, { recursive: true, force: true })
  renameSync(fresh, cluster)
}
