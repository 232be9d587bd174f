import { Instant } from '@js-joda/core'
import { and, desc, eq, gte, inArray } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { isVehicleIdentity, vehicleOf } from '../registers/index.ts'
import { vehicleStatement } from './tables.ts'
import type { Unit, VehicleNeeds } from './units.ts'

/** Most statements that a list holds. */
const most = 500

/** What vehicles say of themselves through a charge point (ISO 15118, Autocharge), matched to the register when it is said. */
export class VehicleStatements {
  readonly #context: FspContext

  constructor(context: FspContext) {
    this.#context = context
  }

  /** An identifier was shown: kept where it is that of a vehicle. */
  async shown(unit: Unit, connector: number | null, shown: string): Promise<void> {
    if (!isVehicleIdentity(shown)) return
    const registration = vehicleOf(this.#context.registers.now(), shown)
    await this.#add(unit, connector, { kind: 'identity', vehicleIdentity: shown, registration })
  }

  /** A vehicle has said what it needs; the charge at the socket, if there is one, has it from now on. */
  async needs(unit: Unit, connector: number, needs: VehicleNeeds): Promise<void> {
    const transaction = unit.connectors.find((each) => each.connector === connector)?.transaction ?? null
    const saidMs = this.#context.clock.now().toEpochMilli()
    if (transaction) transaction.needs = { ...needs, saidMs, registerWh: transaction.lastWh }
    const { departureMs, ...figures } = needs
    const registration = transaction ? vehicleOf(this.#context.registers.now(), transaction.idTag) : null
    const departureAt = departureMs === null ? null : Instant.ofEpochMilli(departureMs)
    await this.#add(unit, connector, { kind: 'needs', registration, ...figures, departureAt })
  }

  /** Gives charges that were under way before a restart what their vehicles said. What the register was then is not kept: its start counts. */
  async load(units: readonly Unit[]): Promise<void> {
    for (const { identity, connector, transaction } of units.flatMap(({ identity, connectors }) =>
      connectors.map((each) => ({ identity, connector: each.connector, transaction: each.transaction })),
    )) {
      if (!transaction) continue
      const startAt = Instant.ofEpochMilli(transaction.startMs)
      const isOfCharge = and(eq(vehicleStatement.identity, identity), eq(vehicleStatement.connector, connector))
      const [row] = await this.#context.db
        .select()
        .from(vehicleStatement)
        .where(and(isOfCharge, eq(vehicleStatement.kind, 'needs'), gte(vehicleStatement.at, startAt)))
        .orderBy(desc(vehicleStatement.statementId))
        .limit(1)
      if (!row) continue
      const { at, departureAt, energyWh, leastA, mostA, stateOfChargePercent } = row
      const said = { energyWh, leastA, mostA, stateOfChargePercent, departureMs: departureAt?.toEpochMilli() ?? null }
      transaction.needs = { ...said, saidMs: at.toEpochMilli(), registerWh: transaction.startWh }
    }
  }

  /** The newest statements at units, the newest first. */
  async list(units: readonly Unit[]): Promise<(typeof vehicleStatement.$inferSelect)[]> {
    return this.#context.db
      .select()
      .from(vehicleStatement)
      .where(
        inArray(
          vehicleStatement.identity,
          units.map(({ identity }) => identity),
        ),
      )
      .orderBy(desc(vehicleStatement.statementId))
      .limit(most)
  }

  async #add(
    { identity }: Unit,
    connector: number | null,
    said: Omit<typeof vehicleStatement.$inferInsert, 'identity' | 'connector' | 'at'>,
  ): Promise<void> {
    await this.#context.db
      .insert(vehicleStatement)
      .values({ identity, connector, at: this.#context.clock.now(), ...said })
  }
}
