import { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, readJson } from '../../../platform/http/index.ts'
import {
  epochOf,
  isPlainMeasurementBatches,
  type MeasurementBatch,
  measurementBatches,
  type measurementOperations,
} from '../../../schemas/grid/measurements.ts'
import { hubConditionSettings } from '../../../schemas/settings/telemetry.ts'
import type { FieldError } from '../../../schemas/vocabulary/problem.ts'
import { figuresAt, type StreamingVerb } from '../../kit/index.ts'
import { clearAlarms, releaseAlarms } from '../alarms/index.ts'
import { noteContact } from '../gateways/index.ts'
import { formerEpochs, type HubProgress, type HubRecord, lockHubs, saveProgress } from '../hubs/index.ts'
import { recordConditions } from './conditions.ts'
import { measurementTable, utcDay, withPartitions } from './partitions.ts'
import { epochOfBatch, receiptOf } from './receipts.ts'
import { noteDue } from './rollup.ts'
import { derivedPowers, epochMs, misplacedReading } from './rules.ts'
import { enterBatches, saveLatest, storeReadings } from './store.ts'

/** Called in the same transaction with the hubs that have new measurements; returns whether an alarm changed. */
export type MeasurementListener = (tx: Queryable, at: Instant, hubIds: readonly string[]) => Promise<boolean>

/**
 * Stores measurement batches and their consequences: the newest values, the hubs' progress, the end of their silence, and the work of
 * `listener`, all in one transaction. A batch that is already in the ledger is acknowledged and changes nothing (FM21). A hub that is
 * not the sender's refuses the whole post, so that nothing is half stored.
 */
export function storeMeasurements(
  listener: MeasurementListener,
): StreamingVerb<typeof measurementOperations.storeMeasurements> {
  return async ({ context, at, actor, http, announce }) => {
    const { gatewayId } = actor
    // Its body is parsed by hand: the schema alone would take longer than all other work on a post.
    const { batches } = await readJson(http, measurementBatches, isPlainMeasurementBatches)
    const misplaced = misplacedReading(batches, at)
    if (misplaced)
      throw new ProblemError('contract-broken', `${misplaced.field}: ${misplaced.message}`, { errors: [misplaced] })
    const hubIds = [...new Set(batches.map((batch) => batch.hubId))]
    const { receipt, stored, alarmed } = await withPartitions(context.db, measurementTable, daysOf(batches), () =>
      context.db.transaction(async (tx) => {
        const hubs = await lockHubs(tx, hubIds)
        await refuseForeign(tx, batches, hubs, gatewayId)
        await noteContact(tx, gatewayId, at)
        const fresh = await enterBatches(tx, at, batches)
        const alarmed = fresh.length > 0 ? await store(tx, at, fresh, hubs, listener) : false
        return { receipt: receiptOf(hubs, batches, fresh), stored: fresh.length > 0, alarmed }
      }),
    )
    if (stored) announce('telemetry')
    if (alarmed) announce('alarms')
    return receipt
  }
}

async function store(
  tx: Queryable,
  at: Instant,
  fresh: readonly MeasurementBatch[],
  hubs: ReadonlyMap<string, HubRecord>,
  listener: MeasurementListener,
): Promise<boolean> {
  const complete = fresh.map((batch) => withDerived(batch, hubs.get(batch.hubId)))
  await storeReadings(tx, complete)
  const conditions = await saveLatest(tx, complete, await figuresAt(tx, hubConditionSettings, at))
  await noteDue(tx, complete)
  const progress = progressOf(fresh)
  await saveProgress(tx, at, progress)
  const cleared = await endSilence(tx, at, progress, hubs)
  const flagged = await recordConditions(tx, at, conditions, hubs)
  return (await listener(tx, at, [...new Set(fresh.map((batch) => batch.hubId))])) || cleared || flagged
}

/** Adds the powers that a current-only monitor cannot measure. */
function withDerived(batch: MeasurementBatch, hub: HubRecord | undefined): MeasurementBatch {
  return hub?.currentOnly ? { ...batch, readings: [...batch.readings, ...derivedPowers(batch.readings)] } : batch
}

function daysOf(batches: readonly MeasurementBatch[]) {
  const dates = new Set<number>()
  for (const { readings } of batches)
    for (const r of readings) dates.add(Math.floor(epochMs(r.receivedTime) / 86_400_000))
  return [...dates].map((date) => utcDay(Instant.ofEpochMilli(date * 86_400_000)))
}

/**
 * A batch is accepted from the gateway that polled the hub in the batch's epoch: the present one, or an earlier one before the hub
 * moved.
 */
async function refuseForeign(
  tx: Queryable,
  batches: readonly MeasurementBatch[],
  hubs: ReadonlyMap<string, HubRecord>,
  gatewayId: string,
): Promise<void> {
  const isPresent = (batch: MeasurementBatch) => {
    const hub = hubs.get(batch.hubId)
    return hub?.gatewayId === gatewayId && epochOfBatch(batch, hub) === hub.epoch
  }
  const others = batches.filter((batch) => !isPresent(batch))
  const held = await formerEpochs(tx, gatewayId, [...new Set(others.map((batch) => batch.hubId))])
  const errors: FieldError[] = batches.flatMap((batch, b) =>
    isPresent(batch) || held.has(`${batch.hubId} ${epochOf(batch.sequence)}`)
      ? []
      : [{ field: `batches[${b}].hubId`, message: `${batch.hubId} is not assigned to ${gatewayId}` }],
  )
  const [first] = errors
  if (!first) return
  const advice = 'Nothing was stored: fetch the assignment again and send only what belongs to it.'
  throw new ProblemError('not-found', `${first.field}: ${first.message}. ${advice}`, { errors })
}

function progressOf(fresh: readonly MeasurementBatch[]): HubProgress[] {
  return [...Map.groupBy(fresh, (batch) => batch.hubId)].map(([hubId, own]) => {
    let heardMs = Number.NEGATIVE_INFINITY
    for (const { readings } of own) for (const r of readings) heardMs = Math.max(heardMs, epochMs(r.receivedTime))
    return { hubId, sequence: Math.max(...own.map((b) => b.sequence)), heardAt: new Date(heardMs).toISOString() }
  })
}

/** NM06: a communication failure ends with the first fresh measurement; a late backlog does not end it. */
async function endSilence(
  tx: Queryable,
  at: Instant,
  progress: readonly HubProgress[],
  hubs: ReadonlyMap<string, HubRecord>,
): Promise<boolean> {
  const back = progress.flatMap(({ hubId, heardAt }) => {
    const hub = hubs.get(hubId)
    return hub?.failedSince && Date.parse(heardAt) >= at.toEpochMilli() - hub.timeoutS * 1000 ? [hub] : []
  })
  if (back.length === 0) return false
  const gateways = [...new Set(back.map(({ gatewayId }) => gatewayId))]
  const sources = [...back.map(({ hubId }) => hubId), ...gateways]
  const changed = await clearAlarms(tx, at, 'communication-failure', sources)
  await releaseAlarms(tx, at, gateways)
  return changed
}
