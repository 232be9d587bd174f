import { type BatchReceipt, epochOf, type MeasurementBatch } from '../../../schemas/grid/measurements.ts'
import type { HubRecord } from '../hubs/index.ts'

/** The epoch of a batch. A customer's monitor numbers as it likes: all of its batches are of one. */
export function epochOfBatch(batch: MeasurementBatch, hub: HubRecord): number {
  return hub.ownership === 'customer' ? hub.epoch : epochOf(batch.sequence)
}

/** Per hub and epoch of what was sent, the last sequence stored: all that was sent is. */
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
