import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import type { Association, AssociationNotice, Dnp3Error, Outcome, ResponseSummary } from '../dnp3/index.ts'
import { driftLimitMs, measureDrift } from './clock-drift.ts'
import { type HubAddress, HubLine, sameAddress } from './hub-line.ts'
import { Intake } from './intake.ts'
import type { LinkContext } from './link-context.ts'
import { malformedCount, Quarantine } from './quarantine.ts'
import type { PollKind } from './schedule.ts'
import { type HubStatus, newHubStatus } from './status.ts'

/** One hub: its connection, its polls and its status. Nothing it does or fails to do affects another hub. */
export class HubLink {
  readonly #context: LinkContext
  readonly #log: Log
  readonly #status: HubStatus
  readonly #intake: Intake
  readonly #quarantine: Quarantine
  readonly #line: HubLine
  #address: HubAddress
  /** Whether the line is opened for each poll and closed after it. */
  #isCalledPerPoll: boolean
  /** Gives up a call that waits for its turn. */
  #cancelCall: (() => void) | null = null
  /** Whether the line should be open, quarantine aside. */
  #wanted = false
  #polling = false
  /** What we hold may have gaps (new connection, restart, overflow): the next poll reads everything. */
  #stale = true
  #nextDriftCheckMs = 0

  constructor(hub: HubAssignment, context: LinkContext) {
    this.#context = context
    this.#log = context.log.child({ hub: hub.name, hubId: hub.hubId })
    this.#status = newHubStatus(hub.hubId, hub.name)
    this.#intake = new Intake(hub, this.#status, this.#log, context)
    this.#quarantine = new Quarantine(context.settings.quarantine)
    this.#address = hub
    this.#isCalledPerPoll = isCalledPerPoll(hub, context)
    this.#line = new HubLine(context, this.#log, {
      onMeasurements: (batch) => this.#intake.take(batch),
      onNotice: (notice) => this.#onNotice(notice),
      onConnected: () => {
        // What a hub is called for each time waits in it as events, and it tells when it has restarted or lost some.
        if (this.#isCalledPerPoll) return
        this.#stale = true
        this.#nextDriftCheckMs = 0
        // A hub that calls in may not stay until its next poll is due.
        if (this.#address.dialsIn === true) void this.poll('integrity')
      },
    })
  }

  get status(): Readonly<HubStatus> {
    this.#status.malformedFrames = this.#line.malformed
    return this.#status
  }

  /** Whether the hub is called at each poll, so that nothing connects before. */
  get isCalledPerPoll(): boolean {
    return this.#isCalledPerPoll
  }

  /** Starts connecting, or waits for the first poll. */
  open(): void {
    this.#wanted = true
    if (this.#quarantine.untilMs === null && !this.#isCalledPerPoll) this.#line.open(this.#address)
  }

  async close(): Promise<void> {
    this.#wanted = false
    this.#cancelCall?.()
    await this.#line.close()
  }

  /** Takes a changed assignment; only a new address, or another way of holding it, breaks the connection. */
  async change(hub: HubAssignment): Promise<void> {
    this.#status.name = hub.name
    this.#intake.change(hub)
    const isToBeCalled = isCalledPerPoll(hub, this.#context)
    if (sameAddress(this.#address, hub) && isToBeCalled === this.#isCalledPerPoll) return
    this.#address = hub
    this.#isCalledPerPoll = isToBeCalled
    this.#cancelCall?.()
    await this.#line.close()
    if (this.#wanted) this.open()
  }

  /** Polls the hub once and does what its answer calls for. Skips the poll if the last is still in progress. */
  async poll(kind: PollKind): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    const isCalled = this.#isCalledPerPoll
    try {
      if (isCalled) await this.#call()
      await this.#line.connecting()
      const { association } = this.#line
      if (association === null) {
        this.#status.link = 'offline'
        return
      }
      const read = await this.#read(association, kind)
      if (read && this.#stale) await this.#read(association, 'integrity')
      await association.idle()
      if (kind === 'integrity' && this.#status.link === 'online') await this.#checkClock(association)
    } finally {
      if (isCalled && this.#isCalledPerPoll) await this.#line.close()
      this.#polling = false
    }
  }

  /** Opens the line for one poll when its turn has come, if it is still wanted then. */
  async #call(): Promise<void> {
    await new Promise<void>((resolve) => {
      const leave = this.#context.gate.enter(resolve)
      this.#cancelCall = () => {
        leave()
        resolve()
      }
    })
    this.#cancelCall = null
    if (this.#wanted && this.#isCalledPerPoll && this.#quarantine.untilMs === null) this.#line.open(this.#address)
  }

  /** Assesses the hub's recent frames; puts it into quarantine or takes it out (FM27). */
  assess(nowMs: number): void {
    const { malformedFrames } = this.status
    const verdict = this.#quarantine.assess(malformedCount(malformedFrames, this.#line.skippedOctets), nowMs)
    if (verdict === null) return
    const { untilMs } = this.#quarantine
    this.#status.quarantinedUntilMs = untilMs
    if (verdict === 'end') {
      this.#log.info('hub leaves quarantine')
      if (this.#wanted) this.open()
      return
    }
    this.#status.link = 'offline'
    const until = new Date(untilMs ?? nowMs).toISOString()
    this.#log.error({ until, malformedFrames }, 'hub sends malformed frames and is quarantined')
    void this.#line.close()
  }

  async #read(association: Association, kind: PollKind): Promise<boolean> {
    this.#status.polls++
    const whole = kind === 'integrity' || this.#stale
    const outcome = await (whole ? association.integrityPoll() : association.classPoll([1, 2, 3]))
    if (outcome.ok && whole) this.#stale = false
    this.#note(outcome)
    return outcome.ok
  }

  #note(outcome: Outcome<ResponseSummary>): void {
    const status = this.#status
    // A full spool is our fault, not the hub's.
    if (outcome.ok || outcome.error.code === 'handler-failed') {
      status.lastAnswerMs = this.#context.clock.now().toEpochMilli()
      if (status.link === 'offline') this.#log.info('hub answers')
      status.link = 'online'
      return
    }
    status.failedPolls++
    if (status.link === 'online' || status.polls === 1)
      this.#log.warn({ error: shortOf(outcome.error) }, 'hub does not answer')
    status.link = 'offline'
  }

  #onNotice(notice: AssociationNotice): void {
    if (notice.kind === 'restarted') {
      this.#stale = true
      this.#status.restarts++
      this.#log.info('hub has restarted')
    } else if (notice.kind === 'event-gap') {
      this.#stale = true
      this.#status.eventGaps++
      this.#log.warn('hub lost events: its buffer was full')
    } else if (notice.kind === 'recovery-failed') {
      this.#log.warn({ recovery: notice.recovery, code: notice.code }, 'recovery of the hub failed')
    }
  }

  async #checkClock(association: Association): Promise<void> {
    const { clock, settings } = this.#context
    const nowMs = clock.now().toEpochMilli()
    if (nowMs < this.#nextDriftCheckMs) return
    this.#nextDriftCheckMs = nowMs + settings.driftCheckMs
    const driftMs = await measureDrift(association, () => clock.now().toEpochMilli())
    if (driftMs === 'unsure') {
      this.#nextDriftCheckMs = 0
      return
    }
    this.#status.clockDriftMs = driftMs
    if (driftMs === null || Math.abs(driftMs) <= driftLimitMs) return
    this.#log.warn({ driftMs }, 'clock of hub is off: setting it')
    await association.timeSync()
    // The next poll measures again, so that the flag clears once the clock is right.
    this.#nextDriftCheckMs = 0
  }
}

/** A hub that calls in decides itself how long it stays. */
function isCalledPerPoll({ integrityPollS, dialsIn }: HubAssignment, { settings }: LinkContext): boolean {
  return dialsIn !== true && integrityPollS >= settings.callPerPollFromS
}

function shortOf({ code, message, cause }: Dnp3Error): string {
  return cause instanceof Error ? `${code}: ${cause.message}` : `${code}: ${message}`
}
