/** A master's dealings with one outstation: start-up, polls, time, recovery. Connections come and go beneath it. */
import type { MeasurementBatch } from '../app/batch.ts'
import { parseFragment } from '../app/fragment.ts'
import type { Attribute } from '../app/free-format.ts'
import type { Runtime } from '../app/runtime.ts'
import { FunctionCode } from '../spec/functions.ts'
import { Iin } from '../spec/iin.ts'
import { type Control, type ControlProcedure, control } from './commands.ts'
import { type AssociationCounters, type AssociationOptions, newAssociationCounters, type Recovery } from './config.ts'
import { Exchange, type ExchangeContext, type Request } from './exchange.ts'
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
import {
  CLEAR_RESTART,
  classRequest,
  DISABLE_UNSOLICITED,
  INTEGRITY,
  lanTimeSync,
  type ReadHeader,
  readRequest,
  serialTimeSync,
} from './operations.ts'
import { failure, type Outcome, type ResponseSummary, success } from './outcome.ts'
import { type Poll, type PollOptions, PollSet } from './polls.ts'
import { JobQueue } from './queue.ts'
import { RecoveryTracker } from './recovery.ts'
import { UnsolicitedReceiver } from './unsolicited.ts'

/** How an association reaches its outstation; false when there is no connection. */
export type SendFragment = (fragment: Uint8Array) => boolean

type Connection = 'down' | 'up' | 'closed'

export class Association {
  readonly options: AssociationOptions
  readonly counters: AssociationCounters = newAssociationCounters()
  private readonly runtime: Runtime
  private readonly exchange: Exchange
  private readonly unsolicited: UnsolicitedReceiver
  private readonly recovery: RecoveryTracker
  private readonly queue = new JobQueue()
  private readonly polls: PollSet
  private connection: Connection = 'down'
  private started = false
  private readyWaiters: ((outcome: Outcome<void>) => void)[] = []

  constructor(options: AssociationOptions, runtime: Runtime, send: SendFragment) {
    this.options = options
    this.runtime = runtime
    const context: ExchangeContext = {
      runtime,
      counters: this.counters,
      responseTimeoutMs: options.responseTimeoutMs ?? 5_000,
      send,
      permits: options.permits ?? (() => true),
      deliver: (batch: MeasurementBatch) => options.onMeasurements(batch, this),
    }
    this.exchange = new Exchange(context)
    this.polls = new PollSet(
      runtime,
      (request) => this.perform(request),
      () => this.connection === 'up',
    )
    this.unsolicited = new UnsolicitedReceiver(context, (iin) => this.onIin(iin))
    this.recovery = new RecoveryTracker({
      clearRestart: options.startUp?.clearRestart !== false,
      integrityPoll: options.startUp?.integrityPoll !== false,
      timeSync: options.timeSync !== 'never',
    })
  }

  /** Link address of the outstation. */
  get remoteAddress(): number {
    return this.options.remoteAddress
  }

  /** Whether the start-up sequence is complete on the present connection. */
  get isReady(): boolean {
    return this.started
  }

  /** Resolves with the next start-up's outcome: at once if it is done, else when a connection has brought one. */
  ready(): Promise<Outcome<void>> {
    if (this.started) return Promise.resolve(success(undefined))
    if (this.connection === 'closed') return Promise.resolve(closedFailure())
    return new Promise((resolve) => {
      this.readyWaiters.push(resolve)
    })
  }

  /** Resolves when no operation waits or runs, the master's own recoveries included. */
  idle(): Promise<void> {
    return this.queue.idle()
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

  /** Sets the outstation's clock, by the association's procedure (lan unless `serial`). */
  timeSync(procedure?: 'lan' | 'serial'): Promise<Outcome<{ timeMs: number }>> {
    return this.enqueue(() => this.syncTime(procedure))
  }

  /**
   * Carries out commands, all in one request: by default selected first and then operated. The echo is checked; errors
   * are `echo-mismatch` and `command-refused`, which has the first `status` other than success.
   */
  operate(controls: readonly Control[], procedure: ControlProcedure = 'select'): Promise<Outcome<void>> {
    return this.enqueue(() => control((request) => this.run(request), controls, procedure))
  }

  /** Restarts the device; resolves with the time in ms for which it will be away. */
  restart(kind: 'cold' | 'warm'): Promise<Outcome<{ delayMs: number }>> {
    return this.enqueue(() => restart((request) => this.run(request), kind))
  }

  /** Stops applications on the device by name; without names, all. */
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

  /** Lets the outstation send events of these classes on its own. */
  enableUnsolicited(classes: readonly (1 | 2 | 3)[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(unsolicitedRequest(true, classes))
  }

  /** Ends that. */
  disableUnsolicited(classes: readonly (1 | 2 | 3)[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(unsolicitedRequest(false, classes))
  }

  /** Writes dead bands of analog inputs (g34). */
  writeDeadbands(deadbands: readonly Deadband[]): Promise<Outcome<ResponseSummary>> {
    return this.perform(deadbandRequest(deadbands))
  }

  /** Reads dead bands of analog inputs; all of them without a range. */
  readDeadbands(start?: number, stop?: number): Promise<Outcome<Deadband[]>> {
    return this.enqueue(() => readDeadbands((request) => this.run(request), start, stop))
  }

  /** Reads device attributes (g0); all of them without a variation. */
  readAttributes(variation?: number): Promise<Outcome<Attribute[]>> {
    return this.enqueue(() => readAttributes((request) => this.run(request), variation))
  }

  /** Reads at intervals, from now until removed or the association is closed. */
  addPoll(options: PollOptions): Poll {
    return this.polls.add(options)
  }

  /** Sends any request; the operations above are made of this. */
  perform(request: Request): Promise<Outcome<ResponseSummary>> {
    return this.enqueue(() => this.run(request))
  }

  /** A fragment has arrived; called by the channel. */
  onFragment(bytes: Uint8Array): void {
    const fragment = parseFragment(bytes)
    const unsolicited = bytes[1] === FunctionCode.unsolicitedResponse
    if (fragment.error !== null || (bytes[1] !== FunctionCode.response && !unsolicited)) {
      this.counters.malformed++
      if (!unsolicited && bytes.length > 0)
        this.exchange.onMalformed(bytes[0] as number, fragment.error ?? 'not a response')
    } else if (unsolicited) this.unsolicited.receive(fragment)
    else this.exchange.onResponse(fragment)
  }

  /** A connection is there; called by the channel. Runs the start-up sequence before what waits. */
  onUp(): void {
    if (this.connection === 'closed') return
    this.connection = 'up'
    this.recovery.renew()
    this.queue.add(async () => {
      if (!this.started) await this.startUp()
    }, true)
  }

  /** The connection is gone; called by the channel. */
  onDown(): void {
    if (this.connection !== 'up') return
    this.connection = 'down'
    this.started = false
    this.unsolicited.reset()
    this.exchange.onLost('connection-lost')
  }

  /** Ends the association: what waits fails with `closed`. Called by the channel. */
  async close(): Promise<void> {
    this.connection = 'closed'
    this.started = false
    this.polls.close()
    this.exchange.onLost('closed')
    this.settleReady(closedFailure())
    await this.queue.idle()
  }

  private enqueue<T>(operation: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (this.connection !== 'up') return Promise.resolve(this.noConnection())
    if (this.queue.size >= (this.options.maxQueued ?? 32)) {
      return Promise.resolve(failure('queue-full', 'too many operations wait for this outstation'))
    }
    return new Promise((resolve) => {
      this.queue.add(() => {
        this.recovery.renew()
        if (this.started || this.connection !== 'up') return operation().then(resolve)
        return this.startUp().then((outcome) => (outcome.ok ? operation().then(resolve) : resolve(outcome)))
      })
    })
  }

  private run(request: Request): Promise<Outcome<ResponseSummary>> {
    if (this.connection !== 'up') return Promise.resolve(this.noConnection())
    // An integrity poll brings everything up to date, whatever its own indications say.
    if (request === INTEGRITY) this.recovery.mark('integrity')
    return this.exchange.run(request).then(this.judge)
  }

  private readonly judge = (outcome: Outcome<ResponseSummary>): Outcome<ResponseSummary> => {
    if (outcome.ok) this.onIin(outcome.value.iin)
    else if (outcome.error.iin !== undefined) this.onIin(outcome.error.iin)
    return outcome
  }

  private noConnection(): ReturnType<typeof failure> {
    return this.connection === 'closed' ? closedFailure() : failure('not-connected', 'there is no connection')
  }

  /** The start-up sequence (clause 5.1.2); a device without unsolicited responses is no failure. */
  private async startUp(): Promise<Outcome<void>> {
    const { startUp } = this.options
    let outcome: Outcome<unknown> = success(undefined)
    if (startUp?.integrityPoll !== false) this.recovery.mark('integrity')
    if (startUp?.disableUnsolicited === true) {
      outcome = await this.run(DISABLE_UNSOLICITED)
      if (!outcome.ok && outcome.error.code === 'refused') outcome = success(undefined)
    }
    if (outcome.ok && startUp?.integrityPoll !== false) outcome = await this.run(INTEGRITY)
    const unsolicited = startUp?.enableUnsolicited ?? []
    if (outcome.ok && unsolicited.length > 0) {
      outcome = await this.run(unsolicitedRequest(true, unsolicited))
      if (!outcome.ok && outcome.error.code === 'refused') outcome = success(undefined)
    }
    this.started = outcome.ok && this.connection === 'up'
    const ready: Outcome<void> = outcome.ok ? success(undefined) : outcome
    if (ready.ok || this.connection !== 'closed') this.settleReady(ready)
    return ready
  }

  private settleReady(outcome: Outcome<void>): void {
    const waiters = this.readyWaiters
    this.readyWaiters = []
    for (const resolve of waiters) resolve(outcome)
  }

  /** Recoveries go before whatever else waits, in their own order. */
  private onIin(iin: number): void {
    const { notices, recoveries } = this.recovery.judge(iin)
    for (const notice of notices) this.options.onNotice?.(notice, this)
    for (const recovery of recoveries.toReversed()) this.queue.add(() => this.recover(recovery), true)
  }

  private async recover(recovery: Recovery): Promise<void> {
    const outcome = await RECOVERIES[recovery](this)
    if (outcome.ok || this.connection !== 'up') return
    this.options.onNotice?.({ kind: 'recovery-failed', recovery, code: outcome.error.code }, this)
  }

  private async syncTime(procedure?: 'lan' | 'serial'): Promise<Outcome<{ timeMs: number }>> {
    this.recovery.mark('time-sync')
    const serial = (procedure ?? this.options.timeSync) === 'serial'
    const run = (request: Request) => this.run(request)
    const outcome = await (serial ? serialTimeSync : lanTimeSync)(run, this.runtime.now)
    if (outcome.ok) this.options.onNotice?.({ kind: 'time-written', timeMs: outcome.value.timeMs }, this)
    return outcome
  }

  static readonly recoveries: Readonly<Record<Recovery, (a: Association) => Promise<Outcome<unknown>>>> = {
    'clear-restart': (a) => a.run(CLEAR_RESTART),
    integrity: (a) => a.run(INTEGRITY),
    'time-sync': (a) => a.syncTime(),
  }
}

const RECOVERIES = Association.recoveries

function closedFailure(): ReturnType<typeof failure> {
  return failure('closed', 'the association is closed')
}

/** Whether an indication word says that the outstation holds events. */
export function hasEvents(iin: number): boolean {
  return (iin & (Iin.class1Events | Iin.class2Events | Iin.class3Events)) !== 0
}
