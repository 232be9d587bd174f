/** Points of an outstation from a file and from standard input. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Outstation, PointConfig, PointType } from '../../dnp3-gateway/dnp3/index.ts'
import { messageOf, StartupError } from '../../platform/errors/index.ts'

const TYPES = [
  'binary',
  'doubleBit',
  'binaryOutput',
  'counter',
  'frozenCounter',
  'analog',
  'frozenAnalog',
  'analogOutput',
  'octetString',
] as const satisfies readonly PointType[]

const index = z.int().min(0).max(0xffff_ffff)
const flags = z.int().min(0).max(255)

const point = z.strictObject({
  type: z.enum(TYPES),
  index,
  eventClass: z.literal([0, 1, 2, 3]).optional(),
  staticVariation: z.int().min(0).max(255).optional(),
  eventVariation: z.int().min(0).max(255).optional(),
  deadband: z.number().min(0).optional(),
  value: z.number().optional(),
  /** Default 1: online. */
  flags: flags.default(1),
  /** Of an octet string. */
  text: z.string().max(255).optional(),
})

const update = z.strictObject({
  type: z.enum(TYPES),
  index,
  value: z.union([z.number(), z.string().max(255)]),
  flags: flags.optional(),
  timeMs: z.number().optional(),
})

/** Points to begin with, and the strings among them. */
export interface PointsFile {
  readonly points: readonly PointConfig[]
  readonly texts: readonly { readonly index: number; readonly text: string }[]
}

/** Reads a JSON file: an array of points, or an object with one under `points`. */
export function readPoints(file: string): PointsFile {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const list = Array.isArray(content) ? content : (content as { points?: unknown }).points
    const points = z.array(point).parse(list)
    return {
      points: points.map(({ text: _, ...config }) => config as PointConfig),
      texts: points.flatMap(({ index: at, text }) => (text === undefined ? [] : [{ index: at, text }])),
    }
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)
    throw new StartupError(`--points: ${file} holds no points: ${reason}`)
  }
}

/**
 * Carries out a line of standard input: `analog 3 240.5`, `binary 1 1 0x05` (with flags), `octetString 0 some text`, or
 * the same as a JSON object. Returns what was wrong, or null.
 */
export function applyLine(outstation: Outstation, line: string): string | null {
  const change = line.trimStart().startsWith('{') ? parseJson(line) : parseWords(line)
  const parsed = update.safeParse(change)
  if (!parsed.success)
    return `“${line}” is no change: write TYPE INDEX VALUE [FLAGS], with TYPE one of ${TYPES.join(', ')}`
  const { type, index: at, value, flags: given, timeMs } = parsed.data
  const options = { ...(given === undefined ? {} : { flags: given }), ...(timeMs === undefined ? {} : { timeMs }) }
  const done =
    type === 'octetString'
      ? outstation.updateOctets(at, Buffer.from(String(value), 'latin1'), options)
      : outstation.update(type, at, Number(value), options)
  return done ? null : `there is no ${type} ${at}`
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function parseWords(line: string): unknown {
  const [type, at, ...rest] = line.trim().split(/\s+/)
  if (type === 'octetString') return { type, index: Number(at), value: rest.join(' ') }
  const [value, given] = rest
  return {
    type,
    index: Number(at),
    value: value === undefined || value === '' ? null : Number(value),
    ...(given === undefined ? {} : { flags: Number(given) }),
  }
}
