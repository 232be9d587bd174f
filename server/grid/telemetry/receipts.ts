import { type BatchReceipt, epochOf, type MeasurementBatch } from '../../../schemas/grid/measurements.ts'
import type { HubRecord } from '../hubs/index.ts'

/** The epoch of a batch. A customer's monitor numbers its batches freely: they all belong to one epoch. */
export function epochOfBatch(batch: MeasurementBatch, hub: HubRecord): number {
  return hub.ownership === 'customer' ? hub.epoch : epochOf(batch.sequence)
}

/** The last sequence stored, per hub and epoch of the batches sent; all batches sent are stored. */
export function receiptOf(
  hubs: ReadonlyMap<string, HubRecord>,
  batches: readonly MeasurementBatch[],
  fresh: readonly MeasurementBatch[],
): BatchReceipt {
  const entries = new Map<string, BatchReceipt['hubs'][number]>()
  const entryOf = (batch: MeasurementBatch) => {
    const hub = hubs.get(batch.hubId) as HubRecord
    const epoch = epochOfBatch(batch, hub)
    const key = `${batch.hubId} ${epoch}`
    const storedSequence = epoch === hub.epoch ? hub.storedSequence : 0
    const entry = entries.get(key) ?? { hubId: batch.hubId, storedSequence, storedReadings: 0 }
    entries.set(key, entry)
    return entry
  }
  for (const batch of batches) {
    const entry = entryOf(batch)
    entry.storedSequence = Math.max(entry.storedSequence, batch.sequence)
  }
  for (const batch of fresh) entryOf(batch).storedReadings += batch.readings.length
  return { hubs: [...entries.values()] }
}
