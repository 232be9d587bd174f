import type { OCPP16 } from 'typed-ocpp'
import { volts } from '../vehicles/vehicle.ts'

/**
 * The stack of charging profiles of a charge point (OCPP 1.6, section 3.13): pure rules. Of the profiles for one purpose the highest stack
 * level with a limit now applies. A transaction's own profile (TxProfile) overrides the default (TxDefaultProfile). The lower of that and
 * the unit's limit (ChargePointMaxProfile) is offered. An expired profile no longer applies, so under a silent system the next lower one does.
 */
export type ChargingProfile = OCPP16.SetChargingProfileRequest['csChargingProfiles']
export type Purpose = ChargingProfile['chargingProfilePurpose']

export interface InstalledProfile {
  /** 0 is the whole unit. */
  connectorId: number
  profile: ChargingProfile
}

/** A transaction in progress on a connector. `transactionId` is unknown until the start has reached the central system. */
export interface TransactionState {
  transactionId: number | null
  startedMs: number
}

/** A limit in W (`null`: none) that applies until at least `untilMs`. */
export interface HeldLimit {
  limitW: number | null
  untilMs: number
}

export const maxStackLevel = 10
export const maxSchedulePeriods = 96

const periodMs = { Daily: 86_400_000, Weekly: 7 * 86_400_000 } as const
const none = (untilMs = Number.POSITIVE_INFINITY): HeldLimit => ({ limitW: null, untilMs })

/** Start of the schedule's current run and, if it recurs, of the next one. */
function runOf(profile: ChargingProfile, atMs: number, txStartMs: number | null) {
  const { startSchedule } = profile.chargingSchedule
  const started = startSchedule === undefined ? null : Date.parse(startSchedule)
  if (profile.chargingProfileKind === 'Relative') return { startMs: txStartMs, nextMs: Number.POSITIVE_INFINITY }
  if (profile.chargingProfileKind === 'Absolute' || started === null || atMs < started)
    return { startMs: started, nextMs: Number.POSITIVE_INFINITY }
  const every = periodMs[profile.recurrencyKind ?? 'Daily']
  const startMs = started + Math.floor((atMs - started) / every) * every
  return { startMs, nextMs: startMs + every }
}

/** One profile's limit at an instant. */
export function profileLimit(profile: ChargingProfile, atMs: number, txStartMs: number | null): HeldLimit {
  const validFrom = profile.validFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(profile.validFrom)
  const validTo = profile.validTo === undefined ? Number.POSITIVE_INFINITY : Date.parse(profile.validTo)
  if (atMs >= validTo) return none()
  if (atMs < validFrom) return none(validFrom)
  const { startMs, nextMs } = runOf(profile, atMs, txStartMs)
  if (startMs === null) return none(validTo)
  if (atMs < startMs) return none(Math.min(startMs, validTo))
  const { duration, chargingSchedulePeriod: periods, chargingRateUnit } = profile.chargingSchedule
  const endMs = duration === undefined ? nextMs : Math.min(nextMs, startMs + duration * 1000)
  if (atMs >= endMs) return none(Math.min(nextMs, validTo))
  const startOf = (period: { startPeriod: number }) => startMs + period.startPeriod * 1000
  const index = periods.findLastIndex((period) => startOf(period) <= atMs)
  const [period, following] = [periods[index], periods[index + 1]]
  const untilMs = Math.min(following ? startOf(following) : endMs, endMs, validTo)
  if (!period) return none(untilMs)
  return { limitW: chargingRateUnit === 'A' ? period.limit * volts : period.limit, untilMs }
}

function purposeLimit(
  installed: readonly InstalledProfile[],
  purpose: Purpose,
  connectorId: number,
  atMs: number,
  txStartMs: number | null,
): HeldLimit {
  let best: { limitW: number; rank: number } | null = null
  let untilMs = Number.POSITIVE_INFINITY
  for (const { connectorId: at, profile } of installed) {
    if (profile.chargingProfilePurpose !== purpose || (at !== 0 && at !== connectorId)) continue
    const held = profileLimit(profile, atMs, txStartMs)
    untilMs = Math.min(untilMs, held.untilMs)
    // On the same level a connector's own default overrides that of the whole unit.
    const rank = profile.stackLevel * 2 + (at === 0 ? 0 : 1)
    if (held.limitW !== null && (!best || rank > best.rank)) best = { limitW: held.limitW, rank }
  }
  return { limitW: best?.limitW ?? null, untilMs }
}

/** The limit of the whole unit. */
export function unitLimit(installed: readonly InstalledProfile[], atMs: number): HeldLimit {
  return purposeLimit(installed, 'ChargePointMaxProfile', 0, atMs, null)
}

/** The limit of one connector by its transaction's profile, otherwise by the default. */
export function connectorLimit(
  installed: readonly InstalledProfile[],
  connectorId: number,
  transaction: TransactionState | null,
  atMs: number,
): HeldLimit {
  const txStartMs = transaction?.startedMs ?? null
  const fallback = purposeLimit(installed, 'TxDefaultProfile', connectorId, atMs, txStartMs)
  if (!transaction) return fallback
  const own = purposeLimit(installed, 'TxProfile', connectorId, atMs, txStartMs)
  return { limitW: own.limitW ?? fallback.limitW, untilMs: Math.min(own.untilMs, fallback.untilMs) }
}

/** Why a unit rejects a profile; `null` if it accepts it. */
export function profileFault(
  profile: ChargingProfile,
  connectorId: number,
  connectors: number,
  transaction: TransactionState | null,
): string | null {
  const { chargingProfilePurpose: purpose, chargingProfileKind: kind, chargingSchedule: schedule } = profile
  const periods = schedule.chargingSchedulePeriod
  if (connectorId < 0 || connectorId > connectors) return 'unknown connector'
  if (profile.stackLevel < 0 || profile.stackLevel > maxStackLevel) return 'the stack level is out of range'
  if (purpose === 'ChargePointMaxProfile' && connectorId !== 0) return 'a limit for the unit must be on connector 0'
  if (purpose === 'ChargePointMaxProfile' && kind === 'Relative') return 'a limit for the unit cannot be relative'
  if (purpose === 'TxProfile' && !transaction) return 'the connector has no transaction'
  if (profile.transactionId !== undefined && profile.transactionId !== transaction?.transactionId)
    return 'another transaction is in progress'
  if (kind !== 'Relative' && schedule.startSchedule === undefined) return 'startSchedule is missing'
  if (periods.length > maxSchedulePeriods) return 'the schedule has too many periods'
  if (periods[0]?.startPeriod !== 0) return 'the first period must start at 0'
  if (periods.some((p, i) => i > 0 && p.startPeriod <= (periods[i - 1]?.startPeriod ?? 0))) return 'periods must ascend'
  if (periods.some((p) => p.limit < 0)) return 'a limit is negative'
  return null
}

/** The stack with a profile added. It replaces one with the same id, or with the same purpose and level on the same connector. */
export function withProfile(installed: readonly InstalledProfile[], added: InstalledProfile): InstalledProfile[] {
  const { chargingProfileId, chargingProfilePurpose, stackLevel } = added.profile
  const others = installed.filter(
    ({ connectorId, profile: p }) =>
      p.chargingProfileId !== chargingProfileId &&
      !(
        connectorId === added.connectorId &&
        p.chargingProfilePurpose === chargingProfilePurpose &&
        p.stackLevel === stackLevel
      ),
  )
  return [...others, added]
}

/** The stack without the profiles of a ClearChargingProfile: one by its id, or all that match every given criterion. */
export function withoutProfiles(
  installed: readonly InstalledProfile[],
  request: OCPP16.ClearChargingProfileRequest,
): InstalledProfile[] {
  const { id, connectorId, chargingProfilePurpose, stackLevel } = request
  return installed.filter(({ connectorId: at, profile: p }) => {
    if (id !== undefined) return p.chargingProfileId !== id
    const named =
      (connectorId === undefined || connectorId === at) &&
      (chargingProfilePurpose === undefined || chargingProfilePurpose === p.chargingProfilePurpose) &&
      (stackLevel === undefined || stackLevel === p.stackLevel)
    return !named
  })
}
