import { spawn } from 'node:child_process'
import type { Config } from '../config.ts'
import { buildWeb, isWebBuilt } from '../server/server.ts'
import { type System, startSystem } from '../system.ts'
import { lively } from './print.ts'

/** Builds the web app if needed, starts everything, says so, and runs until Ctrl-C or SIGTERM. */
export async function runUntilStopped(
  config: Config,
  started: (system: System) => Promise<void>,
): Promise<void> {
  if (!isWebBuilt()) {
    console.log('Building the web app (once) …')
    await buildWeb()
  }
  const system = await startSystem(config, { serve: true })
  const stopped = stopOnSignal(system)
  if (system.insteadOfPort !== undefined)
    console.log(
      `\n  Port ${system.insteadOfPort} is in use by another program; taking ${system.server?.port} instead.`,
    )
  await started(system)
  await stopped
}

/** Resolves when a signal came and everything is stopped. A second signal ends the process at once. */
export function stopOnSignal(system: System): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(130)
      asked = true
      if (lively) process.stdout.write('\nStopping …\n')
      // Whatever hangs, a stop is a stop: the database is safe without us.
      setTimeout(() => process.exit(1), 20_000).unref()
      void system.stop().then(() => {
        resolve()
        // Timers and sockets of libraries must not keep a stopped process alive.
        setTimeout(() => process.exit(0), 100).unref()
      })
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', stop)
  })
}

/** Opens the browser where there is one to see it; never an error. */
export function openBrowser(url: string): void {
  const command =
    process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open'
  const child = spawn(command, [url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
