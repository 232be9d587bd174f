import type { WarningKind } from '../../schemas/fsp/registers/unknown.ts'
import type { Snapshot } from './rules.ts'

/** How vehicles that say themselves who they are begin their identity (Autocharge, ISO 15118). */
const vehiclePrefix = /^(?:VID|EMAID):/i

/** Whether an identifier is a vehicle's own, rather than a token's. */
export function isVehicleIdentity(shown: string): boolean {
  return vehiclePrefix.test(shown)
}

/** A vehicle's identity without its prefix and without what is written between its parts: an eMAID with hyphens is the same without. */
function plainIdentity(stated: string): string {
  return stated
    .replace(vehiclePrefix, '')
    .replace(/[-:. ]/g, '')
    .toUpperCase()
}

/** What the registers say of an identifier that was shown at a charge point. */
export interface Identified {
  /** What it is: `unknown` means that no register has it. */
  is: 'vehicle' | 'token' | 'master' | 'unknown'
  /** Whether an unknown one names a vehicle rather than a token. */
  isOfVehicle: boolean
  /** Registration of the vehicle that it stands for; `null`: none. */
  registration: string | null
  /** What does not fit; `null`: everything does. */
  mismatch: { kind: WarningKind; sentence: string } | null
}

/** The registration of the vehicle that an identifier stands for; `null`: none that is registered. */
export function vehicleOf({ evs }: Pick<Snapshot, 'evs'>, shown: string): string | null {
  if (shown === '') return null
  const plain = isVehicleIdentity(shown) ? plainIdentity(shown) : null
  for (const [registration, { idTag, vehicleIdentity }] of evs) {
    if (idTag === shown || vehicleIdentity === shown) return registration
    if (plain !== null && vehicleIdentity !== null && plainIdentity(vehicleIdentity) === plain) return registration
  }
  return null
}

/** What an identifier stands for, shown at a charge point of a depot. */
export function identify(snapshot: Snapshot, depotId: string, shown: string): Identified {
  const registration = vehicleOf(snapshot, shown)
  const ev = registration === null ? undefined : snapshot.evs.get(registration)
  const token = snapshot.tokens.get(shown)
  const isOfVehicle = isVehicleIdentity(shown)
  const is = token ? (token.kind === 'master' ? 'master' : 'token') : ev ? 'vehicle' : 'unknown'
  return { is, isOfVehicle, registration, mismatch: mismatchOf() }

  function mismatchOf(): Identified['mismatch'] {
    if (token && token.state !== 'issued') {
      const instead = token.replacedBy === null ? '' : `; ${token.replacedBy} took its place`
      return { kind: `${token.state}-token`, sentence: `Token ${shown} is registered as ${token.state}${instead}.` }
    }
    if (is === 'master') return unidentified(`The master card ${shown} stands for no vehicle.`)
    if (shown === '') return unidentified('A charge began without a token.')
    if (!ev)
      return unidentified(`${isOfVehicle ? 'Vehicle' : 'Token'} ${shown} belongs to no vehicle that is registered.`)
    if (ev.depotId === depotId) return null
    return { kind: 'token-elsewhere', sentence: `${registration} belongs to depot ${ev.depotId}.` }
  }
}

function unidentified(why: string): Identified['mismatch'] {
  return { kind: 'unidentified-vehicle', sentence: `${why} It charges with the default priority.` }
}
