/** Application function codes, IEEE 1815-2012 clause 4.2.2.4; procedures in clause 4.4. */

/** What a fragment contains after its header: nothing, bare headers (a selection), or headers with objects. */
export type ObjectContent = 'none' | 'headers' | 'data'

/** One row of the function code table. */
export interface FunctionSpec {
  readonly code: number
  readonly name: string
  readonly sender: 'master' | 'outstation' | 'both'
  readonly content: ObjectContent
  /** Whether the receiver answers with a response (confirm and the NR forms are silent). */
  readonly answered: boolean
}

const row = (
  code: number,
  name: string,
  sender: FunctionSpec['sender'],
  content: ObjectContent,
  answered: boolean,
): FunctionSpec => ({ code, name, sender, content, answered })

/** Every function code that IEEE 1815-2012 defines; a stack's device profile says what it does with each. */
export const FUNCTIONS: readonly FunctionSpec[] = [
  row(0, 'confirm', 'both', 'none', false),
  row(1, 'read', 'master', 'headers', true),
  row(2, 'write', 'master', 'data', true),
  row(3, 'select', 'master', 'data', true),
  row(4, 'operate', 'master', 'data', true),
  row(5, 'direct-operate', 'master', 'data', true),
  row(6, 'direct-operate-no-ack', 'master', 'data', false),
  row(7, 'immediate-freeze', 'master', 'headers', true),
  row(8, 'immediate-freeze-no-ack', 'master', 'headers', false),
  row(9, 'freeze-and-clear', 'master', 'headers', true),
  row(10, 'freeze-and-clear-no-ack', 'master', 'headers', false),
  row(11, 'freeze-at-time', 'master', 'headers', true),
  row(12, 'freeze-at-time-no-ack', 'master', 'headers', false),
  row(13, 'cold-restart', 'master', 'none', true),
  row(14, 'warm-restart', 'master', 'none', true),
  row(15, 'initialize-data', 'master', 'headers', true),
  row(16, 'initialize-application', 'master', 'data', true),
  row(17, 'start-application', 'master', 'data', true),
  row(18, 'stop-application', 'master', 'data', true),
  row(19, 'save-configuration', 'master', 'data', true),
  row(20, 'enable-unsolicited', 'master', 'headers', true),
  row(21, 'disable-unsolicited', 'master', 'headers', true),
  row(22, 'assign-class', 'master', 'headers', true),
  row(23, 'delay-measure', 'master', 'none', true),
  row(24, 'record-current-time', 'master', 'none', true),
  row(25, 'open-file', 'master', 'data', true),
  row(26, 'close-file', 'master', 'data', true),
  row(27, 'delete-file', 'master', 'data', true),
  row(28, 'get-file-info', 'master', 'data', true),
  row(29, 'authenticate-file', 'master', 'data', true),
  row(30, 'abort-file', 'master', 'data', true),
  row(31, 'activate-configuration', 'master', 'data', true),
  row(32, 'authentication-request', 'master', 'data', true),
  row(33, 'authentication-request-no-ack', 'master', 'data', false),
  row(129, 'response', 'outstation', 'data', false),
  row(130, 'unsolicited-response', 'outstation', 'data', false),
  row(131, 'authentication-response', 'outstation', 'data', false),
]

/** Codes by name, for code that sends or dispatches by function. */
export const FunctionCode = {
  confirm: 0,
  read: 1,
  write: 2,
  select: 3,
  operate: 4,
  directOperate: 5,
  directOperateNoAck: 6,
  immediateFreeze: 7,
  immediateFreezeNoAck: 8,
  freezeAndClear: 9,
  freezeAndClearNoAck: 10,
  coldRestart: 13,
  warmRestart: 14,
  stopApplication: 18,
  enableUnsolicited: 20,
  disableUnsolicited: 21,
  assignClass: 22,
  delayMeasure: 23,
  recordCurrentTime: 24,
  response: 129,
  unsolicitedResponse: 130,
  authenticationResponse: 131,
} as const

const BY_CODE: (FunctionSpec | undefined)[] = []
for (const spec of FUNCTIONS) BY_CODE[spec.code] = spec

/** The row of a function code, or undefined if the standard defines none. */
export function functionSpec(code: number): FunctionSpec | undefined {
  return BY_CODE[code]
}

/** Responses (129 and above) carry two octets of internal indications after the function code. */
export function isResponseCode(code: number): boolean {
  return code >= 129
}
