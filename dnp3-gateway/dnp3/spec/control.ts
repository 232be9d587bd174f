/** Control relay output blocks and command status, IEEE 1815-2012 Annex A, groups 12 and 41. */

/** Operation type, low four bits of the control code. */
export const OPERATIONS = ['nul', 'pulse-on', 'pulse-off', 'latch-on', 'latch-off'] as const
export type Operation = (typeof OPERATIONS)[number]

/** Trip–close code, high two bits. */
export const TRIP_CLOSE = ['nul', 'close', 'trip', 'reserved'] as const
export type TripClose = (typeof TRIP_CLOSE)[number]

export const ControlCodeBit = { operation: 0x0f, queue: 0x10, clear: 0x20, tripClose: 0xc0 } as const

/** An outstation's answer to a command. */
export const CommandStatus = {
  success: 0,
  timeout: 1,
  noSelect: 2,
  formatError: 3,
  notSupported: 4,
  alreadyActive: 5,
  hardwareError: 6,
  local: 7,
  tooManyOperations: 8,
  notAuthorized: 9,
  automationInhibit: 10,
  processingLimited: 11,
  outOfRange: 12,
  downstreamLocal: 13,
  alreadyComplete: 14,
  blocked: 15,
  canceled: 16,
  blockedOtherMaster: 17,
  downstreamFail: 18,
  nonParticipating: 126,
  undefined: 127,
} as const

export type CommandStatusName = keyof typeof CommandStatus

/** The name of a status octet. */
export function commandStatusName(status: number): CommandStatusName {
  const names = Object.keys(CommandStatus) as CommandStatusName[]
  return names.find((name) => CommandStatus[name] === (status & 0x7f)) ?? 'undefined'
}

/** Composes a control code octet. */
export function controlCode(operation: Operation, tripClose: TripClose = 'nul', clear = false): number {
  return OPERATIONS.indexOf(operation) | (TRIP_CLOSE.indexOf(tripClose) << 6) | (clear ? ControlCodeBit.clear : 0)
}
