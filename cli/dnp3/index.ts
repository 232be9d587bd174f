import { Command } from 'commander'
import { decodeCommand } from './decode.ts'
import { masterCommand } from './master.ts'
import { outstationCommand } from './outstation.ts'

/** `ringmain dnp3 …`: the protocol by hand, for engineers in the field and trials against other makers' devices. */
export function dnp3Command(): Command {
  const command = new Command('dnp3')
    .description('Decode captures, and speak DNP3 as a master or an outstation')
    .addCommand(decodeCommand())
    .addCommand(masterCommand())
    .addCommand(outstationCommand())
  for (const own of [command, ...command.commands]) own.exitOverride()
  return command
}
