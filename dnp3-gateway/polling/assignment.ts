import { join } from 'node:path'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { GatewayAssignment } from '../../schemas/grid/gateway.ts'
import { readIfThere, replaceFile } from '../delivery/files.ts'
import type { ServerClient } from '../delivery/server-client.ts'
import { AssignmentParser, compactAssignment } from './assignment-parser.ts'

export interface AssignmentOptions {
  readonly client: ServerClient
  readonly clock: Clock
  readonly log: Log
  /** Where the last assignment is kept, so that a gateway that starts while the server is away polls all the same. */
  readonly folder: string
  readonly refreshMs: number
  readonly onAssignment: (assignment: Pick<GatewayAssignment, 'hubs' | 'pointMaps'>) => Promise<void>
}

/** A gateway that has not got its first assignment yet asks this often, ms. */
const firstRetryMs = 5_000

/** How often it is looked whether to ask, ms. */
const lookMs = 1_000

/** A lease is renewed when this part of it has passed: two answers may fail, and it does not run out. */
const renewAfter = 1 / 4

/** Keeps a gateway's assignment up to date. */
export class AssignmentKeeper {
  readonly #options: AssignmentOptions
  #timer: Timer | null = null
  #has = false
  #reachable = true
  readonly #parser = new AssignmentParser()
  #keptText = ''
  /** Until when the hubs are ours, epoch ms by our clock; and how long the last lease was. */
  #leaseMs = Number.POSITIVE_INFINITY
  #leasedMs: number | null = null

  constructor(options: AssignmentOptions) {
    this.#options = options
  }

  /** Whether the hubs may be polled at an instant: a lease that has run out may be another gateway's, also if nobody has noticed yet. */
  holds(atMs: number): boolean {
    return atMs < this.#leaseMs
  }

  /** Gets the assignment, from the server or else from what is kept, and asks for it again from time to time. */
  async start(): Promise<void> {
    const { clock } = this.#options
    this.#timer = clock.every('gateway assignment', lookMs, async (at) => {
      if (at.toEpochMilli() % this.#periodMs < lookMs) await this.refresh()
      if (!this.holds(at.toEpochMilli())) await this.#release()
    })
    if (await this.refresh()) return
    const kept = this.#kept()
    if (kept === null || leaseOf(kept) <= clock.now().toEpochMilli()) return
    this.#options.log.warn({ issuedAt: kept.issuedAt }, 'server is away: polling goes on by the last assignment')
    this.#leaseMs = leaseOf(kept)
    await this.#options.onAssignment(kept)
  }

  /** Asks the server once; false if it gave no answer. */
  async refresh(): Promise<boolean> {
    const { client, clock, log } = this.#options
    const askedMs = clock.now().toEpochMilli()
    const answer = await client.assignment((json) => this.#parser.parse(json))
    if (!answer.ok) {
      if (this.#reachable) log.warn({ detail: answer.failure.detail }, 'no assignment from the server')
      this.#reachable = false
      return false
    }
    this.#reachable = true
    this.#has = true
    const { assignment, leaseMs } = answer.value
    // By our own clock, from before the question on: whatever the server's clock says, it ends no later here than there.
    this.#leaseMs = leaseMs === null ? Number.POSITIVE_INFINITY : askedMs + leaseMs
    this.#leasedMs = leaseMs
    if (assignment === null) return true
    this.#keep(assignment)
    await this.#options.onAssignment(assignment)
    return true
  }

  /** Gives the hubs back, if they are leased: others need not wait for the end of the lease. */
  async leave(): Promise<void> {
    this.close()
    if (this.#leasedMs === null) return
    this.#leaseMs = Number.NEGATIVE_INFINITY
    const answer = await this.#options.client.endLease()
    if (!answer.ok)
      this.#options.log.warn({ detail: answer.failure.detail }, 'the lease of the hubs was not given back')
  }

  get #periodMs(): number {
    const { refreshMs } = this.#options
    if (!this.#has) return Math.min(firstRetryMs, refreshMs)
    return this.#leasedMs === null ? refreshMs : Math.max(lookMs, Math.min(refreshMs, this.#leasedMs * renewAfter))
  }

  /** Writes the assignment down if it says anything new. Stored sequences are left out: they are the spool's own concern. */
  #keep(assignment: GatewayAssignment): void {
    const { hubs, leaseUntil: _, ...rest } = compactAssignment(assignment)
    const lease = this.#leasedMs === null ? {} : { leaseUntil: new Date(this.#leaseMs).toISOString() }
    const kept = { ...rest, hubs: hubs.map((hub) => ({ ...hub, storedSequence: 0 })), issuedAt: '' }
    const text = JSON.stringify({ ...kept, ...lease })
    if (text === this.#keptText) return
    this.#keptText = text
    replaceFile(this.#file, text.replace('"issuedAt":""', `"issuedAt":"${assignment.issuedAt}"`))
  }

  /** The lease has run out: another gateway may poll the hubs by now. What they gave us is still delivered. */
  async #release(): Promise<void> {
    this.#leaseMs = Number.POSITIVE_INFINITY
    this.#has = false
    this.#options.client.forgetAssignment()
    this.#options.log.error('the lease of the hubs ran out before the server renewed it: polling stops')
    await this.#options.onAssignment({ hubs: [] })
  }

  close(): void {
    this.#timer?.cancel()
  }

  get #file(): string {
    return join(this.#options.folder, 'assignment.json')
  }

  #kept(): GatewayAssignment | null {
    const text = readIfThere(this.#file)
    return text === null ? null : this.#parser.parse(JSON.parse(text))
  }
}

function leaseOf({ leaseUntil }: GatewayAssignment): number {
  return leaseUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(leaseUntil)
}
