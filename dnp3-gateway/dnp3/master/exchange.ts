/** Sends one request and follows its response to the end: sequence, confirms, time-out, hand-over of measurements. */
import { borrowBatch, type MeasurementBatch, returnBatch } from '../app/batch.ts'
import { ControlBit, confirmOctets, nextSequence, singleControl } from '../app/control.ts'
import { Deadline } from '../app/deadline.ts'
import type { Fragment } from '../app/fragment.ts'
import { appendMeasurements, commonTimeOf, isMeasurement, NO_COMMON_TIME } from '../app/measurements.ts'
import type { Runtime } from '../app/runtime.ts'
import { FragmentWriter } from '../app/writer.ts'
import { FunctionCode, functionSpec } from '../spec/functions.ts'
import { IIN_REFUSAL, iinNames } from '../spec/iin.ts'
import type { AssociationCounters } from './config.ts'
import { EXCHANGE, type ExchangeEvent, type ExchangeState } from './exchange-table.ts'
import { type Dnp3ErrorCode, failure, type Outcome, type ResponseSummary, success } from './outcome.ts'

/** A request to send. */
export interface Request {
  readonly code: number
  /** Writes the object headers and objects. */
  readonly build?: (writer: FragmentWriter) => void
  /** Called with each response fragment, for objects that are not measurements. */
  readonly onFragment?: (fragment: Fragment) => void
  /** Called when the request has been passed to the wire. */
  readonly onSent?: () => void
}

export interface ExchangeContext {
  readonly runtime: Runtime
  readonly counters: AssociationCounters
  readonly responseTimeoutMs: number
  /** Sends a fragment; false when not connected. */
  readonly send: (fragment: Uint8Array) => boolean
  readonly permits: (request: Uint8Array) => boolean
  readonly deliver: (batch: MeasurementBatch) => void | Promise<void>
}

const writer = new FragmentWriter()

export class Exchange {
  state: ExchangeState = 'idle'
  private readonly context: ExchangeContext
  private sequence = 15
  private expected = 0
  private request: Request | null = null
  private settle: (outcome: Outcome<ResponseSummary>) => void = () => {}
  private readonly deadline: Deadline
  private points = 0
  private events = 0
  private fragments = 0
  /** Object headers that were understood. */
  private headers = 0
  /** Indications of the fragments so far, united: an event overflow told in the first may be gone in the last, once we have confirmed. */
  private iin = 0

  constructor(context: ExchangeContext) {
    this.context = context
    this.deadline = new Deadline(context.runtime.timers, () => this.onTimeout())
  }

  /** Sends a request; settles once its response is complete, handed over and confirmed. One at a time. */
  run(request: Request, settle: (outcome: Outcome<ResponseSummary>) => void): void {
    if (this.state !== 'idle') throw new Error('an exchange is already in progress')
    this.sequence = nextSequence(this.sequence)
    writer.request(singleControl(this.sequence), request.code)
    request.build?.(writer)
    if (!this.context.permits(writer.view())) {
      settle(failure('not-permitted', `function ${request.code} is not permitted here`))
      return
    }
    this.settle = settle
    this.request = request
    this.expected = this.sequence
    this.points = this.events = this.fragments = this.headers = this.iin = 0
    this.state = 'first'
    this.context.counters.requests++
    if (!this.context.send(writer.view())) {
      this.fail('not-connected', 'there is no connection to the outstation')
      return
    }
    request.onSent?.()
    // Set only now: a response may arrive while the request is being sent.
    if (this.request !== request) return
    if (functionSpec(request.code)?.answered === false) this.finishUnanswered()
    else if (this.state === 'first') this.deadline.set(this.context.responseTimeoutMs)
  }

  /** Takes a solicited response. */
  onResponse(fragment: Fragment): void {
    const action = EXCHANGE[this.state][this.sort(fragment.control)]
    if (action === 'take') this.take(fragment)
    else this.context.counters.unexpected++
  }

  /** An unreadable response arrived: if it is the expected one, the exchange fails. */
  onMalformed(control: number, reason: string): void {
    if (EXCHANGE[this.state][this.sort(control)] === 'take') this.fail('malformed-response', `response: ${reason}`)
  }

  /** The connection or the association has ended. */
  onLost(code: 'connection-lost' | 'closed'): void {
    if (EXCHANGE[this.state].lost === 'fail') this.fail(code, 'the connection ended before the response was complete')
    this.deadline.end()
  }

  /** Settles a request that gets no answer: it is complete once sent. */
  private finishUnanswered(): void {
    this.state = 'idle'
    this.request = null
    this.settle(success({ points: 0, events: 0, fragments: 0, iin: 0 }))
  }

  private sort(control: number): ExchangeEvent {
    if ((control & ControlBit.sequence) !== this.expected) return 'wrong-sequence'
    return (control & ControlBit.fir) !== 0 ? 'first-fragment' : 'next-fragment'
  }

  private take(fragment: Fragment): void {
    this.deadline.clear()
    this.state = 'handling'
    this.request?.onFragment?.(fragment)
    const batch = collect(fragment, this.context.runtime.now())
    const { control } = fragment
    const { length, events } = batch
    this.iin |= fragment.iin
    this.headers += fragment.headers.length
    let handled: void | Promise<void>
    try {
      handled = length > 0 ? this.context.deliver(batch) : undefined
    } catch (cause) {
      this.onHandlerFailure(batch, cause)
      return
    }
    if (handled === undefined) this.afterHandling(batch, control, length, events)
    else {
      const settle = this.settle
      handled.then(
        () => this.stillHandling(settle, batch) && this.afterHandling(batch, control, length, events),
        (cause: unknown) => this.stillHandling(settle, batch) && this.onHandlerFailure(batch, cause),
      )
    }
  }

  /** False if the exchange failed while the handler was working: there is nothing left to confirm. */
  private stillHandling(settle: Exchange['settle'], batch: MeasurementBatch): boolean {
    if (this.settle === settle && this.state === 'handling') return true
    returnBatch(batch)
    return false
  }

  private onHandlerFailure(batch: MeasurementBatch, cause: unknown): void {
    returnBatch(batch)
    this.context.counters.handlerFailures++
    this.fail('handler-failed', 'the measurement handler failed', { cause })
  }

  private afterHandling(batch: MeasurementBatch, control: number, points: number, events: number): void {
    const { counters } = this.context
    returnBatch(batch)
    this.fragments++
    this.points += points
    this.events += events
    counters.fragments++
    counters.points += points
    counters.events += events
    if ((control & ControlBit.con) !== 0) this.confirm()
    if ((control & ControlBit.fin) !== 0) this.complete()
    else {
      this.expected = nextSequence(this.expected)
      this.state = 'next'
      this.deadline.set(this.context.responseTimeoutMs)
    }
  }

  private confirm(): void {
    this.context.counters.confirms++
    this.context.send(confirmOctets(singleControl(this.expected)))
  }

  private complete(): void {
    const { points, events, fragments, iin } = this
    const answered = this.headers > 0 && this.request?.code === FunctionCode.read
    this.context.counters.responses++
    this.state = 'idle'
    this.request = null
    if ((iin & IIN_REFUSAL) === 0 || answered) this.settle(success({ points, events, fragments, iin }))
    else this.settle(failure('refused', `the outstation refused: ${iinNames(iin & IIN_REFUSAL).join(', ')}`, { iin }))
  }

  private fail(code: Dnp3ErrorCode, message: string, details: { cause?: unknown } = {}): void {
    this.deadline.clear()
    this.state = 'idle'
    this.request = null
    const settle = this.settle
    this.settle = () => {}
    settle(failure(code, message, this.iin === 0 ? details : { ...details, iin: this.iin }))
  }

  private onTimeout(): void {
    if (EXCHANGE[this.state].timeout !== 'fail') return
    this.context.counters.timeouts++
    this.fail('timeout', `no response within ${this.context.responseTimeoutMs} ms`)
  }
}

/** The measurements of a fragment in a pooled batch; relative times count from the fragment's last g51. */
export function collect(fragment: Fragment, receivedMs: number): MeasurementBatch {
  const batch = borrowBatch()
  batch.receivedMs = receivedMs
  let common = NO_COMMON_TIME
  for (const header of fragment.headers) {
    if (isMeasurement(header.spec)) appendMeasurements(batch, fragment.bytes, header, common)
    else if (header.spec.group.group === 51) common = commonTimeOf(fragment.bytes, header)
  }
  return batch
}
