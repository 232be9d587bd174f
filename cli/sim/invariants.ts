import { Instant } from '@js-joda/core'
import { isInWindow } from '../../schemas/market/windows.ts'
import { quarterMs, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { limitApproved } from './limits-kept.ts'
import { measurementsKept } from './measurements-kept.ts'
import { type Interval, type Invariant, type Issued, keyOfReading, type Observed, type Taken } from './observed.ts'
import { correctionsCount, noWattTwice, statementsReproduce } from './statements-kept.ts'

const iso = (ms: number) => Instant.ofEpochMilli(ms).toString()

/**
 * Instructions of an FSP that are in force: accepted, and not replaced by another that is, at once or by way of one that has not reached the
 * FSP: of those for the same time the last one issued applies.
 */
function inForce(taken: readonly Taken[], issued: readonly Issued[]): Taken[] {
  const accepted = taken.filter(({ isAccepted }) => isAccepted)
  const before = new Map([...issued, ...taken].map(({ instructionId, supersedes }) => [instructionId, supersedes]))
  const replaced = new Set<string>()
  for (const { supersedes } of accepted)
    for (let id = supersedes; id !== null && !replaced.has(id); id = before.get(id) ?? null) replaced.add(id)
  return accepted.filter(({ instructionId }) => !replaced.has(instructionId))
}

/** The quarter-hours of an interval, as epoch ms. */
function quartersOf({ fromMs, toMs }: Interval): number[] {
  return Array.from({ length: Math.ceil((toMs - fromMs) / quarterMs) }, (_, i) => fromMs + i * quarterMs)
}

/** Each quarter-hour of a unit has one instruction of a product in force at its FSP, and the DNO knows of each. */
const oneEffect: Invariant = ({ taken, issued }) => {
  const known = new Set(issued.map(({ instructionId }) => instructionId))
  const holders = new Map<string, string>()
  const doubled: string[] = []
  for (const { instructionId, fuId, product, intervals } of inForce(taken, issued)) {
    if (!known.has(instructionId)) doubled.push(`${instructionId} took effect and the DNO has no record of it`)
    for (const quarter of intervals.flatMap(quartersOf)) {
      const key = `${product} for ${fuId} at ${iso(quarter)}`
      const other = holders.get(key)
      if (other) doubled.push(`${key} is instructed by both ${other} and ${instructionId}`)
      holders.set(key, instructionId)
    }
  }
  return doubled
}

/** What the DNO holds for acknowledged was accepted by its FSP. */
const acknowledgedIsAccepted: Invariant = ({ taken, issued }) => {
  const accepted = new Set(taken.filter(({ isAccepted }) => isAccepted).map(({ instructionId }) => instructionId))
  return issued
    .filter(({ state, instructionId }) => state === 'acknowledged' && !accepted.has(instructionId))
    .map(({ instructionId }) => `${instructionId} counts as acknowledged, and its FSP has not accepted it`)
}

/** No instruction is sent, or taken, once it has expired. */
const noneLate: Invariant = ({ sendings, taken }) => [
  ...sendings
    .filter(({ atMs, expiresMs }) => atMs > expiresMs)
    .map(({ instructionId, atMs, expiresMs }) => `${instructionId} was sent at ${iso(atMs)}, after ${iso(expiresMs)}`),
  ...taken
    .filter(({ isAccepted, receivedMs, expiresMs }) => isAccepted && receivedMs > expiresMs)
    .map(
      ({ instructionId, receivedMs }) => `${instructionId} was accepted at ${iso(receivedMs)}, after it had expired`,
    ),
]

/** Every instruction asks for no more than a contract has, in its windows alone. */
const insideWindows: Invariant = ({ taken, contracts }) =>
  taken.flatMap(({ instructionId, fuId, product, intervals }) =>
    intervals
      .filter(({ turnDownW }) => turnDownW !== 0)
      .flatMap((interval) =>
        quartersOf(interval)
          .filter((ms) => {
            const at = Instant.ofEpochMilli(ms)
            const day = tradingDayOf(at).toString()
            const mostW = contracts
              .filter((each) => each.fuId === fuId && each.product === product)
              .filter((each) => each.validFrom <= day && day <= each.validTo && isInWindow(each.windows, at))
              .reduce((sum, each) => sum + each.turnDownW, 0)
            return interval.turnDownW > mostW
          })
          .map(
            (ms) =>
              `${instructionId} asks for ${interval.turnDownW} W of ${product} at ${iso(ms)}, beyond its contract`,
          ),
      ),
  )

/** What was acknowledged of an upload is stored, once, with the value that was sent. */
const readingsKept: Invariant = ({ acknowledged, stored }) =>
  acknowledged.flatMap((reading) => {
    const found = stored.get(keyOfReading(reading))
    const what = `the reading of ${reading.fuId} at ${iso(reading.periodStartMs)}, revision ${reading.revision},`
    if (!found) return [`${what} was acknowledged and is lost`]
    if (found.count !== 1) return [`${what} is stored ${found.count} times`]
    return found.energyWh === reading.energyWh
      ? []
      : [`${what} was acknowledged with ${reading.energyWh} Wh and is stored with ${found.energyWh} Wh`]
  })

/** Nobody is shown what belongs to another FSP. */
const tenantsApart: Invariant = ({ shown }) =>
  shown.flatMap(({ to, operation, fspId, rows }) =>
    rows
      .filter((row) => row.fspId !== fspId)
      .map(({ id, fspId: owner }) => `${operation} shows ${to} the row ${id} of ${owner ?? 'nobody'}`),
  )

/** Every change has its entry in the audit trail, and the trail is whole. */
const changesAudited: Invariant = ({ auditFault, changes, audited }) => [
  ...(auditFault === null ? [] : [auditFault]),
  ...changes.flatMap(({ subjectId, action, count }) => {
    const entries = (audited.get(subjectId) ?? []).filter((each) => each === action).length
    return entries >= count ? [] : [`${action} of ${subjectId}: ${count} are stored, the audit trail has ${entries}`]
  }),
]

/** Every invariant by its name. */
export const invariants = {
  'one-effect': oneEffect,
  'acknowledged-is-accepted': acknowledgedIsAccepted,
  'none-late': noneLate,
  'inside-windows': insideWindows,
  'readings-kept': readingsKept,
  'measurements-kept': measurementsKept,
  'limit-approved': limitApproved,
  'statements-reproduce': statementsReproduce,
  'corrections-count': correctionsCount,
  'no-watt-twice': noWattTwice,
  'tenants-apart': tenantsApart,
  'changes-audited': changesAudited,
} as const satisfies Record<string, Invariant>

export type InvariantName = keyof typeof invariants

/** What an observation breaks. */
export interface Breach {
  readonly invariant: InvariantName
  readonly detail: string
}

/** Checks every invariant. */
export function breachesOf(seen: Observed): Breach[] {
  return (Object.keys(invariants) as InvariantName[]).flatMap((invariant) =>
    invariants[invariant](seen).map((detail) => ({ invariant, detail })),
  )
}
