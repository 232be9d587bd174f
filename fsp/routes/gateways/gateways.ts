import type { FspContext } from '../../app/context.ts'
import type { OcppCaller, Unit, Units } from '../../chargepoints/index.ts'
import { GatewayLink } from './link.ts'

/** A gateway that serves charge points, as the register of charge points has it. */
export interface GatewayEntry {
  gatewayId: string
  kind: 'site-controller' | 'over-the-air'
  identities: string[]
}

interface Connected {
  client: OcppCaller
  sinceMs: number
  /** Charge points that it says it can reach. */
  reachable: Set<string>
}

/** A site has two controllers, each with half of its charge points; either takes over all of them (report, section 3.2.1). */
const controllersOfSite = 2

/** The identifiers of the gateways that may serve a charge point, its own first. */
export function gatewaysFor({
  route,
  depotId,
  backOffice,
  identity,
}: Pick<Unit, 'route' | 'depotId' | 'backOffice' | 'identity'>): string[] {
  if (route === 'over-the-air') return backOffice === null ? [] : [`office-${slugOf(backOffice)}`]
  if (route !== 'site-controller') return []
  const own = numberIn(identity) % controllersOfSite
  return Array.from({ length: controllersOfSite }, (_, i) => `${depotId}-cpc-${((own + i) % controllersOfSite) + 1}`)
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** The last number in an identity, by which the load is split evenly. */
function numberIn(identity: string): number {
  return Number(/(\d+)\D*$/.exec(identity)?.[1] ?? 0)
}

/** What has changed on the way to a charge point. */
interface Change {
  unit: Unit
  kind: 'lost' | 'back' | 'failed-over'
  sentence: string
}

/** Gateways that are connected, and which of them each charge point is reached by. */
export class Gateways {
  readonly #context: FspContext
  readonly #units: Units
  readonly #connected = new Map<string, Connected>()
  /** Charge points that no gateway reaches any more. */
  readonly #lost = new Set<string>()
  #isClosing = false

  constructor(context: FspContext, units: Units) {
    this.#context = context
    this.#units = units
  }

  /** The gateways that the register's charge points need. */
  get entries(): GatewayEntry[] {
    const found = new Map<string, GatewayEntry>()
    for (const unit of this.#units.all)
      for (const gatewayId of gatewaysFor(unit)) {
        const kind = unit.route === 'over-the-air' ? 'over-the-air' : 'site-controller'
        const entry = found.get(gatewayId) ?? { gatewayId, kind, identities: [] }
        entry.identities.push(unit.identity)
        found.set(gatewayId, entry)
      }
    return [...found.values()].sort((a, b) => (a.gatewayId < b.gatewayId ? -1 : 1))
  }

  isKnown(gatewayId: string): boolean {
    return this.entries.some((entry) => entry.gatewayId === gatewayId)
  }

  /** Since when a gateway is connected, ms; `null`: it is not. */
  sinceMs(gatewayId: string): number | null {
    return this.#connected.get(gatewayId)?.sinceMs ?? null
  }

  /** The charge points that are reached by a gateway now. */
  servedBy(gatewayId: string): string[] {
    const isOwn = ({ link }: Unit) => link instanceof GatewayLink && link.gatewayId === gatewayId
    return this.#units.all.filter(isOwn).map(({ identity }) => identity)
  }

  /** A gateway has connected; it replaces an earlier connection of its own. */
  connected(gatewayId: string, client: OcppCaller): void {
    const before = this.#connected.get(gatewayId)
    const sinceMs = this.#context.clock.now().toEpochMilli()
    this.#connected.set(gatewayId, { client, sinceMs, reachable: new Set() })
    if (before) void before.client.close({ force: true }).catch(() => undefined)
    this.#route()
  }

  gone(gatewayId: string, client: OcppCaller): void {
    if (this.#connected.get(gatewayId)?.client !== client) return
    this.#connected.delete(gatewayId)
    this.#route()
  }

  /** We end: that gateways go then is our own doing, and nobody is told. */
  close(): void {
    this.#isClosing = true
  }

  /** The charge point that a message of a gateway is about; `null` if the gateway does not serve it. */
  unitOf(gatewayId: string, identity: string): Unit | null {
    const unit = this.#units.find(identity)
    return unit && gatewaysFor(unit).includes(gatewayId) ? unit : null
  }

  /** A gateway says whether it reaches a charge point. */
  reaches(gatewayId: string, unit: Unit, isReachable: boolean): void {
    const reachable = this.#connected.get(gatewayId)?.reachable
    if (isReachable) reachable?.add(unit.identity)
    else reachable?.delete(unit.identity)
    this.#route()
  }

  /** Gives every charge point the link by the first of its gateways that reaches it. */
  #route(): void {
    const told: Change[] = []
    for (const unit of this.#units.all) {
      const candidates = gatewaysFor(unit)
      // One that is connected to us directly stays so.
      if (candidates.length === 0 || (unit.link && !(unit.link instanceof GatewayLink))) continue
      const gatewayId = candidates.find((id) => this.#connected.get(id)?.reachable.has(unit.identity))
      const gateway = gatewayId === undefined ? undefined : this.#connected.get(gatewayId)
      const before = unit.link instanceof GatewayLink ? unit.link.gatewayId : null
      if (!gateway || gatewayId === undefined) {
        unit.link = null
        if (before === null) continue
        this.#lost.add(unit.identity)
        told.push({ unit, kind: 'lost', sentence: `No gateway reaches ${unit.identity} any more.` })
        continue
      }
      if (before === gatewayId) continue
      unit.link = new GatewayLink(unit, { gatewayId, client: gateway.client }, this.#context.log)
      const wasLost = this.#lost.delete(unit.identity)
      const kind = wasLost || gatewayId === candidates[0] ? 'back' : 'failed-over'
      const sentence = `${unit.identity} is reached by ${gatewayId}${before === null ? '' : ` instead of ${before}`}.`
      if (before !== null || wasLost) told.push({ unit, kind, sentence })
    }
    this.#tell(told)
  }

  /** One line for all charge points of a depot that a gateway has taken with it: a site has dozens of them. */
  #tell(told: readonly Change[]): void {
    if (this.#isClosing) return
    const groups = Map.groupBy(told, ({ unit, kind }) => `${unit.depotId} ${kind}`)
    for (const changes of groups.values()) {
      const [{ kind, unit, sentence }] = changes as [Change]
      const { depotId } = unit
      const identities = changes.map((each) => each.unit.identity)
      const more = changes.length > 1 ? ` So it is with ${changes.length - 1} more of ${depotId}.` : ''
      if (kind === 'back') this.#context.log.info({ depotId, identities }, `${sentence}${more}`)
      else this.#context.log.warn({ depotId, identities }, `${sentence}${more}`)
    }
  }
}
