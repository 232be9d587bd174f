import { z } from 'zod'
import { gateways, people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, uuid } from '../vocabulary/units.ts'

/** The quantities of an LV monitor, per feeder and phase. */
export const quantity = z.enum(['voltage', 'current', 'active-power', 'reactive-power', 'temperature', 'status'])
export type Quantity = z.infer<typeof quantity>

/** SI unit of each quantity on the wire and in tables. */
export const unit = z.enum(['V', 'A', 'W', 'var', 'degC', 'state'])
export const unitOf: Record<Quantity, z.infer<typeof unit>> = {
  voltage: 'V',
  current: 'A',
  'active-power': 'W',
  'reactive-power': 'var',
  temperature: 'degC',
  status: 'state',
}

/** `none` for quantities without a phase (temperature, status), whose `feeder` is 0, and for the total of all phases of a feeder. */
export const phase = z.enum(['L1', 'L2', 'L3', 'none'])
export type Phase = z.infer<typeof phase>

/**
 * How far a value can be trusted. `good`: online and in range; `questionable`: over-range, reference check, chatter or forced;
 * `bad`: the device says off-line or communication lost; `derived`: computed, for example from current with an assumed power factor.
 */
export const quality = z.enum(['good', 'questionable', 'bad', 'derived'])
export type Quality = z.infer<typeof quality>

/**
 * What is wrong with a device's time. `replaced`: it was too far from the receipt to be believed, so that the time of receipt stands and
 * `deviceTime` is `null`; `unsynchronised`: the device says that its clock was not synchronised (DNP3 g51v2).
 */
export const timeFlag = z.enum(['replaced', 'unsynchronised'])
export type TimeFlag = z.infer<typeof timeFlag>

/** One value. `deviceTime` is the device's own stamp, `null` when it sent none; `receivedTime` the gateway's. Both are kept (FM24). */
export const reading = z
  .object({
    feeder: z.number().int().min(0).max(64),
    phase,
    quantity,
    value: z.number().nullable(),
    unit,
    quality,
    deviceTime: instant.nullable(),
    receivedTime: instant,
    /** Left out where nothing is wrong with the device's time, or where it sent none. */
    timeFlag: timeFlag.optional(),
  })
  .refine((r) => r.unit === unitOf[r.quantity], { path: ['unit'], message: 'is not the unit of this quantity' })
  .meta({ id: 'Reading' })
export type Reading = z.infer<typeof reading>

/**
 * Measurements of one hub. `sequence` grows by one per batch and hub; a batch with a stored sequence is acknowledged and not stored
 * again.
 */
export const measurementBatch = z
  .object({
    hubId: uuid,
    sequence: z.number().int().min(1),
    readings: z.array(reading).min(1).max(20_000),
  })
  .meta({ id: 'MeasurementBatch' })
export type MeasurementBatch = z.infer<typeof measurementBatch>

export const measurementBatches = z.object({ batches: z.array(measurementBatch).min(1).max(2_000) }).meta({
  id: 'MeasurementBatches',
  example: {
    batches: [
      {
        hubId: '155f0802-e8da-5f28-912d-118eef77a13e',
        sequence: 1,
        readings: [
          {
            feeder: 1,
            phase: 'L1',
            quantity: 'active-power',
            value: 21_500,
            unit: 'W',
            quality: 'good',
            deviceTime: '2026-01-15T12:00:00Z',
            receivedTime: '2026-01-15T12:00:01Z',
          },
        ],
      },
    ],
  },
})

/**
 * Whether a body is a plain post of batches, checked by hand in a fraction of the time that the schema takes: gateways send tens of
 * thousands of readings a second. It never accepts more than `measurementBatches` (a property test compares both). A body that it
 * rejects may still be valid: the schema then decides, and names the errors.
 */
export function isPlainMeasurementBatches(body: unknown): body is z.infer<typeof measurementBatches> {
  if (!isRecord(body)) return false
  const { batches } = body
  return Array.isArray(batches) && batches.length >= 1 && batches.length <= 2_000 && batches.every(isPlainBatch)
}

function isPlainBatch(batch: unknown): boolean {
  if (!isRecord(batch) || !uuid.safeParse(batch['hubId']).success) return false
  const { sequence, readings } = batch
  if (!Number.isSafeInteger(sequence) || (sequence as number) < 1) return false
  return Array.isArray(readings) && readings.length >= 1 && readings.length <= 20_000 && readings.every(plainReading())
}

/** Checks readings one after another; times, most of which many readings share, are checked once. */
function plainReading(): (given: unknown) => boolean {
  // Initialised with symbols, which no body contains.
  let [received, device]: unknown[] = [Symbol(), Symbol()]
  const isInstant = (text: unknown) => instant.safeParse(text).success
  return (given) => {
    if (!isRecord(given)) return false
    const r = given as Partial<Record<keyof Reading, unknown>>
    const feeder = r.feeder as number
    if (!Number.isInteger(feeder) || feeder < 0 || feeder > 64) return false
    if (r.value !== null && !Number.isFinite(r.value)) return false
    if (typeof r.quantity !== 'string' || !unitByQuantity.has(r.quantity)) return false
    if (r.unit !== unitByQuantity.get(r.quantity) || !phases.has(r.phase) || !qualities.has(r.quality)) return false
    if (r.timeFlag !== undefined && !timeFlags.has(r.timeFlag)) return false
    if (r.receivedTime !== received && !isInstant(r.receivedTime)) return false
    if (r.deviceTime !== null && r.deviceTime !== device && !isInstant(r.deviceTime)) return false
    received = r.receivedTime
    device = r.deviceTime ?? device
    return true
  }
}

const isRecord = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given)
const unitByQuantity: ReadonlyMap<string, string> = new Map(Object.entries(unitOf))
const phases: ReadonlySet<unknown> = new Set(phase.options)
const qualities: ReadonlySet<unknown> = new Set(quality.options)
const timeFlags: ReadonlySet<unknown> = new Set(timeFlag.options)

/**
 * The number of sequences per epoch of a polled hub. The epoch grows when the hub moves to another gateway, so batches of two gateways
 * never have the same sequence, and each batch is stored once, however late it arrives.
 */
export const sequencesPerEpoch = 2 ** 32

/** The epoch of a batch. */
export function epochOf(sequence: number): number {
  return Math.floor(sequence / sequencesPerEpoch)
}

/**
 * Answer to a post of batches: the last sequence stored per hub (and per epoch if a post holds several), and the number of new readings.
 */
export const batchReceipt = z
  .object({
    hubs: z.array(z.object({ hubId: uuid, storedSequence: z.number().int(), storedReadings: z.number().int() })),
  })
  .meta({ id: 'BatchReceipt' })
export type BatchReceipt = z.infer<typeof batchReceipt>

/** A monitor owned by a customer: it sends its measurements to `POST /measurements` by itself (NM07). */
export const customerMonitor = z
  .object({
    name: z.string().min(1).max(100),
    feeders: z
      .array(z.object({ feeder: z.number().int().min(1).max(64), role: z.enum(['building', 'ev']) }))
      .min(1)
      .max(64),
    /** Silence that counts as a communication failure, s. */
    timeoutS: z.number().int().min(60).max(86_400).default(900),
    /** It measures current only: power is then derived and marked as such. */
    currentOnly: z.boolean().default(false),
    /** Nothing at the site can export: without this statement the direction of a current is unknown. */
    importOnly: z.boolean().default(false),
    /** What it sends of each feeder: the power of each phase, or their total with the phase `none`, such as a site meter's. */
    phases: z.enum(['each', 'total']).default('each'),
  })
  .refine((m) => m.phases === 'each' || !m.currentOnly, {
    path: ['phases'],
    message: 'must be each where only current is measured',
  })
  .refine((m) => new Set(m.feeders.map((f) => f.feeder)).size === m.feeders.length, {
    path: ['feeders'],
    message: 'names a feeder twice',
  })
  .meta({
    id: 'CustomerMonitor',
    example: {
      name: 'Customer’s own meter',
      feeders: [{ feeder: 1, role: 'building' }],
      timeoutS: 900,
      currentOnly: false,
      importOnly: false,
      phases: 'each',
    },
  })
export type CustomerMonitor = z.infer<typeof customerMonitor>

/** How a customer's monitor gets its access tokens. The secret is shown once. */
export const monitorCredentials = z
  .object({
    hubId: uuid,
    tokenEndpoint: z.string(),
    clientId: z.string(),
    clientSecret: z.string().nullable(),
    scope: z.string(),
  })
  .meta({ id: 'MonitorCredentials' })
export type MonitorCredentials = z.infer<typeof monitorCredentials>

const tags = ['Telemetry']

/** The measurements of gateways and customers' monitors. */
export const measurementOperations = {
  storeMeasurements: operation({
    method: 'post',
    path: '/measurements',
    access: gateways,
    tags,
    summary: 'Store batches of measurements',
    description: 'A batch that is already stored is acknowledged again and changes nothing.',
    body: measurementBatches,
    maxBytes: 16 * 1024 * 1024,
    answer: batchReceipt,
    problems: ['not-found'],
  }),
}

/** Monitors owned by customers. */
export const monitorOperations = {
  registerMonitor: operation({
    method: 'post',
    path: '/connections/{id}/monitors',
    access: people('planner', 'operator'),
    tags,
    summary: 'Register a monitor owned by the customer',
    description:
      'The answer contains the client for fetching tokens; its secret is shown only once. Where a hub of the DNO measures the connection, the monitor is compared with it and does not count; without one, the connection is judged by the monitor.',
    params: z.object({
      id: uuid.meta({ description: 'As GET /connections lists it: a connection without a customer’s monitor.' }),
    }),
    body: customerMonitor,
    answer: monitorCredentials,
    problems: ['not-found', 'conflict'],
    idempotent: { shownOnce: ['clientSecret'] },
  }),
  renewMonitorSecret: operation({
    method: 'post',
    path: '/monitors/{id}/secret',
    access: people('planner', 'operator'),
    tags,
    summary: 'Give a customer’s monitor a new secret',
    description: 'The new secret is shown only once; the old one no longer gets tokens.',
    params: z.object({ id: uuid.meta({ description: 'As GET /hubs lists it: a customer’s own monitor.' }) }),
    answer: monitorCredentials,
    problems: ['not-found'],
  }),
}
