import { ProblemError } from '../../platform/http/index.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import type { Caller } from './callers.ts'

/** Whether an access rule admits a caller. */
export function mayCall(caller: Caller | null, access: Access): boolean {
  if (access === 'anyone') return true
  if (caller?.kind === 'dno') return access.dno === true
  if (caller?.kind === 'driver') return access.driver === true
  if (!caller || !access.depot) return false
  const { people, feed } = access.depot
  if (caller.kind === 'feed') return feed === caller.feed
  if (people === 'any') return true
  return people.length > 0 && (caller.role === 'sys-admin' || people.includes(caller.role))
}

/** Refuses a caller before the request is read: 401 without one, otherwise 403, stating what is needed. */
export function requireAccess(caller: Caller | null, access: Access): void {
  if (mayCall(caller, access) || access === 'anyone') return
  const needed = wordsOf(access)
  if (!caller) throw new ProblemError('unauthenticated', `This needs ${needed}.`)
  throw new ProblemError('forbidden', `This needs ${needed}.`)
}

/** Refuses a depot outside the caller's own, in the same words as one that is not there; a change of one that it only sees is forbidden. */
export function requireDepot(caller: Caller | null, params: unknown, isRead: boolean): void {
  const depotId = (params as { depotId?: string } | undefined)?.depotId
  if (depotId === undefined || !caller) return
  if (!maySee(caller, depotId)) throw noDepot(depotId)
  if (!isRead) requireChange(caller, depotId)
}

/** Whether a caller may know of a depot. */
export function maySee(caller: Caller, depotId: string): boolean {
  if (caller.kind === 'driver') return false
  return caller.kind === 'dno' || (caller.depotIds?.has(depotId) ?? true)
}

/** Refuses a change at a depot that a person only sees. */
export function requireChange(caller: Caller, depotId: string): void {
  if (caller.kind !== 'person' || (caller.changes?.has(depotId) ?? true)) return
  throw new ProblemError('forbidden', `You see depot ${depotId}, and may not change anything there.`)
}

/** The problem of a depot that is not there, or not for the caller. */
export function noDepot(depotId: string): ProblemError {
  return new ProblemError('not-found', `Depot ${depotId} not found.`)
}
