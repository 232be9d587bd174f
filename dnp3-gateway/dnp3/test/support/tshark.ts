/** Wireshark's dissector as a second opinion. */
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { ObjectDescription } from '../../app/describe.ts'
import type { DecodedRecord } from '../../index.ts'

/** One application fragment as tshark sees it. */
export interface Dissected {
  readonly frame: number
  functionCode: number
  sequence: number
  iin: number | null
  readonly objects: { readonly group: number; readonly variation: number; readonly points: DissectedPoint[] }[]
  /** Anything that tshark finds wrong with the packet. */
  readonly complaints: string[]
}

interface DissectedPoint {
  readonly index: number
  /** Text of the value, where there is one. */
  value: string | null
  /** Six octets as they lie on the wire. */
  timeHex: string | null
}

/** Whether tshark can be run here; CI has it, a developer's machine may not. */
export const HAS_TSHARK = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const run = promisify(execFile)

export interface Dissection {
  readonly fragments: Dissected[]
  /**
   * Segments that follow sequence 63. tshark 4.0 does not join them to what came before, so it misses their fragment,
   * and may count the rest of it to the next one.
   */
  wraps: number
}

/** All application fragments in a capture; the last packet of a segmented fragment carries it. */
export async function dissect(file: string, port = 20_000): Promise<Dissection> {
  const args = ['-r', file, '-d', `tcp.port==${port},dnp3`, '-d', `udp.port==${port},dnp3`, '-T', 'pdml']
  const { stdout } = await run('tshark', args, { maxBuffer: 512 * 1024 * 1024 })
  return parsePdml(stdout)
}

const VALUE_FIELD = /^dnp3\.al\.(ana|anaout|cnt|ana\.\w+|anaout\.\w+|bit|bit[0-9]|2bit\w*|time_delay)$/

/** Reads the lines of PDML that matter here; the format is one element a line, indented by depth. */
function parsePdml(text: string): Dissection {
  const dissection: Dissection = { fragments: [], wraps: 0 }
  const { fragments } = dissection
  let frame = 0
  let current: Dissected | null = null
  let complaints: string[] = []
  let point: DissectedPoint | null = null
  for (const line of text.split('\n')) {
    const name = /name="([^"]*)"/.exec(line)?.[1]
    if (name === undefined) continue
    const show = / show="([^"]*)"/.exec(line)?.[1] ?? ''
    const value = / value="([^"]*)"/.exec(line)?.[1] ?? ''
    if (name === 'num') {
      frame = Number(show)
      complaints = []
      current = null
    } else if (name === '_ws.malformed' || (name === '_ws.expert.message' && /Unknown Object|Malformed/.test(show))) {
      complaints.push(show || 'malformed')
    } else if (name.endsWith('CRC.status') && show !== '1') complaints.push(`${name} ${show}`)
    else if (name === '' && show.startsWith('Application Layer:')) {
      current = { frame, functionCode: -1, sequence: -1, iin: null, objects: [], complaints }
      point = null
      fragments.push(current)
    } else if (name === 'dnp3' || name === 'dnp3.tr.ctl') {
      current = null
      if (name === 'dnp3.tr.ctl' && (Number(show) & 0x7f) === 0) dissection.wraps++
    } else if (current !== null) point = take(current, name, show, value, point)
  }
  return dissection
}

function take(current: Dissected, name: string, show: string, value: string, point: DissectedPoint | null) {
  const points = current.objects.at(-1)?.points
  if (name === 'dnp3.al.func') current.functionCode = Number(show)
  else if (name === 'dnp3.al.seq') current.sequence = Number(show)
  else if (name === 'dnp3.al.iin') current.iin = Number(show)
  else if (name === 'dnp3.al.obj') {
    current.objects.push({ group: Number(show) >> 8, variation: Number(show) & 0xff, points: [] })
    return null
  } else if (name === '' && show.startsWith('Point Number ') && points !== undefined) {
    const index = Number(/^Point Number (\d+)/.exec(show)?.[1])
    const text = /(?:Value|Count): ([^,[\s]+)/.exec(show)?.[1] ?? null
    const next: DissectedPoint = { index, value: text, timeHex: null }
    points.push(next)
    return next
  } else if (point !== null && VALUE_FIELD.test(name) && !name.includes('bit')) point.value = show
  else if (point !== null && (name === 'dnp3.al.timestamp' || name === 'dnp3.al.time')) point.timeHex = value
  return point
}

/** Where our reading of a capture and tshark's differ, in words; empty when they agree. */
export function differences(ours: readonly DecodedRecord[], dissection: Dissection): string[] {
  const found: string[] = []
  let missed = 0
  const theirs = [...dissection.fragments]
  for (const own of ours) {
    if (!('function' in own)) continue
    const at = theirs.findIndex((other) => other.frame === own.frame && other.sequence === own.sequence)
    const other = theirs[at]
    if (other === undefined || other.functionCode !== own.functionCode) missed++
    else found.push(...fragmentDifferences(own, other))
    if (at >= 0) {
      missed += at
      theirs.splice(0, at + 1)
    }
  }
  if (missed > 2 * dissection.wraps) found.push(`${missed} fragments are seen by one side only`)
  return found
}

/** The objects that tshark 4.0 does not dissect: secure authentication, and the class assignment's. */
const OPAQUE_FUNCTIONS = [18, 22, 32, 33, 131]
/** Objects that it does not know: authentication, the coarse time delay, lists of attributes. */
export function isOpaque({ group, variation }: { readonly group: number; readonly variation: number }): boolean {
  return group === 120 || (group === 52 && variation === 1) || (group === 0 && variation === 255)
}

function fragmentDifferences(own: Extract<DecodedRecord, { function: string }>, other: Dissected): string[] {
  if (OPAQUE_FUNCTIONS.includes(own.functionCode)) return []
  const place = `frame ${own.frame}`
  const strange = own.objects.findIndex(isOpaque)
  const known = strange < 0 ? own.objects : own.objects.slice(0, strange)
  const found: string[] = []
  if (own.iin !== other.iin) found.push(`${place}: indications ${own.iin}, tshark ${other.iin}`)
  // What we refuse has a reason; the objects before the fault are compared all the same.
  if (own.error === null && strange < 0 && own.objects.length !== other.objects.length) {
    found.push(`${place}: ${own.objects.length} objects, tshark ${other.objects.length}`)
  }
  for (const [i, object] of known.entries()) {
    const their = other.objects[i]
    if (their !== undefined)
      found.push(...objectDifferences(`${place} g${object.group}v${object.variation}`, object, their))
  }
  return found
}

function objectDifferences(place: string, own: ObjectDescription, other: Dissected['objects'][number]): string[] {
  // Where the variation is a length, tshark names the group alone.
  const isLength = own.group >= 110 && own.group <= 113
  if (own.group !== other.group || (!isLength && own.variation !== other.variation)) {
    return [`${place}: tshark g${other.group}v${other.variation}`]
  }
  // Free formats and strings have no value in a common form; tshark numbers the points of bare headers anew.
  if (own.points.length === 0 || [70, 120].includes(own.group)) return []
  if (own.points.length !== other.points.length) {
    return [`${place}: ${own.points.length} points, tshark ${other.points.length}`]
  }
  const found: string[] = []
  for (const [p, point] of own.points.entries()) {
    const their = other.points[p] as DissectedPoint
    if (point.index !== their.index) found.push(`${place}: index ${point.index}, tshark ${their.index}`)
    if (own.group !== 12 && !sameValue(point.value, their.value)) {
      found.push(`${place} index ${point.index}: value ${point.value}, tshark ${their.value}`)
    }
    if (their.timeHex !== null && timeOf(their.timeHex) !== Date.parse(point.time ?? '')) {
      found.push(
        `${place} index ${point.index}: time ${point.time}, tshark ${new Date(timeOf(their.timeHex)).toISOString()}`,
      )
    }
  }
  return found
}

/** Whether two renderings of a value mean the same number. */
function sameValue(ours: number | string | null, theirs: string | null): boolean {
  if (theirs === null || ours === null) return true
  if (typeof ours === 'string') return Number.isNaN(Number(ours)) || Number(ours) === Number(theirs)
  const other = Number(theirs)
  return Math.abs(ours - other) <= 1e-5 * Math.max(1, Math.abs(ours))
}

/** Milliseconds since 1970 from six octets in hexadecimal, low octet first. */
function timeOf(hex: string): number {
  return Number.parseInt(hex.match(/../g)?.reverse().join('') ?? '', 16)
}
