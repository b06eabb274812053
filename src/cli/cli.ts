// Every command of `troth`, one line each, and how each ends: its exit code, its error in words.
import { Command, CommanderError } from 'commander'
import { TrothError } from '../lib/errors.ts'
import { backupCommand } from './backup.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { exitCodeOf, exitCodesHelp } from './exit.ts'
import { expectationsCommand } from './expectations.ts'
import { importCommand } from './import.ts'
import { mapCommand } from './map.ts'
import { migrateCommand } from './migrate.ts'
import { questionCommands } from './question.ts'
import { restoreCommand } from './restore.ts'
import { serveCommand } from './serve.ts'
import { timelineCommand } from './timeline.ts'
import { workCommand } from './work.ts'

const program = new Command('troth')
  .description("The customer's whole experience, before the sale and after it.")
  .version('0.1.0')
  .showHelpAfterError('(--help shows what is possible)')
  .addHelpText('after', exitCodesHelp)
  .exitOverride()

// one line a command, so that commands land beside each other
const commands = [
  serveCommand,
  demoCommand,
  workCommand,
  importCommand,
  mapCommand,
  timelineCommand,
  expectationsCommand,
  questionCommands,
  doctorCommand,
  backupCommand,
  restoreCommand,
  migrateCommand,
]
for (const add of commands) add(program)
for (const command of program.commands) command.exitOverride()

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    // What the caller can mend is said in its own words; anything else is a bug and shows where it was.
    console.error(error instanceof TrothError ? `\n${error.message}\n` : error)
    process.exitCode = exitCodeOf(error)
  }
  // Handles that a half-done start left open must not keep a failed command alive.
  setTimeout(() => process.exit(), 200).unref()
}
