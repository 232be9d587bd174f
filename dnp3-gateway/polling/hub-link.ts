import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import {
  type Association,
  type AssociationNotice,
  Backoff,
  type Dnp3Error,
  type Outcome,
  type ResponseSummary,
} from '../dnp3/index.ts'
import { driftLimitMs, measureDrift } from './clock-drift.ts'
import { Complaints } from './complaints.ts'
import { type HubAddress, HubLine, sameAddress } from './hub-line.ts'
import { Intake } from './intake.ts'
import type { LinkContext } from './link-context.ts'
import { malformedCount, Quarantine } from './quarantine.ts'
import type { PollKind } from './schedule.ts'
import { type HubStatus, newHubStatus } from './status.ts'

/** How long a poll in progress may hold up the end of its connection. Answers come within that time, or the hub is not well. */
const closingGraceMs = 2_000

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
  /** Tells those who wait for the end of the poll in progress. */
  #onPolled: (() => void) | null = null
  /** What we hold may have gaps (new connection, restart, overflow): the next poll reads everything. */
  #stale = true
  #nextDriftCheckMs = 0
  readonly #complaints: Complaints
  readonly #byGroup: Backoff

  constructor(hub: HubAssignment, context: LinkContext) {
    this.#context = context
    this.#log = context.log.child({ hub: hub.name, hubId: hub.hubId })
    this.#status = newHubStatus(hub.hubId, hub.name)
    this.#intake = new Intake(hub, this.#status, this.#log, context)
    this.#quarantine = new Quarantine(context.settings.quarantine)
    this.#complaints = new Complaints(this.#log)
    this.#byGroup = new Backoff(60_000, 3_600_000)
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

  /** Ends the connection. A poll whose answer may be on its way is given time to end: what a hub has sent is not thrown away. */
  async close(): Promise<void> {
    this.#wanted = false
    this.#cancelCall?.()
    if (this.#polling && this.#line.isOpen) await this.#polled()
    await this.#line.close()
  }

  async #polled(): Promise<void> {
    const grace = Promise.withResolvers<void>()
    const timer = setTimeout(grace.resolve, closingGraceMs)
    this.#onPolled = grace.resolve
    await grace.promise
    clearTimeout(timer)
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
      this.#onPolled?.()
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
    const isCut = this.#note(outcome)
    const isRefused = !outcome.ok && outcome.error.code === 'refused'
    const isWhole = outcome.ok || (isRefused && whole && (await this.#readByGroup(association)))
    if (outcome.ok && isCut) await this.#readByGroup(association)
    if (isWhole && whole) this.#stale = false
    return outcome.ok
  }

  /** The other form of an integrity poll that was refused, or whose answer could be read only in part: the groups of the map by name. */
  async #readByGroup(association: Association): Promise<boolean> {
    const nowMs = this.#context.clock.now().toEpochMilli()
    const headers = this.#intake.groups.map((group) => ({ group, variation: 0 }))
    if (headers.length === 0 || !this.#byGroup.isDue(nowMs)) return false
    const outcome = await association.read(headers)
    const isCut = this.#complaints.readAgain()
    this.#status.complaints = this.#complaints.present
    if (outcome.ok && !isCut) this.#byGroup.succeeded()
    else this.#byGroup.failed(nowMs)
    return outcome.ok
  }

  /** Notes how a poll went; returns whether part of its answer could not be read. */
  #note(outcome: Outcome<ResponseSummary>): boolean {
    const status = this.#status
    const isRefused = !outcome.ok && outcome.error.code === 'refused'
    if (isRefused) status.failedPolls++
    // A full spool is our fault, not the hub's; and one that complains has answered.
    if (outcome.ok || isRefused || outcome.error.code === 'handler-failed') {
      const isCut = this.#complaints.answered((outcome.ok ? outcome.value.iin : outcome.error.iin) ?? 0)
      status.complaints = this.#complaints.present
      status.lastAnswerMs = this.#context.clock.now().toEpochMilli()
      if (status.link === 'offline') this.#log.info('hub answers')
      status.link = 'online'
      return isCut
    }
    status.failedPolls++
    if (status.link === 'online' || status.polls === 1)
      this.#log.warn({ error: shortOf(outcome.error) }, 'hub does not answer')
    status.link = 'offline'
    status.complaints = []
    return false
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
    } else if (notice.kind === 'not-understood') {
      this.#complaints.passedOver(notice.objects)
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
    if (driftMs === null || Math.abs(driftMs) <= driftLimitMs || !association.mayTimeSync) return
    this.#log.info({ driftMs }, 'clock of hub is off: setting it')
    const outcome = await association.timeSync()
    // The next poll measures again, so that the flag clears once the clock is right.
    if (outcome.ok) this.#nextDriftCheckMs = 0
  }
}

/** A hub that calls in decides itself how long it stays. */
function isCalledPerPoll({ integrityPollS, dialsIn }: HubAssignment, { settings }: LinkContext): boolean {
  return dialsIn !== true && integrityPollS >= settings.callPerPollFromS
}

function shortOf({ code, message, cause }: Dnp3Error): string {
  return cause instanceof Error ? `${code}: ${cause.message}` : `${code}: ${message}`
}
