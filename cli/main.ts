import { Command, CommanderError } from 'commander'
import { messageOf, StartupError } from '../platform/errors/index.ts'
import { dayCommand } from './day/command.ts'
import { dnp3Command } from './dnp3/index.ts'
import { fspCommand, gatewayCommand, serveCommand } from './processes.ts'
import { simulateCommand } from './simulate.ts'
import { startCommand } from './start.ts'

const program = new Command('ringmain')
  .description('Profiled connections, LV monitoring and flexibility for distribution network operators')
  .helpOption('-h, --help', 'show what a command does and takes')
  .addCommand(startCommand())
  .addCommand(serveCommand())
  .addCommand(gatewayCommand())
  .addCommand(fspCommand())
  .addCommand(simulateCommand())
  .addCommand(dayCommand())
  .addCommand(dnp3Command())
  .exitOverride()
for (const command of program.commands) command.exitOverride()

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode)
  // What the person who started it can mend is one sentence; anything else is a fault of ours and shows where.
  const text = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : messageOf(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
