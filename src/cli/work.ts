import type { Command } from 'commander'
import { startSystem } from '../system.ts'
import { configOf, type StartOptions } from './options.ts'
import { stopOnSignal } from './run.ts'

export function workCommand(program: Command): void {
  program
    .command('work')
    .description('work on jobs beside a running "serve", on this machine or (with DATABASE_URL) on another')
    .option('--data <folder>', 'data folder (default: data; environment: TROTH_DATA)')
    .action(async (options: StartOptions) => {
      const system = await startSystem(configOf(options), { serve: false })
      console.log('Working on jobs. Ctrl-C stops it.')
      await stopOnSignal(system)
    })
}
