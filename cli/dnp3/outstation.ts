import { createInterface } from 'node:readline'
import { Command } from 'commander'
import {
  CommandStatus,
  type Command as ControlCommand,
  createOutstation,
  listenTcpOutstation,
  type Outstation,
} from '../../dnp3-gateway/dnp3/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import { parsePort } from '../options.ts'
import { addLinkFlags, type LinkFlags, linkOptions, parseAddress } from './link-flags.ts'
import { note, printJson, printLine } from './output.ts'
import { applyLine, readPoints } from './points.ts'

interface OutstationFlags extends LinkFlags {
  readonly host: string
  readonly port: number
  readonly local: number
  readonly remote?: number
  readonly points: string
}

export function outstationCommand(): Command {
  const command = new Command('outstation')
    .description('Be an outstation with the points of a file; their values change by lines on standard input')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .requiredOption('--port <port>', 'port to listen on; 0 takes a free one', parsePort)
    .option('--local <address>', 'link address of this outstation', parseAddress, 10)
    .option('--remote <address>', 'the only master that is answered; any when left out', parseAddress)
    .requiredOption('--points <file>', 'JSON: [{"type":"analog","index":0,"eventClass":2,"value":240.5}, …]')
    .addHelpText(
      'after',
      '\nStandard input: TYPE INDEX VALUE [FLAGS] (“analog 0 251.5”), the same as JSON, “restart”, “quit”.',
    )
  return addLinkFlags(command).action(async (flags: OutstationFlags) => {
    await runOutstation(flags)
  })
}

async function runOutstation(flags: OutstationFlags): Promise<void> {
  const { points, texts } = readPoints(flags.points)
  const say = (line: Record<string, unknown>) =>
    flags.json
      ? printJson(line)
      : printLine(
          Object.entries(line)
            .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
            .join('  '),
        )
  const outstation = createOutstation({
    address: flags.local,
    ...(flags.remote === undefined ? {} : { masterAddress: flags.remote }),
    points,
    unsolicited: {},
    selfAddress: true,
    attributes: { 250: 'Ringmain outstation', 252: 'Ringmain' },
    onCommand: (command) => obey(outstation, command, say),
    onRestart: (kind) => {
      say({ restart: kind })
      return 0
    },
  })
  for (const { index, text } of texts) {
    outstation.updateOctets(index, Buffer.from(text, 'latin1'), { event: 'suppress' })
  }
  const listener = await listenTcpOutstation(outstation, {
    host: flags.host,
    port: flags.port,
    ...linkOptions(flags),
    onRefused: (error) => note(`Refused: ${messageOf(error)}`),
  }).catch((error: unknown) => {
    throw new StartupError(`Cannot listen on ${flags.host}:${flags.port}: ${messageOf(error)}`)
  })
  say({ listening: `${listener.host}:${listener.port}` })
  await serveInput(outstation, say)
  await listener.close()
}

/** Commands act on the outputs that the file names: relays on binary outputs, set-points on analog outputs. */
function obey(outstation: Outstation, command: ControlCommand, say: (line: Record<string, unknown>) => void): number {
  const type = command.kind === 'relay' ? 'binaryOutput' : 'analogOutput'
  if (outstation.read(type, command.index) === undefined) return CommandStatus.outOfRange
  if (command.mode === 'select') return CommandStatus.success
  say({ command })
  if (command.kind === 'analog') outstation.update(type, command.index, command.value)
  else if (command.operation !== 'nul' || command.tripClose !== 'nul') {
    const on = command.operation.endsWith('-on') || command.tripClose === 'close'
    outstation.update(type, command.index, on ? 1 : 0)
  }
  return CommandStatus.success
}

/** Takes lines until `quit` or a signal; the end of standard input ends nothing. */
function serveInput(outstation: Outstation, say: (line: Record<string, unknown>) => void): Promise<void> {
  const input = createInterface({ input: process.stdin })
  return new Promise((resolve) => {
    const end = () => {
      input.close()
      process.stdin.unref?.()
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
    input.on('line', (line) => {
      if (line.trim() === '') return
      if (line.trim() === 'quit') return end()
      if (line.trim() === 'restart') return outstation.restart()
      const wrong = applyLine(outstation, line)
      say(wrong === null ? { ok: true } : { ok: false, message: wrong })
    })
  })
}
