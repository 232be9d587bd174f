/**
 * Unsolicited responses of one conversation (IEEE 1815-2012 clause 5.1.1.1).
 *
 * ```
 *   off ─opened─▶ idle ─null or events to send─▶ awaiting ─confirm─▶ idle
 *                  ▲                              │  │ time-out, retries left: the same octets again
 *                  └──────rest over── resting ◀───┘ no retries left: events back to their buffers
 * ```
 * Only one series of events is ever in progress: nothing starts while a solicited response awaits its confirm, and a
 * read that arrives while an unsolicited one waits is deferred until that is confirmed or has timed out.
 */
import { ControlBit, nextSequence, singleControl } from '../app/control.ts'
import type { Runtime } from '../app/runtime.ts'
import { FragmentWriter } from '../app/writer.ts'
import { FunctionCode } from '../spec/functions.ts'
import type { UnsolicitedOptions } from './config.ts'
import type { OutstationCounters } from './counters.ts'
import type { Device } from './device.ts'
import { fillEvents } from './fill-events.ts'
import { emptyPlan } from './plan.ts'

export type UnsolicitedState = 'off' | 'idle' | 'awaiting' | 'resting'

export interface UnsolicitedContext {
  readonly options: UnsolicitedOptions
  readonly device: Device
  readonly runtime: Runtime
  readonly counters: OutstationCounters
  readonly maxFragmentOctets: number
  readonly send: (fragment: Uint8Array) => void
  /** Whether a solicited response awaits its confirm. */
  readonly isBusy: () => boolean
  /** A wait has ended, with or without a confirm: a deferred read can be answered now. */
  readonly onSettled: () => void
}

const DEFAULTS = { confirmTimeoutMs: 5_000, retries: 3, restMs: 30_000, holdMs: 0 }

export class UnsolicitedSender {
  state: UnsolicitedState = 'off'
  private readonly context: UnsolicitedContext
  private readonly settings: Required<UnsolicitedOptions>
  private readonly writer: FragmentWriter
  private sequence = 15
  private nullDue = true
  private octets: Uint8Array = new Uint8Array(0)
  private events = 0
  private tries = 0
  private timer: unknown = null

  constructor(context: UnsolicitedContext) {
    this.context = context
    this.settings = { ...DEFAULTS, ...context.options }
    this.writer = new FragmentWriter(context.maxFragmentOctets)
  }

  /** Starts with a null response: it tells the master that the device is there and what it wants (IIN). */
  open(): void {
    this.state = 'idle'
    this.nullDue = true
    this.poke()
  }

  /** There may be something to send. */
  poke(): void {
    if (this.state !== 'idle' || this.timer !== null || !this.isDue()) return
    if (this.nullDue) this.begin()
    else this.startTimer(this.settings.holdMs, () => this.begin())
  }

  /** Takes an unsolicited confirm; false if nothing was waiting for it. */
  confirm(control: number): boolean {
    if (this.state !== 'awaiting' || (control & ControlBit.sequence) !== this.sequence) return false
    const { counters, device } = this.context
    this.stopTimer()
    this.state = 'idle'
    this.nullDue = false
    // All stations (IIN1.0) is the lowest bit of the first octet of indications.
    if (((this.octets[2] as number) & 1) !== 0) device.broadcastTold(true)
    counters.pointsAnswered += this.events
    counters.eventPointsConfirmed += device.events.confirmSent()
    this.context.onSettled()
    this.poke()
    return true
  }

  /** Gives up what is in progress, and on request starts over with a null response. */
  cancel(restart: boolean): void {
    this.stopTimer()
    if (this.state === 'awaiting') this.context.device.events.release()
    if (this.state !== 'off') this.state = 'idle'
    if (restart) this.nullDue = true
  }

  close(): void {
    this.cancel(false)
    this.state = 'off'
  }

  private isDue(): boolean {
    return this.nullDue || this.dueClasses().length > 0
  }

  private dueClasses(): (1 | 2 | 3)[] {
    const { device } = this.context
    return ([1, 2, 3] as const).filter(
      (eventClass) =>
        (device.unsolicitedClasses & (1 << (eventClass - 1))) !== 0 && device.events.hasWaiting(eventClass),
    )
  }

  private begin(): void {
    if (this.state !== 'idle' || this.context.isBusy() || !this.isDue()) return
    const { device } = this.context
    const { writer } = this
    this.sequence = nextSequence(this.sequence)
    writer.response(singleControl(this.sequence, true, true), FunctionCode.unsolicitedResponse)
    this.events = 0
    if (!this.nullDue) {
      const plan = emptyPlan()
      device.events.select(plan.events, this.dueClasses(), Number.POSITIVE_INFINITY)
      this.events = fillEvents(writer, plan)
      device.events.unselect()
    }
    writer.setIin(device.iin())
    this.octets = writer.view().slice()
    this.tries = 0
    this.transmit()
  }

  /** Sets the state before sending: a confirm may arrive before `send` returns. */
  private transmit(): void {
    const { counters } = this.context
    this.state = 'awaiting'
    this.startTimer(this.settings.confirmTimeoutMs, () => this.onTimeout())
    this.tries++
    counters.unsolicitedSent++
    counters.responseFragments++
    counters.eventPointsSent += this.events
    this.context.send(this.octets)
  }

  private onTimeout(): void {
    this.context.counters.confirmTimeouts++
    if (this.tries <= this.settings.retries) {
      const { sequence } = this
      this.context.onSettled()
      // A deferred read has taken the events with it.
      if (this.state === 'awaiting' && this.sequence === sequence && this.timer === null) this.transmit()
      return
    }
    this.context.counters.unsolicitedGivenUp++
    this.context.device.events.release()
    this.state = 'resting'
    this.startTimer(this.settings.restMs, () => {
      this.state = 'idle'
      this.poke()
    })
    this.context.onSettled()
  }

  private startTimer(ms: number, callback: () => void): void {
    this.stopTimer()
    this.timer = this.context.runtime.timers.set(ms, () => {
      this.timer = null
      callback()
    })
  }

  private stopTimer(): void {
    if (this.timer !== null) this.context.runtime.timers.clear(this.timer)
    this.timer = null
  }
}
