import { closeSync, openSync, writeSync } from 'node:fs'
import { Argument, Command } from 'commander'
import {
  type Association,
  CaptureRecorder,
  connectTcpMaster,
  DNP3_PORT,
  type MasterChannel,
  type MeasurementBatch,
  type Outcome,
} from '../../dnp3-gateway/dnp3/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import { parseCount, parsePort } from '../options.ts'
import { addLinkFlags, type LinkFlags, linkOptions, parseAddress } from './link-flags.ts'
import { parseControl, parseHeader } from './objects.ts'
import { outcomeLine, printJson, printLine } from './output.ts'

interface MasterFlags extends LinkFlags {
  readonly host: string
  readonly port: number
  readonly local: number
  readonly remote: number
  readonly count: number
  readonly interval: number
  readonly timeout: number
  readonly direct?: true
  readonly ack: boolean
  readonly serial?: true
  readonly pcap?: string
}

/** What the master can be told to do; each takes the words that follow it. */
type Action = (association: Association, words: readonly string[], flags: MasterFlags) => Promise<Outcome<unknown>>

const ACTIONS: Readonly<Record<string, Action>> = {
  integrity: (association) => association.integrityPoll(),
  event: (association) => association.classPoll([1, 2, 3]),
  read: (association, words) => association.read(some(words, 'read', 'g30v5:0-9').map(parseHeader)),
  operate: (association, words, flags) =>
    association.operate(some(words, 'operate', 'g12v1:3:latch-on').map(parseControl), procedureOf(flags)),
  'time-sync': (association, _, { serial }) => association.timeSync(serial ? 'serial' : 'lan'),
  restart: (association, [kind = 'cold']) => {
    if (kind !== 'cold' && kind !== 'warm') throw new StartupError(`restart takes cold or warm, not “${kind}”.`)
    return association.restart(kind)
  },
}

function procedureOf({ direct, ack }: MasterFlags) {
  return ack ? (direct ? 'direct' : 'select') : 'direct-no-ack'
}

function some(words: readonly string[], action: string, example: string): readonly string[] {
  if (words.length === 0) throw new StartupError(`${action} needs objects, for instance ${example}.`)
  return words
}

export function masterCommand(): Command {
  const command = new Command('master')
    .description('Ask an outstation: read it, set its time, operate its outputs. Nothing is sent that is not asked for')
    .addArgument(new Argument('<action>', 'what to do').choices(Object.keys(ACTIONS)))
    .argument('[objects...]', 'read: g30v5:0-9 …; operate: g12v1:3:latch-on …; restart: cold or warm')
    .requiredOption('--host <host>', 'where the outstation listens')
    .option('--port <port>', 'its port', parsePort, DNP3_PORT)
    .option('--local <address>', 'link address of this master', parseAddress, 1)
    .requiredOption('--remote <address>', 'link address of the outstation', parseAddress)
    .option('--count <n>', 'how often', parseCount, 1)
    .option('--interval <ms>', 'time from one to the next', parseCount, 1_000)
    .option('--timeout <ms>', 'how long to wait for the connection and for each response', parseCount, 5_000)
    .option('--direct', 'operate without selecting first')
    .option('--no-ack', 'operate without an answer')
    .option('--serial', 'set the time by the procedure for slow lines')
    .option('--pcap <file>', 'record the conversation')
  return addLinkFlags(command).action(async (action: string, words: string[], flags: MasterFlags) => {
    const succeeded = await runMaster(action, words, flags)
    if (!succeeded) process.exitCode = 1
  })
}

/** Whether everything that was asked for succeeded. */
async function runMaster(action: string, words: readonly string[], flags: MasterFlags): Promise<boolean> {
  const recording = flags.pcap === undefined ? null : record(flags.pcap)
  let lastError: Error | undefined
  const channel = connectTcpMaster({
    host: flags.host,
    port: flags.port,
    connectTimeoutMs: flags.timeout,
    reconnectMinMs: 200,
    keepAliveMs: 0,
    ...(recording === null ? {} : { tap: recording.recorder.tap(true) }),
    ...linkOptions(flags),
    onState: (_, error) => {
      lastError = error ?? lastError
    },
  })
  try {
    const association = associate(channel, flags)
    await connected(association, flags, () => lastError)
    return await repeat(action, words, flags, association)
  } finally {
    await channel.close()
    recording?.close()
  }
}

function associate(channel: MasterChannel, flags: MasterFlags): Association {
  return channel.associate({
    localAddress: flags.local,
    remoteAddress: flags.remote,
    responseTimeoutMs: flags.timeout,
    timeSync: 'never',
    startUp: { integrityPoll: false, clearRestart: false },
    onMeasurements: (batch) => printBatch(batch, flags.json === true),
  })
}

async function connected(association: Association, flags: MasterFlags, why: () => Error | undefined): Promise<void> {
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, flags.timeout, 'late').unref())
  if ((await Promise.race([association.ready(), late])) !== 'late') return
  const reason = why()
  throw new StartupError(
    `No connection to ${flags.host}:${flags.port} within ${flags.timeout} ms${reason ? ` (${messageOf(reason)})` : ''}.`,
  )
}

async function repeat(
  action: string,
  words: readonly string[],
  flags: MasterFlags,
  association: Association,
): Promise<boolean> {
  let succeeded = true
  for (let i = 0; i < flags.count; i++) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, flags.interval))
    const outcome = await (ACTIONS[action] as Action)(association, words, flags)
    succeeded &&= outcome.ok
    const line = outcomeLine(outcome)
    if (flags.json) printJson(line)
    else
      printLine(
        Object.entries(line)
          .map(([name, value]) => `${name}: ${value}`)
          .join('  '),
      )
  }
  return succeeded
}

function printBatch(batch: MeasurementBatch, json: boolean): void {
  for (const { kind, group, variation, index, value, flags, quality, timeMs, octets } of batch) {
    const shown = octets === undefined ? value : Buffer.from(octets).toString('latin1')
    const time = timeMs === null ? null : new Date(timeMs).toISOString()
    if (json) printJson({ kind, group, variation, index, value: shown, flags, quality, time })
    else printLine(`g${group}v${variation} [${index}] ${shown} ${quality.join(' ')} ${time ?? ''}`.trimEnd())
  }
}

function record(file: string) {
  try {
    const handle = openSync(file, 'w')
    return {
      recorder: new CaptureRecorder((octets) => writeSync(handle, octets)),
      close: () => closeSync(handle),
    }
  } catch (error) {
    throw new StartupError(`--pcap: ${file} cannot be written: ${messageOf(error)}`)
  }
}
