import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import {
  CaptureError,
  type DecodedRecord,
  DNP3_PORT,
  decodeCapture,
  formatFragment,
  type PointDescription,
} from '../../dnp3-gateway/dnp3/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import { parsePort } from '../options.ts'
import { printJson, printLine } from './output.ts'

export function decodeCommand(): Command {
  return new Command('decode')
    .description('Show the DNP3 conversations in a capture (pcap or pcapng; TCP and UDP)')
    .argument('<file>', 'capture file')
    .option('--port <port>', 'port of the outstations', parsePort, DNP3_PORT)
    .option('--json', 'one JSON object a line')
    .action((file: string, flags: { port: number; json?: true }) => {
      for (const record of decodeFile(file, flags.port)) {
        if (flags.json) printJson(jsonLine(record))
        else for (const line of textLines(record)) printLine(line)
      }
    })
}

function* decodeFile(file: string, port: number): Generator<DecodedRecord> {
  try {
    yield* decodeCapture(readFileSync(file), { port })
  } catch (error) {
    if (error instanceof CaptureError || (error instanceof Error && 'code' in error)) {
      throw new StartupError(`${file} cannot be decoded: ${messageOf(error)}`)
    }
    throw error
  }
}

/** The line of an application fragment; of a fault below the application only place and error are known. */
export function jsonLine(record: DecodedRecord): Record<string, unknown> {
  if (!('function' in record)) {
    const nothing = { source: null, destination: null, function: null, sequence: null, iin: null, objects: [] }
    return { frame: record.frame, ...nothing, error: record.error }
  }
  const { frame, source, destination, sequence, iin, objects, error } = record
  return {
    frame,
    source,
    destination,
    function: record.function,
    sequence,
    iin,
    objects: objects.map(({ group, variation, qualifier, points }) => ({ group, variation, qualifier, points })),
    error,
  }
}

/** The same for people: a line for the fragment, one for each point. */
function* textLines(record: DecodedRecord): Generator<string> {
  if (!('function' in record)) {
    yield `${record.frame}  !! ${record.error}`
    return
  }
  yield `${record.frame}  ${record.source} -> ${record.destination}  ${formatFragment(record)}`
  for (const { group, variation, points } of record.objects) {
    for (const point of points) yield `      g${group}v${variation} ${pointText(point)}`
  }
}

function pointText({ index, value, flags, time, fields }: PointDescription): string {
  const parts = [
    `[${index}]`,
    value === null ? '' : String(value),
    flags === null ? '' : `flags 0x${flags.toString(16).padStart(2, '0')}`,
    time ?? '',
    ...Object.entries(fields ?? {}).map(([name, field]) => `${name}=${field}`),
  ]
  return parts.filter((part) => part !== '').join(' ')
}
