/** Commands to outputs (IEEE 1815-2012 clause 4.4.4): select before operate, direct operate, and the check of the echo. */
import type { Fragment } from '../app/fragment.ts'
import type { FragmentWriter } from '../app/writer.ts'
import { CommandStatus, commandStatusName, controlCode, type Operation, type TripClose } from '../spec/control.ts'
import { FunctionCode } from '../spec/functions.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { Request } from './exchange.ts'
import type { Run } from './operations.ts'
import { failure, type Outcome, success } from './outcome.ts'

/** A control relay output block (g12v1). */
export interface RelayControl {
  readonly kind: 'relay'
  readonly index: number
  readonly operation: Operation
  /** Default nul. */
  readonly tripClose?: TripClose
  /** Cancels whatever is in progress on the point; default false. */
  readonly clear?: boolean
  /** Default 1. */
  readonly count?: number
  /** Default 0. */
  readonly onTimeMs?: number
  /** Default 0. */
  readonly offTimeMs?: number
}

/** A set-point (g41). */
export interface AnalogControl {
  readonly kind: 'analog'
  readonly index: number
  readonly value: number
  /** How the value travels; default f32. */
  readonly format?: 'i32' | 'i16' | 'f32' | 'f64'
}

export type Control = RelayControl | AnalogControl

/** `select` selects, then operates; `direct` does both at once; `direct-no-ack` gets no answer. */
export type ControlProcedure = 'select' | 'direct' | 'direct-no-ack'

const ANALOG_VARIATIONS = { i32: 1, i16: 2, f32: 3, f64: 4 } as const

/** Carries out commands in one request, in the given order. */
export async function control(
  run: Run,
  controls: readonly Control[],
  procedure: ControlProcedure,
): Promise<Outcome<void>> {
  if (controls.length === 0) return failure('bad-request', 'no command was given')
  const wrong = controls.find(isOutOfRange)
  if (wrong !== undefined) return failure('bad-request', `the command to index ${wrong.index} is out of range`)
  if (procedure === 'direct-no-ack') {
    const sent = await run({ code: FunctionCode.directOperateNoAck, build: (writer) => void write(writer, controls) })
    return sent.ok ? success(undefined) : sent
  }
  if (procedure === 'direct') return step(run, FunctionCode.directOperate, controls)
  const selected = await step(run, FunctionCode.select, controls)
  return selected.ok ? step(run, FunctionCode.operate, controls) : selected
}

function isOutOfRange(control: Control): boolean {
  if (!Number.isInteger(control.index) || control.index < 0 || control.index > 0xffff_ffff) return true
  if (control.kind === 'relay') return !((control.count ?? 1) >= 0 && (control.count ?? 1) <= 255)
  if (control.format === 'i16') return !(control.value >= -0x8000 && control.value <= 0x7fff)
  if (control.format === 'i32') return !(control.value >= -0x8000_0000 && control.value <= 0x7fff_ffff)
  return false
}

/** Sends one request and checks that its echo differs only in the statuses, and that every status is success. */
async function step(run: Run, code: number, controls: readonly Control[]): Promise<Outcome<void>> {
  let sent: Uint8Array = new Uint8Array(0)
  let statusAt: number[] = []
  let echo: Uint8Array = new Uint8Array(0)
  const request: Request = {
    code,
    build: (writer) => {
      const from = writer.length
      statusAt = write(writer, controls).map((at) => at - from)
      sent = writer.view().slice(from)
    },
    onFragment: (fragment: Fragment) => {
      echo = fragment.bytes.slice(RESPONSE_HEADER)
    },
  }
  const answered = await run(request)
  if (!answered.ok) {
    // A refused command may still echo its status, which says more than the indications.
    const status = answered.error.code === 'refused' ? firstFailure(echo, statusAt) : 0
    return status === 0 ? answered : refused(status, answered.error.iin)
  }
  return assess(sent, echo, statusAt)
}

const RESPONSE_HEADER = 4

function assess(sent: Uint8Array, echo: Uint8Array, statusAt: readonly number[]): Outcome<void> {
  const altered = sent.length !== echo.length || sent.some((octet, i) => octet !== echo[i] && !statusAt.includes(i))
  if (altered) return failure('echo-mismatch', 'the echo differs from the command')
  const status = firstFailure(echo, statusAt)
  return status === CommandStatus.success ? success(undefined) : refused(status)
}

function firstFailure(echo: Uint8Array, statusAt: readonly number[]): number {
  for (const at of statusAt) {
    const status = (echo[at] ?? 0) & 0x7f
    if (status !== CommandStatus.success) return status
  }
  return CommandStatus.success
}

function refused(status: number, iin?: number): Outcome<never> {
  const message = `the outstation refused the command: ${commandStatusName(status)}`
  return failure('command-refused', message, { status, ...(iin === undefined ? {} : { iin }) })
}

/** Writes the commands, consecutive ones of a kind under one header; returns the positions of their statuses. */
function write(writer: FragmentWriter, controls: readonly Control[]): number[] {
  const statusAt: number[] = []
  const maxIndex = Math.max(...controls.map(({ index }) => index))
  for (let from = 0; from < controls.length; ) {
    const spec = specOf(controls[from] as Control)
    let to = from + 1
    while (to < controls.length && specOf(controls[to] as Control) === spec) to++
    const width = writer.indexed(spec.group.group, spec.variation, to - from, maxIndex)
    for (const control of controls.slice(from, to)) {
      writer.unsigned(control.index, width).record(spec, fieldsOf(control))
      statusAt.push(writer.length - 1)
    }
    from = to
  }
  return statusAt
}

function specOf(control: Control): ObjectSpec {
  if (control.kind === 'relay') return objectSpec(12, 1) as ObjectSpec
  return objectSpec(41, ANALOG_VARIATIONS[control.format ?? 'f32']) as ObjectSpec
}

function fieldsOf(control: Control): Record<string, number> {
  if (control.kind === 'analog') return { value: control.value, status: 0 }
  const { operation, tripClose, clear, count = 1, onTimeMs = 0, offTimeMs = 0 } = control
  return { code: controlCode(operation, tripClose, clear), count, onTimeMs, offTimeMs, status: 0 }
}
