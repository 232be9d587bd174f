import type { Quality } from '../../schemas/grid/measurements.ts'
import { Flag, isGoodQuality, type PointType } from '../dnp3/index.ts'

const bad = Flag.restart | Flag.commLost

/**
 * How far a value can be trusted, judged by its DNP3 flags (IEEE 1815-2012 clause 11.6). Off-line, communication lost and restart (no value
 * measured since the device started, FM22) are bad; over-range, reference error, chatter, discontinuity and forced are questionable.
 */
export function qualityOf(type: PointType, flags: number): Quality {
  if ((flags & Flag.online) === 0 || (flags & bad) !== 0) return 'bad'
  return isGoodQuality(type, flags) ? 'good' : 'questionable'
}
