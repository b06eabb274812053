import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../src/store/testing.ts'

/** A Troth of its own, as users start it: another process, a temporary data folder, a free port. */
export interface BenchSystem {
  url: string
  token: string
  pid: number
  dataFolder: string
  /** Milliseconds from the start of the process until it answered. */
  startedIn: number
  stop(): Promise<void>
}

export async function startSystem(
  options: { dataFolder?: string; keep?: boolean } = {},
): Promise<BenchSystem> {
  const dataFolder = options.dataFolder ?? temporaryFolder('bench')
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      // As package.json starts it.
      '--max-semi-space-size=16',
      '--initial-old-space-size=128',
      join(import.meta.dirname, '../src/main.ts'),
      'serve',
      '--data',
      dataFolder,
      '--port',
      '0',
      '--no-browser',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const note = join(dataFolder, 'running.json')
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Troth ended with ${child.exitCode} instead of starting`)
    const text = existsSync(note) ? readFileSync(note, 'utf8') : ''
    if (text.includes(`"pid":${child.pid}`) && text.endsWith('}')) {
      const { url, token } = JSON.parse(text) as { url: string; token: string }
      if ((await fetch(`${url}/healthz`).catch(() => undefined))?.ok)
        return {
          url,
          token,
          pid: child.pid ?? 0,
          dataFolder,
          startedIn: performance.now() - began,
          stop: () => stop(child, dataFolder, options.keep === true),
        }
    }
    await sleep(5)
  }
}

/** Waits until its figures are built and follow the database, as they do in the life of a real system. */
export async function untilReady({ url }: BenchSystem): Promise<void> {
  while (!(await fetch(`${url}/readyz`)).ok) await sleep(100)
}

/**
 * Waits until nothing is left to do of what was recorded before the call: its figures counted, its promises judged,
 * its customers' standings set.
 */
export async function untilFollowed({ url, token }: BenchSystem): Promise<void> {
  const asked = Date.now()
  for (;;) {
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    const figures = await answer.text()
    const lag = Number(/^troth_projection_lag_seconds (\S+)$/m.exec(figures)?.[1])
    const jobs = [...figures.matchAll(/^troth_jobs\{.*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    )
    if (Date.now() - lag * 1_000 > asked && jobs === 0) return
    await sleep(100)
  }
}

async function stop(child: ChildProcess, dataFolder: string, keep: boolean): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
  if (!keep) rmSync(dataFolder, { recursive: true, force: true })
}

/** Proportional memory of a process and all below it, with the database server of the data folder, in MB (Linux). */
export function memoryOfTree(pid: number, dataFolder: string): number {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {}
  }
  const roots = new Set([pid])
  try {
    roots.add(Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]))
  } catch {}
  const belongs = (id: number): boolean => roots.has(id) || (parents.has(id) && belongs(parents.get(id) ?? 0))
  let megabytes = 0
  for (const id of parents.keys()) if (id >= 2 && belongs(id)) megabytes += memoryOf(id)
  return megabytes
}

/** Proportional memory of one process in MB; 0 when it is gone. */
export function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
