/** How fresh a feed is. `never`: nothing has been delivered yet, and nothing is overdue. */
export type Freshness = 'green' | 'amber' | 'red' | 'never'

/** Silence that counts as late (amber) and as failed (red), s; `amberS` is `null` for a feed without an amber level. */
export interface Thresholds {
  amberS: number | null
  redS: number
}

/** Thresholds of the feeds that a charging fleet depends on (trial). Defaults: each feed may be given its own. */
export const trialThresholds = {
  chargePointMessages: { amberS: null, redS: 60 },
  telematics: { amberS: 180, redS: 300 },
  siteLoad: { amberS: 420, redS: 600 },
} as const satisfies Record<string, Thresholds>

/**
 * Assesses how long a feed has been silent. If it has never delivered, its silence counts from its registration.
 * @param lastMs time of the last good delivery, epoch ms; `null` for none.
 */
export function freshnessOf(lastMs: number | null, registeredMs: number, nowMs: number, limits: Thresholds): Freshness {
  const silentMs = nowMs - (lastMs ?? registeredMs)
  if (silentMs > limits.redS * 1000) return 'red'
  if (limits.amberS !== null && silentMs > limits.amberS * 1000) return 'amber'
  return lastMs === null ? 'never' : 'green'
}

export type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** Fields that a record must have, each with the JSON types it may take. */
export type FieldTypes = Readonly<Record<string, FieldType | readonly FieldType[]>>

/** A field that differs from the agreed form; `expected` is `null` for a field that is not in it. */
export interface Drift {
  field: string
  expected: string | null
  found: string
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Where a record differs from the agreed form: fields that are missing, of another type, or not agreed. */
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

/** Where a record differs from the agreed form, in words. */
export function wordsOf(drifts: readonly Drift[]): string {
  return drifts
    .map(({ field, expected, found }) =>
      expected === null ? `${field}: unexpected field` : `${field}: ${found} instead of ${expected}`,
    )
    .join('; ')
}
