import type { OCPP16 } from 'typed-ocpp'
import { isoOf } from '../common/local-time.ts'
import { volts } from '../vehicles/vehicle.ts'
import type { ChargePoint } from './charge-point.ts'
import {
  type ChargingProfile,
  type InstalledProfile,
  profileFault,
  withoutProfiles,
  withProfile,
} from './charging-profiles.ts'
import { maxProfiles } from './configuration.ts'

/** Installs a profile, unless the unit is busy or does not support the profile. */
export function setChargingProfile(unit: ChargePoint, request: OCPP16.SetChargingProfileRequest) {
  const { connectorId, csChargingProfiles: profile } = request
  const atMs = unit.nowMs()
  const { electrical, model, states } = unit
  const transaction = unit.stateAt(connectorId)?.connector.transaction ?? null
  const isDropped = (held: InstalledProfile) =>
    isOver(held.profile, atMs + unit.clockAheadMs) ||
    // Twin units of this kind keep the limit of one charge at a time: the other socket falls back to the standing one.
    (model.coupling === 'one-at-a-time' && isChargeLimit(profile) && isChargeLimit(held.profile))
  const standing = electrical.profiles.filter((held) => !isDropped(held))
  const profiles = withProfile(standing, { connectorId, profile })
  const refused =
    atMs - unit.setpointMs < model.minSetpointGapS * 1000 ||
    profiles.length > maxProfiles ||
    profileFault(profile, connectorId, states.length, transaction) !== null
  if (refused) return { status: 'Rejected' }
  unit.setpointMs = atMs
  electrical.setProfiles(profiles, atMs)
  return { status: 'Accepted' }
}

/** Removes the profiles that match a request. */
export function clearChargingProfile(unit: ChargePoint, request: OCPP16.ClearChargingProfileRequest) {
  const { electrical } = unit
  const left = withoutProfiles(electrical.profiles, request)
  if (left.length === electrical.profiles.length) return { status: 'Unknown' }
  electrical.setProfiles(left, unit.nowMs())
  return { status: 'Accepted' }
}

/** The composite schedule of the stack from now on, if nothing else changes. */
export function compositeSchedule(unit: ChargePoint, request: OCPP16.GetCompositeScheduleRequest) {
  const { connectorId, duration, chargingRateUnit = 'A' } = request
  if (connectorId > unit.states.length) return { status: 'Rejected' }
  const startMs = unit.nowMs()
  const endMs = startMs + duration * 1000
  const chargingSchedulePeriod: { startPeriod: number; limit: number }[] = []
  for (let atMs = startMs; atMs < endMs; ) {
    const { limitW, untilMs } = unit.electrical.compositeAt(connectorId, atMs)
    // At most one decimal, rounded down: never more than the stack allows.
    const limit = Math.floor((chargingRateUnit === 'A' ? limitW / volts : limitW) * 10 + 1e-6) / 10
    if (chargingSchedulePeriod.at(-1)?.limit !== limit)
      chargingSchedulePeriod.push({ startPeriod: Math.round((atMs - startMs) / 1000), limit })
    atMs = untilMs
  }
  return {
    status: 'Accepted',
    connectorId,
    scheduleStart: isoOf(startMs),
    chargingSchedule: { duration, startSchedule: isoOf(startMs), chargingRateUnit, chargingSchedulePeriod },
  }
}

function isChargeLimit({ chargingProfilePurpose }: ChargingProfile): boolean {
  return chargingProfilePurpose === 'TxProfile'
}

function isOver(profile: ChargingProfile, atMs: number): boolean {
  return profile.validTo !== undefined && Date.parse(profile.validTo) <= atMs
}
