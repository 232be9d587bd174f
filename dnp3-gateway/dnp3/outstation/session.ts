/**
 * One master's conversation with a device over one connection (IEEE 1815-2012 clauses 4.3 and 5.1.1).
 *
 * ```
 *         request: respond, no confirm asked
 *        ┌──────────┐
 *        ▼          │     respond, confirm asked
 *       idle ───────┴───────────────────────────────▶ confirming
 *        ▲   confirm of the last fragment, time-out      │  ▲ │ confirm, more to say: next fragment
 *        └───────────────────────────────────────────────┘  └─┘
 * ```
 * A request that arrives while confirming ends the response (its events stay in the buffers) and is itself answered. A
 * request repeated octet for octet is not carried out twice: its response is sent again. A read that arrives while an
 * unsolicited response awaits its confirm is deferred; only the latest is kept.
 */
import { ControlBit, nextSequence } from '../app/control.ts'
import { Deadline } from '../app/deadline.ts'
import { type Fragment, parseFragment } from '../app/fragment.ts'
import type { FragmentError } from '../app/fragment-error.ts'
import type { Runtime } from '../app/runtime.ts'
import { FragmentWriter } from '../app/writer.ts'
import { FunctionCode } from '../spec/functions.ts'
import { Iin } from '../spec/iin.ts'
import { CONFIRMED_BROADCAST } from '../spec/link.ts'
import type { OutstationOptions } from './config.ts'
import type { OutstationCounters } from './counters.ts'
import type { Device } from './device.ts'
import { fillEvents } from './fill-events.ts'
import { fillStatics } from './fill-statics.ts'
import { emptyPlan, isComplete, type ResponsePlan } from './plan.ts'
import { isBroadcastable, REQUESTS, type RequestContext } from './requests.ts'
import { UnsolicitedSender } from './unsolicited.ts'

export type SessionState = 'idle' | 'confirming'

export interface SessionOptions {
  readonly options: OutstationOptions
  readonly device: Device
  readonly runtime: Runtime
  readonly counters: OutstationCounters
  readonly send: (fragment: Uint8Array) => void
  readonly maxFragmentOctets: number
  readonly confirmTimeoutMs: number
  /** Restarts the device after the response, on a master's request. */
  readonly restart: () => void
}

/** Refusals by fault of the request (clause 4.5): an unknown object has its own bit, all else is a bad parameter. */
const REFUSALS: Readonly<Record<FragmentError, number>> = {
  truncated: Iin.parameterError,
  'unknown-function': Iin.functionNotSupported,
  'unknown-object': Iin.objectUnknown,
  'unknown-qualifier': Iin.parameterError,
  'bad-range': Iin.parameterError,
  'too-many-objects': Iin.parameterError,
  'bad-object-size': Iin.parameterError,
}

/** One writer for all sessions of the process: a fragment is framed before the next is started. */
const writers = new Map<number, FragmentWriter>()

function sharedWriter(octets: number): FragmentWriter {
  const writer = writers.get(octets) ?? new FragmentWriter(octets)
  writers.set(octets, writer)
  return writer
}

/** Writes as many of the plan's ready-made objects as fit. */
function fillExtras(writer: FragmentWriter, plan: ResponsePlan): void {
  for (; plan.nextExtra < plan.extras.length; plan.nextExtra++) {
    const extra = plan.extras[plan.nextExtra] as Uint8Array
    if (extra.length > writer.room) return
    writer.octets(extra)
  }
}

/** Complete as it is, so never written to. */
const NOTHING_TO_SAY = emptyPlan()

export class Session {
  state: SessionState = 'idle'
  private readonly options: SessionOptions
  private plan: ResponsePlan = NOTHING_TO_SAY
  private sequence = 0
  private points = 0
  /** Whether the fragment that was sent last tells of a broadcast. */
  private toldBroadcast = false
  private readonly confirmDeadline: Deadline
  /** The last request, unless it was a read. */
  private lastRequest: Uint8Array | null = null
  private lastResponse: Uint8Array | null = null
  private readonly context: RequestContext
  private readonly unsolicited: UnsolicitedSender | null
  private deferred: Uint8Array | null = null

  constructor(options: SessionOptions) {
    this.options = options
    this.confirmDeadline = new Deadline(options.runtime.timers, () => this.onConfirmTimeout())
    const { device, runtime, counters, maxFragmentOctets } = options
    const {
      unsolicited,
      onCommand,
      selectTimeoutMs = 10_000,
      maxCommands = 16,
      commandEventClass = 0,
    } = options.options
    this.context = {
      options: options.options,
      device,
      handler: onCommand,
      selectTimeoutMs,
      maxCommands,
      maxFragmentOctets,
      eventClass: commandEventClass,
      now: runtime.now,
      selection: null,
      restart: options.restart,
    }
    this.unsolicited =
      unsolicited === undefined
        ? null
        : new UnsolicitedSender({
            options: unsolicited,
            device,
            runtime,
            counters,
            maxFragmentOctets,
            send: options.send,
            isBusy: () => this.state === 'confirming',
            onSettled: () => this.answerDeferred(),
          })
  }

  /** Called when connected; an outstation with unsolicited responses speaks first. */
  open(): void {
    this.unsolicited?.open()
  }

  /** The device has new events or indications. */
  poke(): void {
    this.unsolicited?.poke()
  }

  /** The device has restarted. */
  restarted(): void {
    this.giveUp()
    this.context.selection = null
    this.unsolicited?.cancel(true)
    this.unsolicited?.poke()
  }

  /** Takes a fragment from the master. `broadcast` is the broadcast address it was sent to, or 0. */
  receive(bytes: Uint8Array, broadcast: number): void {
    const { counters } = this.options
    const fragment = parseFragment(bytes)
    if (fragment.error !== null) counters.malformed++
    if (bytes.length < 2) return
    const control = bytes[0] as number
    const whole = ControlBit.fir | ControlBit.fin
    const code = bytes[1] as number
    if ((control & whole) !== whole || code >= FunctionCode.response) {
      counters.malformed += fragment.error === null ? 1 : 0
    } else if (code === FunctionCode.confirm) this.onConfirm(control)
    else this.onRequest(bytes, fragment.bytes === null ? null : fragment, fragment.error, broadcast)
  }

  /** Ends the conversation; unconfirmed events go back to their buffers. */
  close(): void {
    this.giveUp()
    this.confirmDeadline.end()
    this.deferred = null
    this.unsolicited?.close()
  }

  private onRequest(
    bytes: Uint8Array,
    fragment: Fragment | null,
    error: FragmentError | null,
    broadcast: number,
  ): void {
    const { counters, device } = this.options
    counters.requests++
    if (broadcast === 0 && this.isRepeat(bytes)) {
      counters.repeatedRequests++
      if (this.lastResponse !== null) this.repeat(this.lastResponse)
      return
    }
    this.deferred = null
    if (bytes[1] === FunctionCode.read && this.unsolicited?.state === 'awaiting' && broadcast === 0) {
      this.deferred = bytes.slice()
      return
    }
    this.giveUp()
    this.lastRequest = bytes[1] === FunctionCode.read ? null : bytes.slice()
    this.lastResponse = null
    const barred = broadcast !== 0 && !isBroadcastable(bytes[1] as number)
    const plan =
      error === null && fragment !== null && !barred
        ? this.carryOut(fragment)
        : emptyPlan(REFUSALS[error ?? 'truncated'])
    if (broadcast !== 0) device.noteBroadcast(broadcast === CONFIRMED_BROADCAST)
    else if (fragment?.function.answered !== false) this.respond(plan, (bytes[0] as number) & ControlBit.sequence)
    if (this.state === 'idle') plan.after?.()
    this.afterUnsolicitedChange(bytes[1] as number)
  }

  /** If classes were disabled, gives up what is in progress; if enabled, there may be something to send. */
  private afterUnsolicitedChange(code: number): void {
    if (code === FunctionCode.disableUnsolicited) this.unsolicited?.cancel(false)
    this.unsolicited?.poke()
  }

  /** The unsolicited response is confirmed, or has timed out and yields to the read. */
  private answerDeferred(): void {
    const bytes = this.deferred
    if (bytes === null) return
    this.unsolicited?.cancel(false)
    const fragment = parseFragment(bytes)
    this.onRequest(bytes, fragment.bytes === null ? null : fragment, fragment.error, 0)
  }

  private carryOut(fragment: Fragment): ResponsePlan {
    const handler = REQUESTS[fragment.function.code]
    return handler === undefined ? emptyPlan(Iin.functionNotSupported) : handler(this.context, fragment)
  }

  /** Repeated reads are carried out again: the answer is of the moment. */
  private isRepeat(bytes: Uint8Array): boolean {
    const last = this.lastRequest
    if (last === null || last.length !== bytes.length) return false
    return last.every((octet, i) => octet === bytes[i])
  }

  private respond(plan: ResponsePlan, sequence: number): void {
    this.plan = plan
    this.sequence = sequence
    this.sendFragment(true)
  }

  private sendFragment(first: boolean): void {
    const { device, counters, maxFragmentOctets } = this.options
    const { plan } = this
    const writer = sharedWriter(maxFragmentOctets).response(0, FunctionCode.response)
    fillExtras(writer, plan)
    const events = plan.nextExtra < plan.extras.length ? 0 : fillEvents(writer, plan)
    const statics = plan.nextEvent < plan.events.length ? 0 : fillStatics(writer, plan)
    const final = isComplete(plan)
    const confirm = events > 0 || !final || device.confirmsBroadcast
    const bits = (first ? ControlBit.fir : 0) | (final ? ControlBit.fin : 0) | (confirm ? ControlBit.con : 0)
    writer.setControl(bits | this.sequence).setIin(device.iin() | plan.iin)
    this.toldBroadcast = (device.indications & Iin.broadcast) !== 0
    device.broadcastTold(false)
    counters.eventPointsSent += events
    counters.staticPointsSent += statics
    this.points = events + statics
    if (confirm) this.awaitConfirm()
    else counters.pointsAnswered += this.points
    // Kept to answer repeats of requests other than reads: those responses are short.
    this.lastResponse = this.lastRequest === null ? null : writer.view().slice()
    this.transmit(writer.view())
  }

  /** Sends the last response again; its confirm, if it asks for one, is awaited again. */
  private repeat(response: Uint8Array): void {
    if (((response[0] as number) & ControlBit.con) !== 0) this.awaitConfirm()
    this.transmit(response)
  }

  private transmit(fragment: Uint8Array): void {
    this.options.counters.responseFragments++
    this.options.send(fragment)
  }

  private awaitConfirm(): void {
    this.state = 'confirming'
    this.confirmDeadline.set(this.options.confirmTimeoutMs)
  }

  private onConfirmTimeout(): void {
    this.options.counters.confirmTimeouts++
    this.giveUp()
    this.unsolicited?.poke()
  }

  private onConfirm(control: number): void {
    const { counters, device } = this.options
    if ((control & ControlBit.uns) !== 0) {
      if (this.unsolicited?.confirm(control) !== true) counters.strayConfirms++
      return
    }
    const expected = (control & ControlBit.sequence) === this.sequence
    if (this.state !== 'confirming' || !expected) {
      counters.strayConfirms++
      return
    }
    this.confirmDeadline.clear()
    this.state = 'idle'
    if (this.toldBroadcast) device.broadcastTold(true)
    counters.pointsAnswered += this.points
    counters.eventPointsConfirmed += device.events.confirmSent()
    if (isComplete(this.plan)) {
      this.plan.after?.()
      this.unsolicited?.poke()
      return
    }
    this.sequence = nextSequence(this.sequence)
    this.sendFragment(false)
  }

  private giveUp(): void {
    this.confirmDeadline.clear()
    if (this.state === 'confirming') this.options.device.events.release()
    this.state = 'idle'
    this.plan = NOTHING_TO_SAY
  }
}
