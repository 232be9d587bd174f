/** How fresh a feed is. `never`: nothing has come yet, and it is not overdue either. */
export type Freshness = 'green' | 'amber' | 'red' | 'never'

/** Silence that counts as late and as failed, s; `amberS` is `null` where a feed has no such level. */
export interface Thresholds {
  amberS: number | null
  redS: number
}

/** Thresholds of the feeds that a charging fleet lives by (trial). Defaults: the owner of a feed may set others. */
export const trialThresholds = {
  chargePointMessages: { amberS: null, redS: 60 },
  telematics: { amberS: 180, redS: 300 },
  siteLoad: { amberS: 420, redS: 600 },
} as const satisfies Record<string, Thresholds>

/**
 * Judges the silence of a feed. A feed that never delivered is judged from its registration on.
 * @param lastMs time of the last good delivery, epoch ms; `null` for none.
 */
export function freshnessOf(lastMs: number | null, registeredMs: number, nowMs: number, limits: Thresholds): Freshness {
  const silentMs = nowMs - (lastMs ?? registeredMs)
  if (silentMs > limits.redS * 1000) return 'red'
  if (limits.amberS !== null && silentMs > limits.amberS * 1000) return 'amber'
  return lastMs === null ? 'never' : 'green'
}

export type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** Fields that a record must have, each with the JSON types that it may be of. */
export type FieldTypes = Readonly<Record<string, FieldType | readonly FieldType[]>>

/** A field in which a record does not have the agreed form. `expected` is `null` for a field that nobody agreed. */
export interface Drift {
  field: string
  expected: string | null
  found: string
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Where a record differs from the agreed form: fields missing or of another type, and fields that nobody agreed. */
export function driftOf(record: unknown, fields: FieldTypes): Drift[] {
  if (typeOf(record) !== 'object') return [{ field: '', expected: 'object', found: typeOf(record) }]
  const given = record as Record<string, unknown>
  const drifts = Object.entries(fields).flatMap(([field, types]) => {
    const [expected, found] = [[types].flat().join(' or '), field in given ? typeOf(given[field]) : 'missing']
    return [types].flat().some((type) => type === found) ? [] : [{ field, expected, found }]
  })
  const unknown = Object.keys(given).filter((field) => !(field in fields))
  return [...drifts, ...unknown.map((field) => ({ field, expected: null, found: typeOf(given[field]) }))]
}
