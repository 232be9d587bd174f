import type { Instruction } from '../../schemas/dispatch/instructions.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { type MeasurementBatch, measurementOperations, type Reading } from '../../schemas/grid/measurements.ts'
import { type MeterReadings, meteringOperations } from '../../schemas/settlement/metering.ts'
import { defaultPointMap } from '../../server/grid/index.ts'
import { feeder } from './area.ts'
import type { SeenCall } from './messages.ts'
import type { ConfirmedChange } from './monitors.ts'
import type { Acknowledged, Batch, HandedOver, Measured, Sending } from './observed.ts'

export function sendingsOf({ atMs, message }: SeenCall): Sending[] {
  if (message.method !== 'POST' || !message.path.endsWith(controlOperations.instruct.path)) return []
  const { instructionId, expiresAt } = JSON.parse(message.body.toString()) as Instruction
  return [{ instructionId, atMs, expiresMs: Date.parse(expiresAt) }]
}

export function batchesOf({ message, reply }: SeenCall): Batch[] {
  const isDelivery = message.method === 'POST' && message.path.endsWith(measurementOperations.storeMeasurements.path)
  if (!isDelivery || reply?.status !== 200) return []
  const { batches } = JSON.parse(message.body.toString()) as { batches: MeasurementBatch[] }
  return batches.map(({ readings, ...batch }) => ({ ...batch, readings: readings.map(measuredOf) }))
}

function measuredOf({ feeder, phase, quantity, value, deviceTime, receivedTime }: Reading): Measured {
  const deviceMs = deviceTime === null ? null : Date.parse(deviceTime)
  return { feeder, phase, quantity, value, deviceMs, receivedMs: Date.parse(receivedTime) }
}

const meanings = new Map(defaultPointMap([feeder]).map((point) => [`${point.group} ${point.index}`, point]))

/** A change as a reading says it: analogue values travel as numbers of 32 bits. */
export function handedOverOf({ hubId, group, index, value, timeMs }: ConfirmedChange): HandedOver {
  const meaning = meanings.get(`${group} ${index}`)
  if (!meaning) throw new Error(`no map has the point ${index} of group ${group}`)
  const { feeder, phase, quantity } = meaning
  return { hubId, feeder, phase, quantity, value: Math.fround(value), deviceMs: timeMs }
}

export function readingsOf({ message, reply }: SeenCall): Acknowledged[] {
  if (
    message.method !== 'POST' ||
    !message.path.endsWith(meteringOperations.uploadReadings.path) ||
    reply?.status !== 200
  )
    return []
  const { fuId, meterId, revision, readings } = JSON.parse(message.body.toString()) as MeterReadings
  const { holdId } = JSON.parse(reply.body.toString())
  if (holdId !== null) return []
  return readings.map(({ at, energyWh = null }) => ({
    fuId,
    meterId,
    revision,
    periodStartMs: Date.parse(at),
    energyWh,
  }))
}
