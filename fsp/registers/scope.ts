import { ProblemError } from '../../platform/http/index.ts'
import { type RegisterName, registers } from '../../schemas/fsp/registers/index.ts'
import { type Caller, maySee, requireChange } from '../kit/index.ts'

/** The depot that an entry is of; `null`: it is the whole fleet's. */
export function depotOfEntry(register: RegisterName, key: string, data: object): string | null {
  if (register === 'depots') return key
  return 'depotId' in data && typeof data.depotId === 'string' ? data.depotId : null
}

/** Whether a caller may see an entry: those of the fleet, and those of its depots. */
export function seesEntry(caller: Caller, register: RegisterName, key: string, data: object): boolean {
  const depotId = depotOfEntry(register, key, data)
  return depotId === null || maySee(caller, depotId)
}

/**
 * Refuses an entry that is to be of a depot outside the caller's own, as one that is not there. What is the whole fleet's is not for people
 * of some depots to change.
 */
export function requireEntryChange(caller: Caller, register: RegisterName, key: string, data: object): void {
  const depotId = depotOfEntry(register, key, data)
  if (depotId === null || register === 'depots') {
    if (caller.kind === 'person' && caller.changes === null) return
    if (depotId !== null && !maySee(caller, depotId)) throw noEntry(register, key)
    throw new ProblemError(
      'forbidden',
      `The register of ${registers[register].name} is for people of all depots to change.`,
    )
  }
  if (!maySee(caller, depotId)) throw new ProblemError('not-found', `Depot ${depotId} not found.`)
  requireChange(caller, depotId)
}

export function noEntry(register: RegisterName, key: string): ProblemError {
  const { entry } = registers[register]
  return new ProblemError('not-found', `${entry[0]?.toUpperCase()}${entry.slice(1)} ${key} not found.`)
}
