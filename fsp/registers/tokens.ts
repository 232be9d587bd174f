import { ProblemError } from '../../platform/http/index.ts'
import { vehicleOf } from './identity.ts'
import type { Change, Registers } from './registers.ts'
import type { DataOf } from './rules.ts'

/** A token as a vehicle's own. */
export function issued(depotId: string): DataOf<'tokens'> {
  return { depotId, kind: 'vehicle', state: 'issued', replacedBy: null }
}

/** The vehicle that has a token now, with what its register says. Throws a problem if none has it. */
export function holderOf(registers: Registers, idTag: string): { registration: string; ev: DataOf<'evs'> } {
  const snapshot = registers.now()
  const registration = vehicleOf(snapshot, idTag)
  const ev = registration === null ? undefined : snapshot.evs.get(registration)
  if (registration === null || !ev) throw new ProblemError('conflict', `Token ${idTag} belongs to no vehicle.`)
  return { registration, ev }
}

/** A new token for the vehicle that had another: that one stays in the register, with the token that took its place. */
export function replacement(
  registers: Registers,
  given: { before: string; idTag: string; isLost: boolean; token: DataOf<'tokens'> },
): Change[] {
  const { before, idTag, isLost, token } = given
  if (registers.now().tokens.has(idTag)) throw new ProblemError('conflict', `Token ${idTag} is registered already.`)
  const registration = vehicleOf(registers.now(), before)
  const ev = registration === null ? undefined : registers.now().evs.get(registration)
  return [
    { register: 'tokens', key: idTag, data: { ...token, state: 'issued', replacedBy: null } },
    { register: 'tokens', key: before, data: { ...token, state: isLost ? 'lost' : 'replaced', replacedBy: idTag } },
    ...(registration !== null && ev ? [{ register: 'evs' as const, key: registration, data: { ...ev, idTag } }] : []),
  ]
}

/** Two vehicles that have each other's tokens: from now on they are registered so, and neither token is a mismatch. */
export function exchange(registers: Registers, one: string, other: string): Change[] {
  const [a, b] = [holderOf(registers, one), holderOf(registers, other)]
  if (a.registration === b.registration) throw new ProblemError('conflict', 'Both tokens belong to one vehicle.')
  const tokens = [one, other].map((key): Change => {
    const data = registers.now().tokens.get(key)
    if (!data) throw new ProblemError('not-found', `Token ${key} not found.`)
    return { register: 'tokens', key, data: { ...data, state: 'issued', replacedBy: null } }
  })
  return [
    { register: 'evs', key: a.registration, data: { ...a.ev, idTag: other } },
    { register: 'evs', key: b.registration, data: { ...b.ev, idTag: one } },
    ...tokens,
  ]
}

/** What registering a token that appeared changes; its vehicle's earlier token is replaced. */
export function tokenRegistration(
  registers: Registers,
  idTag: string,
  given: { depotId: string; kind: 'vehicle' | 'master'; registration: string | null },
): Change[] {
  const { depotId, kind, registration } = given
  const token: Change = { register: 'tokens', key: idTag, data: { ...issued(depotId), kind } }
  if (registration === null) return [token]
  const { evs, tokens } = registers.now()
  const ev = evs.get(registration)
  if (!ev) throw new ProblemError('not-found', `Vehicle ${registration} not found.`)
  const before = ev.idTag === null ? undefined : tokens.get(ev.idTag)
  return [
    token,
    { register: 'evs', key: registration, data: { ...ev, idTag } },
    ...(ev.idTag !== null && before
      ? [
          {
            register: 'tokens' as const,
            key: ev.idTag,
            data: { ...before, state: 'replaced' as const, replacedBy: idTag },
          },
        ]
      : []),
  ]
}
