import type { Command } from 'commander'
import { configOf, type StartOptions, withStartOptions } from './options.ts'
import { bold } from './print.ts'
import { runUntilStopped } from './run.ts'

export function serveCommand(program: Command): void {
  withStartOptions(program.command('serve').description('start Troth on your own data'), 'data').action(
    async (options: StartOptions) => {
      await runUntilStopped(configOf(options), async (system) => {
        console.log(`\n  ${bold('Troth')} is running: ${system.url}`)
        console.log('  Ctrl-C stops it.\n')
      })
    },
  )
}
