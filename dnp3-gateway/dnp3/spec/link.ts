/** Data link layer constants, IEEE 1815-2012 clause 9.2. */

/** Link function codes; the same number has a different meaning with and without the PRM bit (clause 9.2.4.1). */
export interface LinkFunctionSpec {
  readonly code: number
  readonly primary: boolean
  readonly name: string
  /** Whether user data may follow the header. */
  readonly data: boolean
  /** Whether the frame count bit is valid (FCV must be set). */
  readonly counted: boolean
}

export const LINK_FUNCTIONS: readonly LinkFunctionSpec[] = [
  { code: 0, primary: true, name: 'reset-link-states', data: false, counted: false },
  { code: 2, primary: true, name: 'test-link-states', data: false, counted: true },
  { code: 3, primary: true, name: 'confirmed-user-data', data: true, counted: true },
  { code: 4, primary: true, name: 'unconfirmed-user-data', data: true, counted: false },
  { code: 9, primary: true, name: 'request-link-status', data: false, counted: false },
  { code: 0, primary: false, name: 'ack', data: false, counted: false },
  { code: 1, primary: false, name: 'nack', data: false, counted: false },
  { code: 11, primary: false, name: 'link-status', data: false, counted: false },
  { code: 15, primary: false, name: 'not-supported', data: false, counted: false },
]

/** Bits of the link control octet (clause 9.2.4.1.3). */
export const LinkBit = { dir: 0x80, prm: 0x40, fcb: 0x20, fcv: 0x10, dfc: 0x10 } as const

export const LinkPrimary = {
  resetLinkStates: 0,
  testLinkStates: 2,
  confirmedUserData: 3,
  unconfirmedUserData: 4,
  requestLinkStatus: 9,
} as const

export const LinkSecondary = { ack: 0, nack: 1, linkStatus: 11, notSupported: 15 } as const

const BY_CODE: (LinkFunctionSpec | undefined)[] = []
for (const spec of LINK_FUNCTIONS) BY_CODE[(spec.primary ? 16 : 0) + spec.code] = spec

/** The row of a link control octet's function code, or undefined if the standard defines none. */
export function linkFunctionSpec(control: number): LinkFunctionSpec | undefined {
  return BY_CODE[((control & LinkBit.prm) !== 0 ? 16 : 0) + (control & 0x0f)]
}

/** Frame sizes in octets (clause 9.2.4). LEN counts control, both addresses and user data, not CRCs. */
export const LinkSize = {
  header: 10,
  minLength: 5,
  maxUserData: 250,
  block: 16,
  crc: 2,
  maxFrame: 292,
} as const

/** First address of the reserved block 0xFFF0–0xFFFF; the two kinds below are in use (clause 9.2.4.1.4). */
export const RESERVED_ADDRESS = 0xfff0
/** Reaches any outstation that enables the feature. */
export const SELF_ADDRESS = 0xfffc
/** Broadcasts: 0xFFFD optional confirm, 0xFFFE mandatory confirm, 0xFFFF no confirm. */
export const BROADCAST_ADDRESS = 0xfffd

/** The broadcast address whose receipt an outstation has to have confirmed. */
export const CONFIRMED_BROADCAST = 0xfffe

/** Whether an address is one of the three broadcast addresses. */
export function isBroadcast(address: number): boolean {
  return address >= BROADCAST_ADDRESS
}

/** Transport function header bits and sizes (clause 8.2). */
export const TransportBit = { fin: 0x80, fir: 0x40, sequence: 0x3f } as const
export const MAX_SEGMENT = 249
