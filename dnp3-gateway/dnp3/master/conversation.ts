/**
 * What happens between a master and one outstation beneath an association: queued operations, the start-up of each
 * connection, and the recoveries that indications call for. Connections come and go beneath it.
 */
import { parseFragment } from '../app/fragment.ts'
import type { Runtime } from '../app/runtime.ts'
import { FunctionCode } from '../spec/functions.ts'
import type { FragmentReceiver } from '../transport/station.ts'
import type { AssociationCounters, AssociationNotice, ConversationOptions, Recovery } from './config.ts'
import { Exchange, type ExchangeContext, type Request } from './exchange.ts'
import { unsolicitedRequest } from './management.ts'
import { CLEAR_RESTART, INTEGRITY, type Run } from './operations.ts'
import { type Dnp3ErrorCode, failure, LOST, type Outcome, type ResponseSummary, success } from './outcome.ts'
import { JobQueue } from './queue.ts'
import { RecoveryTracker } from './recovery.ts'
import { startUp } from './start-up.ts'
import { type TimeProcedure, TimeSync } from './time-sync.ts'
import { UnsolicitedReceiver } from './unsolicited.ts'

type Connection = 'down' | 'up' | 'closed'

/** Receives an operation's outcome, once. */
type Settle<T> = (outcome: Outcome<T>) => void

export class Conversation implements FragmentReceiver {
  /** Whether the start-up sequence is complete on the present connection. */
  started = false
  private readonly options: ConversationOptions
  private readonly runtime: Runtime
  private readonly counters: AssociationCounters
  private readonly notify: (notice: AssociationNotice) => void
  private readonly exchange: Exchange
  private readonly unsolicited: UnsolicitedReceiver
  private readonly recovery: RecoveryTracker
  /** Enables the classes that the options name; null if they name none. */
  private readonly enableUnsolicited: Request | null
  private readonly clock: TimeSync
  private readonly queue = new JobQueue()
  private connection: Connection = 'down'
  private startUpFailures = 0
  private startUpTimer: unknown = null
  private readyWaiters: Settle<void>[] = []

  constructor(options: ConversationOptions, context: ExchangeContext, notify: (notice: AssociationNotice) => void) {
    this.options = options
    this.runtime = context.runtime
    this.counters = context.counters
    this.notify = notify
    this.exchange = new Exchange(context)
    this.unsolicited = new UnsolicitedReceiver(context, (iin) => this.onIin(iin, 'unsolicited'))
    const classes = options.startUp?.enableUnsolicited ?? []
    this.enableUnsolicited = classes.length === 0 ? null : unsolicitedRequest(true, classes)
    this.clock = new TimeSync(options.timeSync === 'serial' ? 'serial' : 'lan')
    this.recovery = new RecoveryTracker({
      clearRestart: options.startUp?.clearRestart !== false,
      integrityPoll: options.startUp?.integrityPoll !== false,
      enableUnsolicited: classes.length > 0,
      timeSync: options.timeSync !== 'never',
    })
  }

  get isUp(): boolean {
    return this.connection === 'up'
  }

  /** Resolves with the outcome of the next start-up; at once if the present connection has completed it. */
  ready(): Promise<Outcome<void>> {
    if (this.started) return Promise.resolve(success(undefined))
    if (this.connection === 'closed') return Promise.resolve(closedFailure())
    return new Promise((resolve) => {
      this.readyWaiters.push(resolve)
    })
  }

  /** Resolves when the queue is empty and idle. */
  idle(): Promise<void> {
    return this.queue.idle()
  }

  /** Sends a request when its turn comes. */
  perform(request: Request): Promise<Outcome<ResponseSummary>> {
    return this.enqueue((settle) => this.send(request, settle))
  }

  /** Runs a procedure of several requests when its turn comes; nothing comes between them. */
  carryOut<T>(procedure: (run: Run) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.enqueue((settle) => void procedure(this.run).then(settle))
  }

  /** Sets the outstation's clock when its turn comes. */
  timeSync(procedure?: TimeProcedure): Promise<Outcome<{ timeMs: number }>> {
    return this.carryOut(() => this.syncTime(procedure))
  }

  /** Whether to set the clock: not soon again after it was refused. */
  get mayTimeSync(): boolean {
    return this.recovery.isDue('time-sync', this.runtime.now())
  }

  /** Takes an incoming fragment. */
  receive(bytes: Uint8Array): void {
    const fragment = parseFragment(bytes)
    const unsolicited = bytes[1] === FunctionCode.unsolicitedResponse
    if (fragment.error !== null || (bytes[1] !== FunctionCode.response && !unsolicited)) {
      this.counters.malformed++
      if (!unsolicited && bytes.length > 0)
        this.exchange.onMalformed(bytes[0] as number, fragment.error ?? 'not a response')
      return
    }
    if (fragment.passedOver.length > 0) {
      this.counters.passedOver += fragment.passedOver.length
      this.notify({ kind: 'not-understood', objects: fragment.passedOver })
    }
    if (unsolicited) this.unsolicited.receive(fragment)
    else this.exchange.onResponse(fragment)
  }

  /** Called when connected: the start-up sequence runs before anything queued. */
  onUp(): void {
    if (this.connection === 'closed') return
    this.connection = 'up'
    this.startUpFailures = 0
    this.recovery.renew()
    this.queueStartUp()
  }

  /** Called when the connection is lost. */
  onDown(): void {
    if (this.connection !== 'up') return
    this.connection = 'down'
    this.started = false
    this.clearStartUpTimer()
    this.unsolicited.reset()
    this.exchange.onLost('connection-lost')
  }

  /** Ends for good; queued operations fail with `closed`. */
  async close(): Promise<void> {
    this.connection = 'closed'
    this.started = false
    this.clearStartUpTimer()
    this.exchange.onLost('closed')
    this.settleReady(closedFailure())
    await this.queue.idle()
  }

  private enqueue<T>(begin: (settle: Settle<T>) => void): Promise<Outcome<T>> {
    if (this.connection !== 'up') return Promise.resolve(this.noConnection())
    if (this.queue.size >= (this.options.maxQueued ?? 32)) {
      return Promise.resolve(failure('queue-full', 'too many operations are waiting for this outstation'))
    }
    return new Promise((resolve) => {
      this.queue.add((done) => {
        const settle: Settle<T> = (outcome) => {
          resolve(outcome)
          done()
        }
        this.recovery.renew()
        if (this.started || this.connection !== 'up') begin(settle)
        else void this.startUp().then((ready) => (ready.ok ? begin(settle) : settle(ready)))
      })
    })
  }

  /** Callbacks instead of promises: every poll runs through here. */
  private send(request: Request, settle: Settle<ResponseSummary>): void {
    if (this.connection !== 'up') {
      settle(this.noConnection())
      return
    }
    const recovery = this.recoveryOf(request)
    const wasOwed = recovery !== null && this.recovery.begin(recovery)
    this.exchange.run(request, (outcome) => {
      const iin = outcome.ok ? outcome.value.iin : outcome.error.iin
      if (recovery !== null && outcome.ok) this.recovery.succeeded(recovery)
      if (iin !== undefined) this.onIin(iin, recovery)
      if (wasOwed && !outcome.ok) this.recovery.owe(recovery)
      settle(outcome)
    })
  }

  private recoveryOf(request: Request): Recovery | null {
    if (request === INTEGRITY) return 'integrity'
    if (request === CLEAR_RESTART) return 'clear-restart'
    return request === this.enableUnsolicited ? 'enable-unsolicited' : null
  }

  private readonly run: Run = (request) => new Promise((resolve) => this.send(request, resolve))

  private noConnection(): ReturnType<typeof failure> {
    return this.connection === 'closed'
      ? closedFailure()
      : failure('not-connected', 'there is no connection to the outstation')
  }

  /** Runs ahead of the queue, unless an operation has done it by then. */
  private queueStartUp(): void {
    this.queue.add((done) => {
      if (this.started || this.connection !== 'up') done()
      else void this.startUp().then(done)
    }, true)
  }

  private async startUp(): Promise<Outcome<void>> {
    this.clearStartUpTimer()
    this.recovery.starts()
    const ready = await startUp(this.options.startUp, this.enableUnsolicited, this.run)
    this.recovery.started()
    this.started = ready.ok && this.connection === 'up'
    if (!ready.ok && this.connection === 'up') this.retryStartUp()
    if (ready.ok || this.connection !== 'closed') this.settleReady(ready)
    return ready
  }

  /** A device that did not answer, or refused, may do better later; no operation is needed to try again. */
  private retryStartUp(): void {
    const { timers, random } = this.runtime
    const { retryMinMs = 5_000, retryMaxMs = 300_000 } = this.options.startUp ?? {}
    const waitMs = Math.min(retryMaxMs, retryMinMs * 2 ** this.startUpFailures++) * (0.5 + random() / 2)
    this.startUpTimer = timers.set(waitMs, () => {
      this.startUpTimer = null
      this.recovery.renew()
      this.queueStartUp()
    })
  }

  private clearStartUpTimer(): void {
    if (this.startUpTimer !== null) this.runtime.timers.clear(this.startUpTimer)
    this.startUpTimer = null
  }

  private settleReady(outcome: Outcome<void>): void {
    const waiters = this.readyWaiters
    this.readyWaiters = []
    for (const resolve of waiters) resolve(outcome)
  }

  /** Recoveries run ahead of the queue, in their own order. */
  private onIin(iin: number, source: Recovery | 'unsolicited' | null): void {
    const { notices, recoveries } = this.recovery.assess(iin, this.runtime.now, source)
    for (const notice of notices) this.notify(notice)
    // One job for all: the queue may be idle, and would begin the first that it is given.
    if (recoveries.length > 0) this.queue.add((done) => void this.recover(recoveries).then(done), true)
  }

  private async recover(recoveries: readonly Recovery[]): Promise<void> {
    for (const recovery of recoveries) {
      if (recovery === 'time-sync') await this.syncTime()
      else {
        const outcome = await this.run(this.requestOf(recovery))
        if (!outcome.ok) this.onRecoveryFailure(recovery, outcome.error.code)
      }
    }
  }

  private requestOf(recovery: Exclude<Recovery, 'time-sync'>): Request {
    if (recovery === 'clear-restart') return CLEAR_RESTART
    return recovery === 'enable-unsolicited' ? (this.enableUnsolicited as Request) : INTEGRITY
  }

  private async syncTime(procedure?: TimeProcedure): Promise<Outcome<{ timeMs: number }>> {
    this.recovery.begin('time-sync')
    const outcome = await this.clock.set(this.run, this.runtime.now, procedure)
    if (outcome.ok) {
      this.recovery.succeeded('time-sync')
      this.notify({ kind: 'time-written', timeMs: outcome.value.timeMs })
    } else this.onRecoveryFailure('time-sync', outcome.error.code)
    return outcome
  }

  private onRecoveryFailure(recovery: Recovery, code: Dnp3ErrorCode): void {
    if (this.connection !== 'up' || LOST.has(code)) return
    if (this.recovery.failed(recovery, this.runtime.now())) this.notify({ kind: 'recovery-failed', recovery, code })
  }
}

function closedFailure(): ReturnType<typeof failure> {
  return failure('closed', 'the association is closed')
}
