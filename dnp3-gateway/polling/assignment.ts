import { join } from 'node:path'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { GatewayAssignment } from '../../schemas/gateway.ts'
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

/** Keeps a gateway's assignment up to date. */
export class AssignmentKeeper {
  readonly #options: AssignmentOptions
  #timer: Timer | null = null
  #has = false
  #reachable = true
  readonly #parser = new AssignmentParser()
  #keptText = ''
  /** Until when the hubs are ours, epoch ms. */
  #leaseMs = Number.POSITIVE_INFINITY

  constructor(options: AssignmentOptions) {
    this.#options = options
  }

  /** Gets the assignment, from the server or else from what is kept, and asks for it again from time to time. */
  async start(): Promise<void> {
    const { clock, refreshMs } = this.#options
    const period = Math.min(firstRetryMs, refreshMs)
    this.#timer = clock.every('gateway assignment', period, async (at) => {
      if (!this.#has || at.toEpochMilli() % refreshMs < period) await this.refresh()
      if (at.toEpochMilli() >= this.#leaseMs) await this.#release()
    })
    if (await this.refresh()) return
    const kept = this.#kept()
    if (kept === null || leaseOf(kept) <= clock.now().toEpochMilli()) return
    this.#options.log.warn({ issuedAt: kept.issuedAt }, 'server is away: polling goes on by the last assignment')
    await this.#take(kept)
  }

  /** Asks the server once; false if it gave no answer. */
  async refresh(): Promise<boolean> {
    const { client, log } = this.#options
    const answer = await client.assignment((json) => this.#parser.parse(json))
    if (!answer.ok) {
      if (this.#reachable) log.warn({ detail: answer.detail }, 'no assignment from the server')
      this.#reachable = false
      return false
    }
    this.#reachable = true
    this.#has = true
    if (answer.value === null) return true
    this.#keep(answer.value)
    await this.#take(answer.value)
    return true
  }

  /** Writes the assignment down if it says anything new. Stored sequences are left out: they are the spool's own concern. */
  #keep(assignment: GatewayAssignment): void {
    const { hubs, ...rest } = compactAssignment(assignment)
    const text = JSON.stringify({ ...rest, hubs: hubs.map((hub) => ({ ...hub, storedSequence: 0 })), issuedAt: '' })
    if (text === this.#keptText) return
    this.#keptText = text
    replaceFile(this.#file, text.replace('"issuedAt":""', `"issuedAt":"${assignment.issuedAt}"`))
  }

  async #take(assignment: GatewayAssignment): Promise<void> {
    this.#leaseMs = leaseOf(assignment)
    await this.#options.onAssignment(assignment)
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
