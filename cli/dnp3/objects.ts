/** The short notations of the command line: `g30v5:0-9` for objects to read, `g12v1:3:latch-on` for commands. */
import { type Control, OPERATIONS, type Operation, type ReadHeader } from '../../dnp3-gateway/dnp3/index.ts'
import { StartupError } from '../../platform/errors/index.ts'

/** `g30v5`, `g30v5:3`, `g30v5:0-9`; `g2v0*20` for at most 20 events. */
export function parseHeader(text: string): ReadHeader {
  const parts = /^g(\d{1,3})v(\d{1,3})(?::(\d+)(?:-(\d+))?|\*(\d+))?$/.exec(text)
  const [, group, variation, start, stop, count] = parts ?? []
  const header = { group: Number(group), variation: Number(variation) }
  const range = { start: Number(start), stop: Number(stop ?? start) }
  if (parts === null || header.group > 255 || header.variation > 255 || range.stop < range.start) {
    throw new StartupError(`“${text}” names no objects: write g30v5, g30v5:3, g30v5:0-9 or g2v0*20.`)
  }
  if (start !== undefined) return { ...header, ...range }
  return count === undefined ? header : { ...header, count: Number(count) }
}

const FORMATS = { 1: 'i32', 2: 'i16', 3: 'f32', 4: 'f64' } as const

/**
 * `g12v1:3:latch-on`, `g12v1:3:pulse-on,trip,count=2,on=250,off=100`, `g41v3:0:12.5`. Several can be given; they travel
 * in one request.
 */
export function parseControl(text: string): Control {
  const [, group, variation, index, rest = ''] = /^g(\d+)v(\d):(\d+):(.+)$/.exec(text) ?? []
  const format = FORMATS[Number(variation) as keyof typeof FORMATS]
  if (group === '12' && variation === '1') return parseRelay(text, Number(index), rest.split(','))
  if (group === '41' && format !== undefined && rest.trim() !== '' && Number.isFinite(Number(rest))) {
    return { kind: 'analog', index: Number(index), value: Number(rest), format }
  }
  throw wrongControl(text)
}

function parseRelay(text: string, index: number, words: readonly string[]): Control {
  const [operation, ...more] = words
  if (!OPERATIONS.includes(operation as Operation)) throw wrongControl(text)
  const settings: Record<string, number> = {}
  let tripClose: 'trip' | 'close' | 'nul' = 'nul'
  let clear = false
  for (const word of more) {
    const [, name, value] = /^(count|on|off)=(\d+)$/.exec(word) ?? []
    if (word === 'trip' || word === 'close') tripClose = word
    else if (word === 'clear') clear = true
    else if (name !== undefined) settings[name] = Number(value)
    else throw wrongControl(text)
  }
  const { count = 1, on = 0, off = 0 } = settings
  return {
    kind: 'relay',
    index,
    operation: operation as Operation,
    tripClose,
    clear,
    count,
    onTimeMs: on,
    offTimeMs: off,
  }
}

function wrongControl(text: string): StartupError {
  const relay = 'g12v1:3:latch-on or g12v1:3:pulse-on,trip,count=1,on=250,off=0'
  return new StartupError(`“${text}” is no command: write ${relay} (${OPERATIONS.join(', ')}), or g41v3:0:12.5.`)
}
