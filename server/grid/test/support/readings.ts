import type { Instant } from '@js-joda/core'
import type { MeasurementBatch, Phase, Quantity, Reading } from '../../../../schemas/grid/measurements.ts'
import { unitOf } from '../../../../schemas/grid/measurements.ts'

const phases: readonly Phase[] = ['L1', 'L2', 'L3']

/** One reading as a gateway sends it. */
export function reading(
  feeder: number,
  phase: Phase,
  quantity: Quantity,
  value: number | null,
  receivedTime: Instant,
  given: Partial<Reading> = {},
): Reading {
  return {
    feeder,
    phase,
    quantity,
    value,
    unit: unitOf[quantity],
    quality: 'good',
    deviceTime: null,
    receivedTime: receivedTime.toString(),
    ...given,
  }
}

/** Power of feeders 1, 2, 3 …, W, spread over three phases. */
export function powers(feedersW: readonly (number | null)[], at: Instant, given: Partial<Reading> = {}): Reading[] {
  return feedersW.flatMap((watts, index) =>
    phases.map((phase) => reading(index + 1, phase, 'active-power', watts === null ? null : watts / 3, at, given)),
  )
}

/** A batch of the powers of a hub's feeders. */
export function powerBatch(
  hubId: string,
  sequence: number,
  feedersW: readonly (number | null)[],
  at: Instant,
): MeasurementBatch {
  return { hubId, sequence, readings: powers(feedersW, at) }
}
