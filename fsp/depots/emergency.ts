import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { FspContext } from '../app/context.ts'
import {
  allowedLimitA,
  type Connector,
  limitedW,
  type Setpoints,
  safeLimitA,
  type Units,
} from '../chargepoints/index.ts'
import type { Depot } from '../registers/index.ts'
import type { DepotModes } from './modes.ts'
import { connectionLimitW } from './rules.ts'
import { depotEmergency } from './tables.ts'

export type EmergencyRow = typeof depotEmergency.$inferSelect

type Note = (tx: Queryable) => Promise<void>

/** What all sockets draw at a standing limit, each as its model takes it, W. */
export function standingW(sockets: readonly Pick<Connector, 'unit'>[], limitA: number): number {
  return sockets.reduce((sum, { unit }) => sum + limitedW(unit.model, allowedLimitA(unit.model, limitA)), 0)
}

/** Depots whose optimisation was switched off in an emergency (H23): their sockets keep one stated limit until somebody ends it. */
export class Emergencies {
  readonly #context: FspContext
  readonly #parts: { units: Units; modes: DepotModes }
  readonly #open = new Map<string, EmergencyRow>()

  constructor(context: FspContext, parts: { units: Units; modes: DepotModes }) {
    this.#context = context
    this.#parts = parts
  }

  async load(): Promise<void> {
    const rows = await this.#context.db.select().from(depotEmergency).where(isNull(depotEmergency.endedAt))
    for (const row of rows) this.#open.set(row.depotId, row)
  }

  isOpen(depotId: string): boolean {
    return this.#open.has(depotId)
  }

  /** The limit that a depot's units keep without commands, A. */
  standingLimitA(depotId: string): number {
    return this.#open.get(depotId)?.standingLimitA ?? safeLimitA
  }

  list(depotId: string): Promise<EmergencyRow[]> {
    const { since } = depotEmergency
    return this.#context.db
      .select()
      .from(depotEmergency)
      .where(eq(depotEmergency.depotId, depotId))
      .orderBy(desc(since))
  }

  /** Begins one. Throws a problem if one lasts, or if the limit is too high for the depot's connection. */
  async begin(
    depot: Depot,
    given: { standingLimitA: number; reason: string; startedBy: string },
    note: Note,
  ): Promise<EmergencyRow> {
    const { depotId } = depot
    if (this.isOpen(depotId)) throw new ProblemError('conflict', offAlready(depotId))
    const sockets = this.#parts.units.connectorsOf(depotId)
    const [mostW, limitW] = [standingW(sockets, given.standingLimitA) + depot.building.dayW, connectionLimitW(depot)]
    if (mostW > limitW)
      throw new ProblemError(
        'conflict',
        `${sockets.length} sockets at ${given.standingLimitA} A, with the building by day, draw up to ${Math.round(mostW)} W; the connection carries ${Math.round(limitW)} W. State a lower limit.`,
      )
    const ends = { endedAt: null, endedBy: null }
    const row = {
      depotId,
      since: this.#context.clock.now(),
      modeBefore: this.#parts.modes.of(depotId),
      ...given,
      ...ends,
    }
    await this.#context.db.transaction(async (tx) => {
      const made = await tx.insert(depotEmergency).values(row).onConflictDoNothing().returning()
      // Somebody else has pressed it at the same moment.
      if (made.length === 0) throw new ProblemError('conflict', offAlready(depotId))
      await note(tx)
    })
    this.#open.set(depotId, row)
    await this.#parts.modes.set(depotId, 'off')
    return row
  }

  /** Ends the one that lasts, and brings back the control mode of before. */
  async end(depotId: string, endedBy: string, note: Note): Promise<EmergencyRow> {
    const row = this.#open.get(depotId)
    if (!row) throw new ProblemError('conflict', `Optimisation of ${depotId} is not switched off.`)
    const change = { endedAt: this.#context.clock.now(), endedBy }
    const isThis = and(eq(depotEmergency.depotId, depotId), eq(depotEmergency.since, row.since))
    await this.#context.db.transaction(async (tx) => {
      await tx.update(depotEmergency).set(change).where(isThis)
      await note(tx)
    })
    this.#open.delete(depotId)
    await this.#parts.modes.set(depotId, row.modeBefore)
    return { ...row, ...change }
  }

  /** Sends every unit of a depot its standing limit. */
  async stand(depotId: string, setpoints: Setpoints): Promise<void> {
    await Promise.all(this.#unitsOf(depotId).map((unit) => setpoints.stand(unit)))
  }

  /** Holds the charges of every depot in an emergency at its limit: those under way, and those that begin. */
  async hold(setpoints: Setpoints): Promise<void> {
    const nowMs = this.#context.clock.now().toEpochMilli()
    for (const [depotId, { standingLimitA }] of this.#open) {
      for (const connector of this.#parts.units.connectorsOf(depotId))
        if (connector.transaction) setpoints.want(connector, standingLimitA, nowMs)
      await Promise.all(this.#unitsOf(depotId).map((unit) => setpoints.flush(unit)))
    }
  }

  #unitsOf(depotId: string) {
    return [...new Set(this.#parts.units.connectorsOf(depotId).map(({ unit }) => unit))]
  }
}

function offAlready(depotId: string): string {
  return `Optimisation of ${depotId} is off already.`
}
