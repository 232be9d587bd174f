import './quick-start.ts'
import { flushCompileCache } from 'node:module'
import { Command, CommanderError } from 'commander'
import { messageOf, StartupError, stackOf } from '../platform/errors/index.ts'

/** Commands by name. Each is loaded when it is asked for: to decode a frame one need not wait for a server to load. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  gateway: async () => (await import('./gateway.ts')).gatewayCommand(),
  fsp: async () => (await import('./fsp.ts')).fspCommand(),
  'fsp-check': async () => (await import('./fsp-check.ts')).fspCheckCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  day: async () => (await import('./day/command.ts')).dayCommand(),
  'sim-depot': async () => (await import('./sim-depot/command.ts')).simDepotCommand(),
  settle: async () => (await import('./settle.ts')).settleCommand(),
  'verify-audit': async () => (await import('./verify-audit.ts')).verifyAuditCommand(),
  distribute: async () => (await import('./distribute.ts')).distributeCommand(),
  'rotate-sealing-key': async () => (await import('./rotate-sealing-key.ts')).rotateSealingKeyCommand(),
  dnp3: async () => (await import('./dnp3/index.ts')).dnp3Command(),
}

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
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode)
  // What the person who started it can mend is one sentence; anything else is a fault of ours and shows where.
  const text =
    error instanceof StartupError ? error.message : error instanceof Error ? stackOf(error) : messageOf(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
