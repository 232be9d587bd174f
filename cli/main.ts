import './quick-start.ts'
import { flushCompileCache } from 'node:module'
import { Command, CommanderError } from 'commander'
import { messageOf, StartupError, stackOf } from '../platform/errors/index.ts'
import { commands } from './commands.ts'
import { requireConfiguration } from './configuration/check.ts'

const program = new Command('ringmain')
  .description('Profiled connections, LV monitoring and flexibility for distribution network operators')
  .helpOption('-h, --help', 'show what a command does and takes')
const asked = commands[process.argv[2] ?? '']
for (const load of asked ? [asked] : Object.values(commands)) program.addCommand(await load())
// A process that is killed would leave nothing of it to the next.
flushCompileCache()
for (const command of [program, ...program.commands]) command.exitOverride()

// Node itself would print an error with all its members, the parameters of a failed query among them.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${stackOf(error)}\n`)
  process.exit(1)
})

try {
  await requireConfiguration(process.argv.slice(2), process.env, commands)
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode)
  // What the person who started it can mend is one sentence; anything else is a fault of ours and shows where.
  const text =
    error instanceof StartupError ? error.message : error instanceof Error ? stackOf(error) : messageOf(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
