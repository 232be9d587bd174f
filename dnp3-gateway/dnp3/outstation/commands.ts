/** Select, operate and direct operate (IEEE 1815-2012 clause 4.4.4): commands checked, carried out and echoed. */
import type { Fragment, ObjectHeader } from '../app/fragment.ts'
import { type ObjectRecord, readRecords } from '../app/records.ts'
import { CommandStatus, ControlCodeBit, OPERATIONS, TRIP_CLOSE, type TripClose } from '../spec/control.ts'
import { Iin } from '../spec/iin.ts'
import type { Command, CommandHandler, CommandMode, RelayCommand } from './command.ts'
import type { EventClass } from './config.ts'
import type { Device } from './device.ts'
import { emptyPlan, type ResponsePlan } from './plan.ts'

/** The last selection, made by one master. */
export interface Selection {
  readonly octets: Uint8Array
  readonly sequence: number
  readonly atMs: number
}

export interface CommandContext {
  readonly device: Device
  readonly handler: CommandHandler | undefined
  readonly selectTimeoutMs: number
  readonly maxCommands: number
  readonly maxFragmentOctets: number
  readonly eventClass: EventClass
  /** Real time in ms. */
  readonly now: () => number
  selection: Selection | null
}

const HEADER_OCTETS = 2

/** Carries out a select, operate or direct operate and plans the echo. */
export function commandRequest(context: CommandContext, fragment: Fragment, mode: CommandMode): ResponsePlan {
  const refusal = refuse(context, fragment)
  const sequence = (fragment.bytes[0] as number) & 0x0f
  const octets = fragment.bytes.slice(HEADER_OCTETS)
  const { selection } = context
  context.selection = null
  if (refusal !== 0) return emptyPlan(refusal)
  const barred = mode === 'operate' ? unselected(context, selection, octets, sequence) : CommandStatus.success
  const accepted = carryOutAll(context, fragment, mode, barred, octets)
  if (mode === 'select' && accepted) context.selection = { octets: octets.slice(), sequence, atMs: context.now() }
  const plan = emptyPlan()
  plan.extras.push(octets)
  return plan
}

/** An operate must repeat its select octet for octet, with the next sequence, in time (clause 4.4.4.3). */
function unselected(
  context: CommandContext,
  selection: Selection | null,
  octets: Uint8Array,
  sequence: number,
): number {
  if (selection === null || ((selection.sequence + 1) & 0x0f) !== sequence) return CommandStatus.noSelect
  if (context.now() - selection.atMs > context.selectTimeoutMs) return CommandStatus.timeout
  const same = selection.octets.length === octets.length && selection.octets.every((octet, i) => octet === octets[i])
  return same ? CommandStatus.success : CommandStatus.noSelect
}

/** The indications for a request that is not a list of commands, otherwise 0. */
function refuse(context: CommandContext, fragment: Fragment): number {
  if (fragment.headers.length === 0 || fragment.bytes.length + 2 > context.maxFragmentOctets) return Iin.parameterError
  for (const { spec, qualifier, carries } of fragment.headers) {
    if (spec.group.role !== 'command' || !carries) return Iin.objectUnknown
    const indexed = spec.group.group === 41 || spec.variation === 1
    if (indexed !== (qualifier.prefix.of === 'index')) return Iin.parameterError
  }
  return 0
}

/** Checks or carries out every command and writes its status into the echo; returns whether all were accepted. */
function carryOutAll(
  context: CommandContext,
  fragment: Fragment,
  mode: CommandMode,
  barred: number,
  echo: Uint8Array,
): boolean {
  let done = 0
  let accepted = true
  const one = (command: Command): number => {
    if (barred !== CommandStatus.success) return barred
    if (done++ >= context.maxCommands) return CommandStatus.tooManyOperations
    return ask(context, command)
  }
  let pattern: { at: number; fields: ObjectRecord['fields'] } | null = null
  for (const header of fragment.headers) {
    if (isPatternMask(header)) {
      const status =
        pattern === null ? CommandStatus.formatError : runPattern(fragment.bytes, header, pattern.fields, mode, one)
      if (pattern !== null) echo[statusAt(pattern.at)] = status
      accepted &&= status === CommandStatus.success
      continue
    }
    for (const record of readRecords(fragment.bytes, header)) {
      if (isPattern(header)) {
        pattern = record
        continue
      }
      const status = one(commandOf(header, record, mode))
      accepted &&= status === CommandStatus.success
      echo[record.at - HEADER_OCTETS + header.spec.octets - 1] = status
    }
  }
  return accepted
}

const RELAY_OCTETS = 11
const statusAt = (at: number) => at - HEADER_OCTETS + RELAY_OCTETS - 1
const isPattern = ({ spec }: ObjectHeader) => spec.group.group === 12 && spec.variation === 2
const isPatternMask = ({ spec }: ObjectHeader) => spec.group.group === 12 && spec.variation === 3

/** A pattern mask applies the preceding block to every point with its bit set; the first failure counts. */
function runPattern(
  bytes: Uint8Array,
  mask: ObjectHeader,
  fields: ObjectRecord['fields'],
  mode: CommandMode,
  one: (command: Command) => number,
): number {
  let failed: number = CommandStatus.success
  for (const { index, fields: bit } of readRecords(bytes, mask)) {
    if (bit['value'] === 0) continue
    const status = one(relay(index, fields, mode))
    if (failed === CommandStatus.success) failed = status
  }
  return failed
}

function commandOf(header: ObjectHeader, { index, fields }: ObjectRecord, mode: CommandMode): Command {
  if (header.spec.group.group === 12) return relay(index, fields, mode)
  return { kind: 'analog', mode, index, value: fields['value'] as number }
}

function relay(index: number, fields: ObjectRecord['fields'], mode: CommandMode): RelayCommand {
  const code = fields['code'] as number
  return {
    kind: 'relay',
    mode,
    index,
    operation: OPERATIONS[code & ControlCodeBit.operation] ?? 'nul',
    tripClose: TRIP_CLOSE[code >>> 6] as TripClose,
    clear: (code & ControlCodeBit.clear) !== 0,
    count: fields['count'] as number,
    onTimeMs: fields['onTimeMs'] as number,
    offTimeMs: fields['offTimeMs'] as number,
  }
}

function ask(context: CommandContext, command: Command): number {
  const status = askHandler(context.handler, command)
  if (command.mode !== 'select' && context.eventClass !== 0) reportCommand(context, command, status)
  return status
}

function askHandler(handler: CommandHandler | undefined, command: Command): number {
  if (handler === undefined) return CommandStatus.notSupported
  try {
    return handler(command) & 0x7f
  } catch {
    return CommandStatus.hardwareError
  }
}

/** Command events (g13, g43) report to every master what one of them did. */
function reportCommand({ device, eventClass }: CommandContext, command: Command, status: number): void {
  const on = command.kind === 'relay' && (command.operation === 'latch-on' || command.operation === 'pulse-on')
  const value = command.kind === 'analog' ? command.value : on || isClose(command) ? 1 : 0
  device.events.add({
    group: command.kind === 'relay' ? 13 : 43,
    index: command.index,
    value,
    flags: status,
    timeMs: device.time(),
    octets: null,
    eventClass: eventClass as 1 | 2 | 3,
    variation: command.kind === 'relay' ? 2 : 7,
    state: 'waiting',
    askedVariation: 0,
  })
}

function isClose(command: Command): boolean {
  return command.kind === 'relay' && command.tripClose === 'close'
}
