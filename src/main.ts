import { Command, CommanderError } from 'commander'
import { backupCommand } from './cli/backup.ts'
import { demoCommand } from './cli/demo.ts'
import { doctorCommand } from './cli/doctor.ts'
import { exitCodeOf, exitCodesHelp } from './cli/exit.ts'
import { expectationsCommand } from './cli/expectations.ts'
import { importCommand } from './cli/import.ts'
import { mapCommand } from './cli/map.ts'
import { migrateCommand } from './cli/migrate.ts'
import { questionCommands } from './cli/question.ts'
import { restoreCommand } from './cli/restore.ts'
import { serveCommand } from './cli/serve.ts'
import { timelineCommand } from './cli/timeline.ts'
import { workCommand } from './cli/work.ts'
import { TrothError } from './lib/errors.ts'

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
