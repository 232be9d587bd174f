import { Instant } from '@js-joda/core'
import { isCurrent, ProblemError } from '../../platform/http/index.ts'
import { registers as contracts, type RegisterName } from '../../schemas/fsp/registers/index.ts'
import { type AuditRecord, actorOf, type Call, type Caller } from '../kit/index.ts'
import { type Change, RegisterFault, type Registers } from './registers.ts'
import type { Version } from './rules.ts'
import { noEntry, requireEntryChange, seesEntry } from './scope.ts'

/** What somebody wants changed, and when and why. */
export interface Wish {
  caller: Caller
  audit: Call<never>['audit']
  from?: string | undefined
  reason?: string | null | undefined
  /** What is recorded of all changes together; by default each is recorded, with what it says. */
  record?: AuditRecord
  /** Only checks whether the changes could be stored. */
  isDryRun?: boolean
}

/** Changes that have to start from the present version of one entry; `version` is what the caller has read. */
export interface Expected {
  register: RegisterName
  key: string
  version: string | null
}

/** Stores changes with their record, or throws the problem that refuses them. */
export async function write(
  registers: Registers,
  wish: Wish,
  changes: readonly Change[],
  check: () => void = () => undefined,
  refuse: (fault: RegisterFault) => never = (fault) => {
    throw problemOf(fault, changes)
  },
): Promise<Version[]> {
  const by = {
    ...actorOf(wish.caller),
    ...(wish.from ? { from: startOf(wish.from) } : {}),
    reason: wish.reason ?? null,
  }
  const note: Parameters<Registers['change']>[2] = async (tx, made) => {
    for (const record of wish.record ? [wish.record] : made.map(recordOf)) await wish.audit(record, tx)
  }
  const checkAll = () => {
    for (const each of changes) requireScope(registers, wish.caller, each)
    check()
  }
  try {
    if (!wish.isDryRun) return await registers.change(changes, by, note, checkAll)
    await registers.probe(changes, by, checkAll)
    return []
  } catch (error) {
    if (error instanceof RegisterFault) refuse(error)
    throw error
  }
}

/** Refuses a change that does not start from the entry's latest version. One out of use counts as not there, and as itself. */
export function requireVersion(registers: Registers, { register, key, version }: Expected): void {
  const latest = registers.history(register, key).at(-1)
  if (isCurrent(version, latest?.version) || (latest?.isRetired && version === null)) return
  throw new ProblemError(
    'changed-meanwhile',
    latest ? `${key} is at version ${latest.version} now.` : `${key} does not exist.`,
  )
}

/** The entry as it is now, for somebody who may see it. */
export function presentEntry<R extends RegisterName>(
  registers: Registers,
  caller: Caller,
  register: R,
  key: string,
): Version<R> {
  const latest = registers.history(register, key).at(-1)
  if (!latest || latest.isRetired || !seesEntry(caller, register, key, latest.data)) throw noEntry(register, key)
  return latest
}

/** What was there and what is to be there have to be the caller's to change. */
function requireScope(registers: Registers, caller: Caller, { register, key, data }: Change): void {
  const before = registers.history(register, key).at(-1)
  if (before && !seesEntry(caller, register, key, before.data)) throw noEntry(register, key)
  if (before) requireEntryChange(caller, register, key, before.data)
  if (data) requireEntryChange(caller, register, key, data)
}

function startOf(from: string): Instant {
  return Instant.ofEpochMilli(Date.parse(from))
}

/** Refuses a beginning in the past: what held then stays as it was. */
export function requireAhead(from: string | undefined, now: Instant): void {
  if (from === undefined || !startOf(from).isBefore(now)) return
  throw new ProblemError('contract-broken', 'A change cannot begin in the past.', {
    errors: [{ field: 'from', message: `is before ${now}` }],
  })
}

function recordOf({ register, key, version, validFrom, isRetired, data, reason }: Version) {
  const detail = {
    version,
    validFrom: validFrom.toString(),
    ...(reason === null ? {} : { reason }),
    ...(isRetired ? {} : { data }),
  }
  const did = isRetired ? 'retired' : version === 1 ? 'registered' : 'changed'
  return { action: `${contracts[register].name}.${did}`, subject: key, detail }
}

function problemOf({ flaws }: RegisterFault, changes: readonly Change[]): ProblemError {
  const own = flaws.filter(({ register, key }) =>
    changes.some((each) => each.register === register && each.key === key && each.data !== null),
  )
  const [first] = flaws
  if (own.length === 0 && first)
    return new ProblemError(
      'conflict',
      `${contracts[first.register].entry} ${first.key}: ${first.field} ${first.message}.`,
    )
  return new ProblemError('contract-broken', `${own[0]?.key}: ${own[0]?.field} ${own[0]?.message}.`, {
    errors: own.slice(0, 100).map(({ key, field, message }) => ({
      field: changes.length === 1 ? `data.${field}` : `${key}, ${field}`,
      message,
    })),
  })
}
