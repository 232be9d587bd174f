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
  /** Where the last assignment is kept, so that a gateway can poll even if the server is unreachable when it starts. */
  readonly folder: string
  readonly refreshMs: number
  readonly onAssignment: (assignment: Pick<GatewayAssignment, 'hubs' | 'pointMaps'>) => Promise<void>
}

/** How often a gateway asks until it has its first assignment, ms. */
const firstRetryMs = 5_000

/** How often to check whether to ask, ms. */
const lookMs = 1_000

/** Renew a lease after this fraction of it: two failed requests do not let it expire. */
const renewAfter = 1 / 4

/** Keeps a gateway's assignment up to date. */
export class AssignmentKeeper {
  readonly #options: AssignmentOptions
  #timer: Timer | null = null
  #has = false
  #reachable = true
  readonly #parser = new AssignmentParser()
  #keptText = ''
  /** When the lease on the hubs ends, epoch ms by our clock, and how long the last lease was. */
  #leaseMs = Number.POSITIVE_INFINITY
  #leasedMs: number | null = null

  constructor(options: AssignmentOptions) {
    this.#options = options
  }

  /** Whether the hubs may be polled at an instant. Once a lease has expired the hubs may be another gateway's, whether or not anyone has noticed. */
  holds(atMs: number): boolean {
    return atMs < this.#leaseMs
  }

  /** Gets the assignment from the server, or else from the stored copy, and keeps asking for it. */
  async start(): Promise<void> {
    const { clock } = this.#options
    this.#timer = clock.every('gateway assignment', lookMs, async (at) => {
      if (at.toEpochMilli() % this.#periodMs < lookMs) await this.refresh()
      if (!this.holds(at.toEpochMilli())) await this.#release()
    })
    if (await this.refresh()) return
    const kept = this.#kept()
    if (kept === null || leaseOf(kept) <= clock.now().toEpochMilli()) return
    this.#options.log.warn({ issuedAt: kept.issuedAt }, 'server is unreachable: polling by the last assignment')
    this.#leaseMs = leaseOf(kept)
    await this.#options.onAssignment(kept)
  }

  /** Asks the server once; false if there is no answer. */
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
    // Counted by our own clock from before the request: the lease never ends later here than at the server, whatever its clock says.
    this.#leaseMs = leaseMs === null ? Number.POSITIVE_INFINITY : askedMs + leaseMs
    this.#leasedMs = leaseMs
    if (assignment === null) return true
    this.#keep(assignment)
    await this.#options.onAssignment(assignment)
    return true
  }

  /** Gives leased hubs back, so that others need not wait for the lease to end. */
  async leave(): Promise<void> {
    this.close()
    if (this.#leasedMs === null) return
    this.#leaseMs = Number.NEGATIVE_INFINITY
    const answer = await this.#options.client.endLease()
    if (!answer.ok)
      this.#options.log.warn({ detail: answer.failure.detail }, 'could not give back the lease on the hubs')
  }

  get #periodMs(): number {
    const { refreshMs } = this.#options
    if (!this.#has) return Math.min(firstRetryMs, refreshMs)
    return this.#leasedMs === null ? refreshMs : Math.max(lookMs, Math.min(refreshMs, this.#leasedMs * renewAfter))
  }

  /** Stores the assignment if it has changed. Stored sequences are left out: they are the spool's concern. */
  #keep(assignment: GatewayAssignment): void {
    const { hubs, leaseUntil: _, ...rest } = compactAssignment(assignment)
    const lease = this.#leasedMs === null ? {} : { leaseUntil: new Date(this.#leaseMs).toISOString() }
    const kept = { ...rest, hubs: hubs.map((hub) => ({ ...hub, storedSequence: 0 })), issuedAt: '' }
    const text = JSON.stringify({ ...kept, ...lease })
    if (text === this.#keptText) return
    this.#keptText = text
    replaceFile(this.#file, text.replace('"issuedAt":""', `"issuedAt":"${assignment.issuedAt}"`))
  }

  /** The lease has expired: another gateway may be polling the hubs. What we already have is still delivered. */
  async #release(): Promise<void> {
    this.#leaseMs = Number.POSITIVE_INFINITY
    this.#has = false
    this.#options.client.forgetAssignment()
    this.#options.log.error('the lease on the hubs expired before the server renewed it: polling stops')
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
