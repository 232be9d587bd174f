import type { Instant } from '@js-joda/core'
import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { FspContext } from '../app/context.ts'
import { likelyConnector } from './endings.ts'
import { reachWh } from './rules.ts'
import { chargingTransaction } from './tables.ts'
import { addSample, type Connector, type LeftVehicle, type OpenTransaction, type Unit, type Units } from './units.ts'

type Row = typeof chargingTransaction.$inferSelect

/** A start as a unit states it. `isStamped`: its time is the unit's own, not that of the receipt. */
export interface Start {
  connectorId: number
  /** Empty where nobody showed one, or has not yet. */
  idTag: string
  /** Wh; `null`: the unit does not say, so that the first reading stands for it. */
  meterStart: number | null
  /** The unit's own name for it, where it gives one. */
  unitTransactionId?: string | null
  at: Instant
  isStamped: boolean
  /** When the token was shown; `null`: that did not reach us. */
  authorisedAt: Instant | null
}

/** A stop as far as a unit states it. */
export interface Stop {
  transactionId?: number | null | undefined
  meterStop?: number | null | undefined
  idTag?: string | null | undefined
  reason?: string | null | undefined
  at: Instant
}

const greatestId = 2 ** 31 - 1

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
    const rows = await this.#context.db.select().from(chargingTransaction).orderBy(chargingTransaction.startAt)
    for (const row of rows) {
      const connector = this.#connectorOf(row)
      if (isStated(row)) this.#learn(row)
      if (!connector) continue
      connector.left = row.stopAt && stands(connector) ? leftVehicle(row) : null
      if (!row.stopAt) connector.transaction = opened(row, true)
    }
  }

  /** Opens a transaction, or finds the one already opened by the same message. One left open on the connector ends where this begins. */
  async start(unit: Unit, given: Start): Promise<number> {
    const row = await this.#context.db.transaction((tx) => startedRow(tx, unit, given))
    const connector = this.#connectorOf(row)
    if (connector && !row.stopAt && connector.transaction?.transactionId !== row.transactionId) {
      connector.transaction = opened(row, false)
      // A vehicle was plugged in: what its connector was told before no longer holds.
      Object.assign(connector, { left: null, wanted: null, inForce: null, drawCeilingA: null })
    }
    return row.transactionId
  }

  /** A unit has been told the number of a transaction. */
  noteTold({ connectors }: Unit, transactionId: number): void {
    for (const { transaction } of connectors)
      if (transaction?.transactionId === transactionId) transaction.isTold = true
  }

  /**
   * Closes a transaction; returns its connector, or `null` if the unit has none that the stop may mean. A stop with an identity that we
   * never gave ends the open transaction that fits it.
   */
  async stop(unit: Unit, given: Stop): Promise<number | null> {
    const before = await this.#meant(unit, given)
    if (!before) {
      this.#context.log.warn(
        { identity: unit.identity, transactionId: given.transactionId },
        'stop of an unknown transaction',
      )
      return null
    }
    const connector = this.#connectorOf(before)
    const { transaction } = connector ?? {}
    const isOpen = transaction?.transactionId === before.transactionId
    const stopWh = given.meterStop ?? before.stopWh ?? (isOpen ? transaction.lastWh : before.startWh)
    const change = { stopAt: given.at, stopWh, stopReason: given.reason ?? 'Local' }
    await this.#change(before.transactionId, change)
    if (!isStated(before)) this.#learn({ ...before, ...change })
    if (connector && isOpen) free(connector, given.at)
    return before.connector
  }

  /** Ends the open transaction of a connector that shows that it is over, though no stop has come: one that comes later still counts. */
  async endSeen(connector: Connector, at: Instant): Promise<void> {
    const { transaction, unit } = connector
    if (!transaction) return
    const { transactionId, lastWh } = transaction
    free(connector, at)
    this.#context.log.warn(
      { identity: unit.identity, connector: connector.connector, transactionId },
      'a transaction is over though no stop has come',
    )
    await this.#context.db
      .update(chargingTransaction)
      .set({ stopAt: at, stopWh: lastWh, stopReason: 'Seen' })
      .where(and(eq(chargingTransaction.transactionId, transactionId), isNull(chargingTransaction.stopAt)))
  }

  /** Our number of a transaction by the unit's own name for it; `null`: none such is known. */
  async numberOf({ identity, connectors }: Unit, unitTransactionId: string): Promise<number | null> {
    for (const { transaction } of connectors)
      if (transaction?.unitTransactionId === unitTransactionId) return transaction.transactionId
    const { unitTransactionId: named, identity: ofUnit, transactionId } = chargingTransaction
    const [row] = await this.#context.db
      .select({ transactionId })
      .from(chargingTransaction)
      .where(and(eq(ofUnit, identity), eq(named, unitTransactionId)))
    return row?.transactionId ?? null
  }

  /** A token was shown for a charge that had begun without one. Whether it is news. */
  async noteToken(connector: Connector, transactionId: number, idTag: string): Promise<boolean> {
    const { transaction } = connector
    if (transaction?.transactionId !== transactionId || transaction.idTag === idTag) return false
    transaction.idTag = idTag
    await this.#change(transactionId, { idTag })
    return true
  }

  /** Keeps the reading that stands for the register at a start. */
  async noteStart({ transaction }: Connector): Promise<void> {
    if (!transaction?.isStartKnown) return
    await this.#change(transaction.transactionId, { startWh: transaction.startWh, isStartKnown: true })
  }

  async #change(transactionId: number, change: Partial<Row>): Promise<void> {
    await this.#context.db
      .update(chargingTransaction)
      .set(change)
      .where(eq(chargingTransaction.transactionId, transactionId))
  }

  async #meant(unit: Unit, given: Stop): Promise<Row | undefined> {
    const named = await this.#find(unit, given.transactionId)
    if (named) return named
    return this.#find(unit, likelyConnector(unit, given)?.transaction?.transactionId)
  }

  async #find({ identity }: Unit, transactionId: number | null | undefined): Promise<Row | undefined> {
    if (!transactionId || transactionId < 0 || transactionId > greatestId) return undefined
    const [row] = await this.#context.db
      .select()
      .from(chargingTransaction)
      .where(and(eq(chargingTransaction.transactionId, transactionId), eq(chargingTransaction.identity, identity)))
    return row
  }

  #connectorOf(row: Pick<Row, 'identity' | 'connector'>): Connector | undefined {
    return this.#units.find(row.identity)?.connectors.find((c) => c.connector === row.connector)
  }

  /** A vehicle's energy is believed up to what the socket can carry in the time. */
  #learn(row: Row): void {
    const model = this.#units.find(row.identity)?.model
    if (row.stopWh === null || row.stopAt === null || !model) return
    if (row.idTag === '' || !row.isStartKnown) return
    const mostWh = reachWh(model, row.stopAt.toEpochMilli() - row.startAt.toEpochMilli())
    const energyWh = Math.min(mostWh, Math.max(0, row.stopWh - row.startWh))
    const taken = this.#taken.get(row.idTag) ?? { count: 0, energyWh: 0 }
    this.#taken.set(row.idTag, { count: taken.count + 1, energyWh: taken.energyWh + energyWh })
  }
}

/** The row of a start: its own if the message has come before, else a new one. */
async function startedRow(tx: Queryable, { identity }: Unit, given: Start): Promise<Row> {
  // Two copies of one message may be under way at once.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`start of ${identity}`}, 0))`)
  const { connectorId: connector, idTag, at, isStamped, authorisedAt, unitTransactionId = null } = given
  const startWh = given.meterStart ?? 0
  const ofConnector = and(eq(chargingTransaction.identity, identity), eq(chargingTransaction.connector, connector))
  const isOpen = isNull(chargingTransaction.stopAt)
  const [same] = await tx
    .select()
    .from(chargingTransaction)
    .where(
      unitTransactionId === null
        ? and(
            ofConnector,
            eq(chargingTransaction.idTag, idTag),
            eq(chargingTransaction.startWh, startWh),
            isStamped ? eq(chargingTransaction.startAt, at) : isOpen,
          )
        : and(eq(chargingTransaction.identity, identity), eq(chargingTransaction.unitTransactionId, unitTransactionId)),
    )
    .orderBy(desc(chargingTransaction.transactionId))
    .limit(1)
  if (same) return same
  await tx
    .update(chargingTransaction)
    .set({ stopAt: at, stopWh: startWh, stopReason: 'Lost' })
    .where(and(ofConnector, isOpen, lte(chargingTransaction.startAt, at)))
  const [made] = await tx
    .insert(chargingTransaction)
    .values({
      identity,
      connector,
      idTag,
      authorisedAt,
      startAt: at,
      startWh,
      unitTransactionId,
      isStartKnown: given.meterStart !== null,
    })
    .returning()
  if (!made) throw new Error('a transaction was not made')
  return made
}

/** Whether the unit itself has stated the end. */
function isStated({ stopAt, stopReason }: Row): boolean {
  return stopAt !== null && stopReason !== 'Seen' && stopReason !== 'Lost'
}

function opened(row: Row, isTold: boolean): OpenTransaction {
  const { transactionId, unitTransactionId, idTag, authorisedAt, startAt, startWh, isStartKnown } = row
  const startMs = startAt.toEpochMilli()
  return {
    transactionId,
    unitTransactionId,
    idTag,
    authorisedMs: authorisedAt?.toEpochMilli() ?? null,
    startMs,
    startWh,
    isStartKnown,
    lastWh: startWh,
    lastReadMs: startMs,
    doubtedMs: null,
    isTold,
    needs: null,
  }
}

/** Whether a vehicle may still stand at a connector after its charge. */
function stands({ status }: Connector): boolean {
  return status !== null && status !== 'Available'
}

function leftVehicle({ idTag, authorisedAt }: Row): LeftVehicle {
  return { idTag, authorisedMs: authorisedAt?.toEpochMilli() ?? null }
}

function free(connector: Connector, at: Instant): void {
  const { transaction } = connector
  const left = transaction && stands(connector) ? transaction : null
  Object.assign(connector, {
    left: left && { idTag: left.idTag, authorisedMs: left.authorisedMs },
    transaction: null,
    wanted: null,
    inForce: null,
    drawCeilingA: null,
  })
  addSample(connector, at.toEpochMilli(), 0)
}
