/** The command alone, without the processes that `ringmain` can start besides. */
import { Command, CommanderError } from 'commander'
import { StartupError } from '../../../../platform/errors/index.ts'
import { dnp3Command } from '../../index.ts'

try {
  await new Command('ringmain').addCommand(dnp3Command()).exitOverride().parseAsync()
} catch (error) {
  if (!(error instanceof StartupError) && !(error instanceof CommanderError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
