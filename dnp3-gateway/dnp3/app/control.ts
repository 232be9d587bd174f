/** Application control octet, IEEE 1815-2012 clause 4.2.2.3. */
import { FunctionCode } from '../spec/functions.ts'

export const ControlBit = { fir: 0x80, fin: 0x40, con: 0x20, uns: 0x10, sequence: 0x0f } as const

/** Control octet of a single-fragment message: every request, confirm and unsolicited response. */
export function singleControl(sequence: number, con = false, uns = false): number {
  return ControlBit.fir | ControlBit.fin | (con ? ControlBit.con : 0) | (uns ? ControlBit.uns : 0) | (sequence & 0x0f)
}

/** The next application sequence. */
export function nextSequence(sequence: number): number {
  return (sequence + 1) & ControlBit.sequence
}

const confirm = new Uint8Array([0, FunctionCode.confirm])

/** The octets of a confirm, in a shared buffer: valid until the next call. */
export function confirmOctets(control: number): Uint8Array {
  confirm[0] = control
  return confirm
}
