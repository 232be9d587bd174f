import type { GatewayAssignment, HubAssignment } from '../../schemas/grid/gateway.ts'
import { mapOf } from './assignment-parser.ts'
import { sameAddress } from './hub-line.ts'
import { HubLink } from './hub-link.ts'
import type { LinkContext } from './link-context.ts'
import { Schedule, tickMs } from './schedule.ts'
import { addCounts, type HubCounts, type HubStatus, noCounts } from './status.ts'

/** After a pause of the process, make up for polls that fell due at most this long ago. */
const catchUpMs = 5_000

interface Member {
  readonly link: HubLink
  /** What it was made from, to see whether that has changed. */
  hub: HubAssignment
  /** Cancels its first connection attempt, if still pending. */
  readonly cancelAttempt: () => void
}

/** All hubs assigned to this gateway. */
export class Fleet {
  readonly #context: LinkContext
  readonly #members = new Map<string, Member>()
  readonly #schedule = new Schedule()
  readonly #gone = noCounts()
  #lastTickMs: number | null = null

  constructor(context: LinkContext) {
    this.#context = context
  }

  statuses(): Readonly<HubStatus>[] {
    return [...this.#members.values()].map(({ link }) => link.status)
  }

  /** Counts over all hubs ever polled here. */
  totals(): HubCounts {
    const totals = { ...this.#gone }
    for (const { link } of this.#members.values()) addCounts(totals, link.status)
    return totals
  }

  /** Takes an assignment: hubs come, go and change while the others are polled. Sequences continue from what the server has stored. */
  async assign(assignment: Pick<GatewayAssignment, 'hubs' | 'pointMaps'>): Promise<void> {
    const hubs = assignment.hubs.map((hub) => ({ ...hub, pointMap: mapOf(hub, assignment) }))
    this.#context.spool.acknowledge(hubs.map((hub) => [hub.hubId, hub.storedSequence]))
    const wanted = new Set(hubs.map(({ hubId }) => hubId))
    const gone = [...this.#members.keys()].filter((hubId) => !wanted.has(hubId))
    await Promise.all([...gone.map((hubId) => this.#remove(hubId)), ...hubs.map((hub) => this.#set(hub))])
  }

  /** Starts all polls that are due and resolves when the last has ended; a slow hub holds up no other. */
  async tick(atMs: number): Promise<void> {
    this.#context.gate.tick()
    for (const { link } of this.#members.values()) link.assess(atMs)
    const polls: Promise<void>[] = []
    for (const instantMs of this.#instantsUpTo(atMs)) {
      for (const [hubId, kind] of this.#schedule.due(instantMs)) {
        const link = this.#members.get(hubId)?.link
        if (link) polls.push(link.poll(kind))
      }
    }
    await Promise.all(polls)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members.keys()].map((hubId) => this.#remove(hubId)))
  }

  *#instantsUpTo(atMs: number): Generator<number> {
    const oldest = atMs - catchUpMs
    const next = this.#lastTickMs === null || this.#lastTickMs < oldest ? atMs : this.#lastTickMs + tickMs
    this.#lastTickMs = atMs
    for (let ms = next; ms <= atMs; ms += tickMs) yield ms
  }

  async #set(hub: HubAssignment): Promise<void> {
    const member = this.#members.get(hub.hubId)
    if (member && isSame(member.hub, hub)) return
    this.#schedule.set(hub.hubId, hub.integrityPollS)
    if (!member) {
      const link = new HubLink(hub, this.#context)
      this.#members.set(hub.hubId, { link, hub, cancelAttempt: this.#begin(link) })
      return
    }
    member.hub = hub
    await member.link.change(hub)
  }

  /** Connects to a hub in its turn; returns how to cancel that. */
  #begin(link: HubLink): () => void {
    if (!link.isCalledPerPoll) return this.#context.gate.enter(() => link.open())
    link.open()
    return () => {}
  }

  async #remove(hubId: string): Promise<void> {
    const member = this.#members.get(hubId)
    this.#schedule.remove(hubId)
    this.#members.delete(hubId)
    if (!member) return
    member.cancelAttempt()
    await member.link.close()
    addCounts(this.#gone, member.link.status)
  }
}

/** Whether two assignments of a hub are the same, apart from what changes by itself. */
function isSame(a: HubAssignment, b: HubAssignment): boolean {
  const sameLink = a.name === b.name && a.integrityPollS === b.integrityPollS && a.pointMap === b.pointMap
  return sameLink && sameAddress(a, b)
}
