/** A live log of a conversation, by layer: what a protocol analyser would show, seen from inside. */
import { describeFragment, type FragmentDescription } from '../app/describe.ts'
import { LinkBit, linkFunctionSpec, TransportBit } from '../spec/link.ts'
import type { StationTrace } from '../transport/station.ts'

export type DecodeLayer = 'link' | 'transport' | 'application'

interface Common {
  readonly direction: 'in' | 'out'
  readonly source: number
  readonly destination: number
}

export type DecodeEntry =
  | (Common & { readonly layer: 'link'; readonly function: string; readonly control: number; readonly octets: number })
  | (Common & {
      readonly layer: 'transport'
      readonly fir: boolean
      readonly fin: boolean
      readonly sequence: number
      readonly octets: number
    })
  | (Common & { readonly layer: 'application' } & FragmentDescription)
  | { readonly layer: 'fault'; readonly fault: string }

/** A trace that passes on entries of these layers, and always faults. Give it to a channel or listener as `trace`. */
export function decodeTrace(layers: readonly DecodeLayer[], onEntry: (entry: DecodeEntry) => void): StationTrace {
  const wants = new Set(layers)
  return {
    frame: (direction, { control, source, destination, payload, length }) => {
      const common = { direction, source, destination }
      const spec = linkFunctionSpec(control)
      if (wants.has('link')) {
        const name = spec?.name ?? `function-${control & 0x0f}`
        onEntry({ layer: 'link', ...common, function: name, control, octets: length })
      }
      const isData = spec?.data === true && (control & LinkBit.prm) !== 0 && length > 0
      if (!isData || !wants.has('transport')) return
      const header = payload[0] as number
      const fir = (header & TransportBit.fir) !== 0
      const fin = (header & TransportBit.fin) !== 0
      const sequence = header & TransportBit.sequence
      onEntry({ layer: 'transport', ...common, fir, fin, sequence, octets: length - 1 })
    },
    fragment: (direction, source, destination, fragment) => {
      if (!wants.has('application')) return
      onEntry({ layer: 'application', direction, source, destination, ...describeFragment(fragment) })
    },
    fault: (fault) => onEntry({ layer: 'fault', fault }),
  }
}

/** Formats an entry as one readable line. */
export function formatEntry(entry: DecodeEntry): string {
  if (entry.layer === 'fault') return `!! ${entry.fault}`
  const arrow = entry.direction === 'in' ? '<-' : '->'
  const head = `${arrow} ${entry.source} to ${entry.destination}`
  if (entry.layer === 'link') return `${head} link ${entry.function}, ${entry.octets} octets`
  if (entry.layer === 'transport') {
    const marks = `${entry.fir ? ' FIR' : ''}${entry.fin ? ' FIN' : ''}`
    return `${head} transport${marks} sequence ${entry.sequence}, ${entry.octets} octets`
  }
  return `${head} ${formatFragment(entry)}`
}

/** Formats a fragment as one readable line: function, flags, indications, and how many points of what. */
export function formatFragment(fragment: FragmentDescription): string {
  const { fir, fin, con, uns, indications, objects, error } = fragment
  const marks = [fir && 'FIR', fin && 'FIN', con && 'CON', uns && 'UNS'].filter(Boolean).join(' ')
  const iin = indications.length === 0 ? '' : ` [${indications.join(', ')}]`
  const contents = objects.map(({ group, variation, range, count }) => {
    const where = range === undefined ? (count === undefined ? '' : ` ×${count}`) : `:${range[0]}-${range[1]}`
    return `g${group}v${variation}${where}`
  })
  const fault = error === null ? '' : ` !! ${error}`
  return `${fragment.function} #${fragment.sequence} (${marks})${iin} ${contents.join(' ')}${fault}`.trimEnd()
}
