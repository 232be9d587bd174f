import type { Instant } from '@js-joda/core'
import { and, eq, isNull, lt } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { chargingTransaction } from './tables.ts'
import { addSample, type Connector, type Unit, type Units } from './units.ts'

/** Charging transactions: opened, closed, resumed after a restart. */
export class Transactions {
  readonly #context: FspContext
  readonly #units: Units
  /** What vehicles took in their finished transactions: sums by token, Wh. */
  readonly #taken = new Map<string, { count: number; energyWh: number }>()

  constructor(context: FspContext, units: Units) {
    this.#context = context
    this.#units = units
  }

  /** Mean energy of a vehicle's finished charges, Wh; `null` when it has none. */
  typicalWh(idTag: string): number | null {
    const taken = this.#taken.get(idTag)
    return taken ? taken.energyWh / taken.count : null
  }

  async load(): Promise<void> {
    for (const row of await this.#context.db.select().from(chargingTransaction)) {
      if (row.stopWh !== null) this.#learn(row.idTag, row.stopWh - row.startWh)
      const connector = this.#units.find(row.identity)?.connectors.find((c) => c.connector === row.connector)
      if (row.stopAt || !connector) continue
      connector.transaction = {
        transactionId: row.transactionId,
        idTag: row.idTag,
        startMs: row.startAt.toEpochMilli(),
        startWh: row.startWh,
        lastWh: row.startWh,
      }
    }
  }

  /** Opens a transaction, or finds the one already opened by the same message. One left open on the connector ends where this begins. */
  async start(
    unit: Unit,
    given: { connectorId: number; idTag: string; meterStart: number; at: Instant },
  ): Promise<number> {
    const key = { identity: unit.identity, connector: given.connectorId, startAt: given.at }
    const { db, log } = this.#context
    const transactionId = await db.transaction(async (tx) => {
      await tx
        .update(chargingTransaction)
        .set({ stopAt: given.at, stopWh: given.meterStart, stopReason: 'Lost' })
        .where(
          and(
            eq(chargingTransaction.identity, key.identity),
            eq(chargingTransaction.connector, key.connector),
            isNull(chargingTransaction.stopAt),
            lt(chargingTransaction.startAt, given.at),
          ),
        )
      const [made] = await tx
        .insert(chargingTransaction)
        .values({ ...key, idTag: given.idTag, startWh: given.meterStart })
        .onConflictDoUpdate({
          target: [chargingTransaction.identity, chargingTransaction.connector, chargingTransaction.startAt],
          set: { startWh: given.meterStart },
        })
        .returning()
      if (!made) throw new Error('a transaction was neither made nor found')
      return made.stopAt ? { ...made, open: false } : { ...made, open: true }
    })
    const connector = unit.connectors.find((c) => c.connector === given.connectorId)
    if (connector && transactionId.open) this.#open(connector, transactionId.transactionId, given)
    const twin = this.#units.all
      .flatMap((other) => other.connectors)
      .find((other) => other !== connector && other.transaction?.idTag === given.idTag)
    if (twin)
      log.warn({ identity: unit.identity, idTag: given.idTag, also: twin.unit.identity }, 'same token on two sockets')
    return transactionId.transactionId
  }

  /** Closes a transaction; returns its connector, or `null` if the unit has no such transaction. */
  async stop(
    unit: Unit,
    given: { transactionId: number; meterStop: number; at: Instant; reason?: string },
  ): Promise<number | null> {
    const [row] = await this.#context.db
      .update(chargingTransaction)
      .set({ stopAt: given.at, stopWh: given.meterStop, stopReason: given.reason ?? 'Local' })
      .where(
        and(
          eq(chargingTransaction.transactionId, given.transactionId),
          eq(chargingTransaction.identity, unit.identity),
        ),
      )
      .returning()
    if (!row) {
      const { transactionId } = given
      this.#context.log.warn({ identity: unit.identity, transactionId }, 'stop of an unknown transaction')
      return null
    }
    this.#learn(row.idTag, given.meterStop - row.startWh)
    const connector = unit.connectors.find((c) => c.connector === row.connector)
    if (connector?.transaction?.transactionId === given.transactionId) {
      Object.assign(connector, { transaction: null, wanted: null, inForce: null, drawCeilingA: null })
      addSample(connector, given.at.toEpochMilli(), 0)
    }
    return row.connector
  }

  /** A vehicle was plugged in: what its connector was told before no longer holds. */
  #open(connector: Connector, transactionId: number, given: { idTag: string; meterStart: number; at: Instant }): void {
    if (connector.transaction?.transactionId === transactionId) return
    const startMs = given.at.toEpochMilli()
    connector.transaction = {
      transactionId,
      idTag: given.idTag,
      startMs,
      startWh: given.meterStart,
      lastWh: given.meterStart,
    }
    Object.assign(connector, { wanted: null, inForce: null, drawCeilingA: null })
  }

  #learn(idTag: string, energyWh: number): void {
    const taken = this.#taken.get(idTag) ?? { count: 0, energyWh: 0 }
    this.#taken.set(idTag, { count: taken.count + 1, energyWh: taken.energyWh + Math.max(0, energyWh) })
  }
}
