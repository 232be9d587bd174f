/** A master's relation with one outstation, as the application sees it. */
import type { MeasurementBatch } from '../app/batch.ts'
import type { Attribute } from '../app/free-format.ts'
import type { Runtime } from '../app/runtime.ts'
import type { FragmentReceiver } from '../transport/station.ts'
import { type Control, type ControlProcedure, control } from './commands.ts'
import {
  type AssociationCounters,
  type AssociationNotice,
  type ConversationOptions,
  newAssociationCounters,
} from './config.ts'
import { Conversation } from './conversation.ts'
import type { Request } from './exchange.ts'
import {
  assignClassRequest,
  type Deadband,
  deadbandRequest,
  freezeRequest,
  type PointRange,
  readAttributes,
  readDeadbands,
  restart,
  stopApplicationRequest,
  unsolicitedRequest,
} from './management.ts'
import { classRequest, INTEGRITY, type ReadHeader, readRequest } from './operations.ts'
import type { Outcome, ResponseSummary } from './outcome.ts'
import { type Poll, type PollOptions, PollSet } from './polls.ts'

/** Sends to the outstation; false if not connected. */
export type SendFragment = (fragment: Uint8Array) => boolean

/**
 * Receives every fragment's measurements before the fragment is confirmed. A returned promise holds the confirm back
 * until it resolves; if it rejects (or the handler throws), the fragment is not confirmed and the outstation keeps its
 * events. The batch is valid until then: copy what you need to keep.
 */
export type MeasurementHandler = (batch: MeasurementBatch, association: Association) => void | Promise<void>

/** Options of an association, the logical link between this master and one outstation. */
export interface AssociationOptions extends ConversationOptions {
  readonly onMeasurements: MeasurementHandler
  readonly onNotice?: (notice: AssociationNotice, association: Association) => void
}

export class Association {
  readonly options: AssociationOptions
  readonly counters: AssociationCounters = newAssociationCounters()
  private readonly conversation: Conversation
  private readonly polls: PollSet

  constructor(options: AssociationOptions, runtime: Runtime, send: SendFragment) {
    this.options = options
    this.conversation = new Conversation(
      options,
      {
        runtime,
        counters: this.counters,
        responseTimeoutMs: options.responseTimeoutMs ?? 5_000,
        send,
        permits: options.permits ?? (() => true),
        deliver: (batch: MeasurementBatch) => options.onMeasurements(batch, this),
      },
      (notice) => options.onNotice?.(notice, this),
    )
    this.polls = new PollSet(
      runtime,
      (request) => this.perform(request),
      () => this.conversation.isUp,
    )
  }

  /** Link address of the outstation. */
  get remoteAddress(): number {
    return this.options.remoteAddress
  }

  /** Whether the start-up sequence is complete on the present connection. */
  get isReady(): boolean {
    return this.conversation.started
  }

  /** Resolves with the outcome of the next start-up; at once if the present connection has completed it. */
  ready(): Promise<Outcome<void>> {
    return this.conversation.ready()
  }

  /** Resolves when no operation is waiting or running, including the master's own recoveries. */
  idle(): Promise<void> {
    return this.conversation.idle()
  }

  /** Reads all events and all static points: classes 1, 2, 3 and 0. */
  integrityPoll(): Promise<Outcome<ResponseSummary>> {
    return this.perform(INTEGRITY)
  }

  /** Reads the events of these classes (0 reads the static points). */
  classPoll(classes: readonly (0 | 1 | 2 | 3)[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(classRequest(classes))
  }

  /** Reads by group, variation and range. */
  read(headers: readonly ReadHeader[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(readRequest(headers))
  }

  /** Sets the outstation's clock by the association's procedure (lan unless `serial`), or the other if it is refused; a named one alone. */
  timeSync(procedure?: 'lan' | 'serial'): Promise<Outcome<{ timeMs: number }>> {
    return this.conversation.timeSync(procedure)
  }

  /** Whether to set the outstation's clock: not soon again after it has refused both procedures. */
  get mayTimeSync(): boolean {
    return this.conversation.mayTimeSync
  }

  /**
   * Carries out commands, all in one request: by default selected first and then operated. The echo is checked; errors
   * are `echo-mismatch` and `command-refused`, which holds the first `status` other than success.
   */
  operate(controls: readonly Control[], procedure: ControlProcedure = 'select'): Promise<Outcome<void>> {
    return this.conversation.carryOut((run) => control(run, controls, procedure))
  }

  /** Restarts the device; resolves with the time in ms until it is back. */
  restart(kind: 'cold' | 'warm'): Promise<Outcome<{ delayMs: number }>> {
    return this.conversation.carryOut((run) => restart(run, kind))
  }

  /** Stops applications on the device by name; all of them without names. */
  stopApplication(names: readonly string[] = []): Promise<Outcome<ResponseSummary>> {
    return this.perform(stopApplicationRequest(names))
  }

  /** Freezes counters (g20) or analogs (g30). */
  freeze(
    points: readonly PointRange[],
    options: { readonly clear?: boolean; readonly ack?: boolean } = {},
  ): Promise<Outcome<ResponseSummary>> {
    return this.perform(freezeRequest(points, options.clear === true, options.ack !== false))
  }

  /** Assigns points to an event class; class 0 ends their events. */
  assignClass(eventClass: 0 | 1 | 2 | 3, points: readonly PointRange[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(assignClassRequest(eventClass, points))
  }

  /** Lets the outstation send events of these classes unsolicited. */
  enableUnsolicited(classes: readonly (1 | 2 | 3)[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(unsolicitedRequest(true, classes))
  }

  /** Stops unsolicited responses of these classes. */
  disableUnsolicited(classes: readonly (1 | 2 | 3)[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(unsolicitedRequest(false, classes))
  }

  /** Writes dead bands of analog inputs (g34). */
  writeDeadbands(deadbands: readonly Deadband[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(deadbandRequest(deadbands))
  }

  /** Reads dead bands of analog inputs; all of them without a range. */
  readDeadbands(start?: number, stop?: number): Promise<Outcome<Deadband[]>> {
    return this.conversation.carryOut((run) => readDeadbands(run, start, stop))
  }

  /** Reads device attributes (g0); all of them without a variation. */
  readAttributes(variation?: number): Promise<Outcome<Attribute[]>> {
    return this.conversation.carryOut((run) => readAttributes(run, variation))
  }

  /** Reads at intervals, until removed or the association is closed. */
  addPoll(options: PollOptions): Poll {
    return this.polls.add(options)
  }

  /** Sends any request; the operations above are built on it. */
  perform(request: Request): Promise<Outcome<ResponseSummary>> {
    return this.conversation.perform(request)
  }

  /** Takes the outstation's fragments; used by the channel. */
  get receiver(): FragmentReceiver {
    return this.conversation
  }

  /** Called by the channel when connected. Runs the start-up sequence ahead of queued operations. */
  onUp(): void {
    this.conversation.onUp()
  }

  /** Called by the channel when the connection is lost. */
  onDown(): void {
    this.conversation.onDown()
  }

  /** Ends the association: queued operations fail with `closed`. Called by the channel. */
  close(): Promise<void> {
    this.polls.close()
    return this.conversation.close()
  }
}
