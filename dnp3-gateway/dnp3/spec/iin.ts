/**
 * Internal indications, IEEE 1815-2012 clause 4.2.2.6. The first octet on the wire (IIN1) is the high octet here,
 * as in the notation IIN1.7 = 0x8000.
 */
export const Iin = {
  broadcast: 0x0100,
  class1Events: 0x0200,
  class2Events: 0x0400,
  class3Events: 0x0800,
  needTime: 0x1000,
  localControl: 0x2000,
  deviceTrouble: 0x4000,
  deviceRestart: 0x8000,
  functionNotSupported: 0x0001,
  objectUnknown: 0x0002,
  parameterError: 0x0004,
  eventBufferOverflow: 0x0008,
  alreadyExecuting: 0x0010,
  configurationCorrupt: 0x0020,
} as const

/** Name of one indication bit. */
export type IinName = keyof typeof Iin

/** Bits with which an outstation refuses a request, all in the second octet. */
export const IIN_REFUSAL = Iin.functionNotSupported | Iin.objectUnknown | Iin.parameterError

/** Index of the restart bit in g80v1, the only one that a master may write (clause 4.4.3). */
export const IIN_RESTART_INDEX = 7

/** Bits by which an outstation says that something is wrong with a request or with itself, and none of our recoveries answers. */
const COMPLAINTS = Iin.deviceTrouble | (0x00ff & ~Iin.eventBufferOverflow)

/** What an outstation complains of, in the notation of the standard: `IIN2.2 parameterError`; reserved bits have no name. */
export function complaintsIn(iin: number): string[] {
  const found: string[] = []
  for (let bit = 0; bit < 16; bit++) {
    const mask = 1 << bit
    if ((iin & mask & COMPLAINTS) === 0) continue
    const place = bit >= 8 ? `IIN1.${bit - 8}` : `IIN2.${bit}`
    found.push([place, ...iinNames(mask)].join(' '))
  }
  return found
}

/** The names of the bits set in an IIN word. */
export function iinNames(iin: number): IinName[] {
  return (Object.keys(Iin) as IinName[]).filter((name) => (iin & Iin[name]) !== 0)
}
