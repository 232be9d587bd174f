/** Quality flags, IEEE 1815-2012 clause 11.6 and Annex A: five common bits, and two with a meaning that depends on the point type. */
import type { PointType } from './groups.ts'

export const Flag = {
  online: 0x01,
  restart: 0x02,
  commLost: 0x04,
  remoteForced: 0x08,
  localForced: 0x10,
  /** Binary and double-bit inputs. */
  chatter: 0x20,
  /** Counters; no longer set by new devices. */
  rollover: 0x20,
  /** Counters. */
  discontinuity: 0x40,
  /** Analogs. */
  overRange: 0x20,
  /** Analogs. */
  referenceError: 0x40,
} as const

/** A measurement's quality in words. */
export type QualityName = keyof typeof Flag

const COMMON: readonly QualityName[] = ['online', 'restart', 'commLost', 'remoteForced', 'localForced']

const NAMES: Readonly<Record<PointType, readonly QualityName[]>> = {
  binary: [...COMMON, 'chatter'],
  doubleBit: [...COMMON, 'chatter'],
  binaryOutput: COMMON,
  counter: [...COMMON, 'rollover', 'discontinuity'],
  frozenCounter: [...COMMON, 'rollover', 'discontinuity'],
  analog: [...COMMON, 'overRange', 'referenceError'],
  frozenAnalog: [...COMMON, 'overRange', 'referenceError'],
  analogOutput: [...COMMON, 'overRange', 'referenceError'],
  octetString: [],
}

/** The names of the flags set, by point type. */
export function qualityNames(type: PointType, flags: number): QualityName[] {
  return NAMES[type].filter((name) => (flags & Flag[name]) !== 0)
}

const BAD = Flag.restart | Flag.commLost

/** Bits beyond the common five that make a value doubtful. Roll-over is information, not a fault. */
const DOUBTFUL: Readonly<Record<PointType, number>> = {
  binary: Flag.chatter,
  doubleBit: Flag.chatter,
  binaryOutput: 0,
  counter: Flag.discontinuity,
  frozenCounter: Flag.discontinuity,
  analog: Flag.overRange | Flag.referenceError,
  frozenAnalog: Flag.overRange | Flag.referenceError,
  analogOutput: Flag.overRange | Flag.referenceError,
  octetString: 0,
}

/** Whether a value may be used as measured: online, neither stale nor forced, and not doubtful. */
export function isGoodQuality(type: PointType, flags: number): boolean {
  const forced = Flag.remoteForced | Flag.localForced
  return (flags & Flag.online) !== 0 && (flags & (BAD | forced | DOUBTFUL[type])) === 0
}
