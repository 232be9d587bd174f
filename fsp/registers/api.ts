import { Instant } from '@js-joda/core'
import type { z } from 'zod'
import type { Clock } from '../../platform/clock/index.ts'
import { createRouter } from '../../platform/http/index.ts'
import { registers as contracts, type RegisterName, registerGroups } from '../../schemas/fsp/registers/index.ts'
import type { registerEntry, registerOperations } from '../../schemas/fsp/registers/operations.ts'
import { bind, type Entrance } from '../kit/index.ts'
import { type FileRow, lineFlaws, readRegister, refuseFile, writeRegister } from './files.ts'
import type { Change, Registers } from './registers.ts'
import type { Version } from './rules.ts'
import { noEntry, seesEntry } from './scope.ts'
import { presentEntry, requireAhead, requireVersion, write } from './writing.ts'

/** The operations of any register; each has a contract of its own for what its entries say. */
type AnyOperations = ReturnType<typeof registerOperations<string, z.ZodObject>>

type Entry = z.infer<ReturnType<typeof registerEntry<z.ZodObject>>>

export interface RegisterParts {
  registers: Registers
  clock: Clock
}

/** Every register: read as of any time, changed, retired, and as files. */
export function registerApi(parts: RegisterParts, entrance: Entrance) {
  const router = createRouter()
  for (const name of Object.keys(contracts) as RegisterName[])
    router.route('/', oneRegister(name, registerGroups[name] as unknown as AnyOperations, parts, entrance))
  return router
}

function oneRegister(
  name: RegisterName,
  operations: AnyOperations,
  { registers, clock }: RegisterParts,
  entrance: Entrance,
) {
  const instantOf = (asOf: string | undefined) => (asOf ? Instant.ofEpochMilli(Date.parse(asOf)) : clock.now())
  const seenBy = (caller: Parameters<typeof seesEntry>[0], asOf: string | undefined) =>
    registers.listAt(name, instantOf(asOf)).filter(({ key, data }) => seesEntry(caller, name, key, data))
  return bind(
    operations,
    entrance,
    {
      list: ({ caller, query }) => seenBy(caller, query.asOf).map(viewOf),

      read({ caller, params: { key }, query }) {
        const found = registers.versionAt(name, key, instantOf(query.asOf))
        if (!found || found.isRetired || !seesEntry(caller, name, key, found.data)) throw noEntry(name, key)
        return viewOf(found)
      },

      history({ caller, params: { key } }) {
        const versions = registers.history(name, key).filter(({ data }) => seesEntry(caller, name, key, data))
        if (versions.length === 0) throw noEntry(name, key)
        return versions.map(viewOf)
      },

      async put({ caller, params: { key }, body, version, audit }) {
        requireAhead(body.from, clock.now())
        const change = { register: name, key, data: body.data } as Change
        const [made] = await write(registers, { caller, audit, from: body.from, reason: body.reason }, [change], () =>
          requireVersion(registers, { register: name, key, version }),
        )
        return viewOf(made as Version)
      },

      async retire({ caller, params: { key }, body, version, audit }) {
        requireAhead(body.from, clock.now())
        presentEntry(registers, caller, name, key)
        const wish = { caller, audit, from: body.from, reason: body.reason }
        const [made] = await write(registers, wish, [{ register: name, key, data: null }], () =>
          requireVersion(registers, { register: name, key, version }),
        )
        return viewOf(made as Version)
      },

      exportFile: ({ caller, query }) => ({
        content: writeRegister(name, seenBy(caller, query.asOf)),
        name: `${contracts[name].name}.csv`,
      }),

      async importFile({ caller, query: { dryRun }, body, audit }) {
        const rows = await readRegister(name, body, (key) => registers.history(name, key).at(-1)?.data)
        return takeRows(registers, name, rows, { caller, audit, isDryRun: dryRun === 'true' })
      },
    },
    (verb) => `${name}.${verb}`,
  )
}

/** Writes what differs in a file, all of it or nothing, and says how much that is; a dry run only checks it. */
async function takeRows(
  registers: Registers,
  name: RegisterName,
  rows: readonly FileRow[],
  by: Pick<Parameters<typeof write>[1], 'caller' | 'audit'> & { isDryRun: boolean },
) {
  const latest = (key: string) => registers.history(name, key).at(-1)
  const isNew = ({ key }: FileRow) => latest(key)?.isRetired ?? true
  const differs = (row: FileRow) => isNew(row) || !isSame(latest(row.key)?.data, row.data)
  const counts = {
    rows: rows.length,
    created: rows.filter(isNew).length,
    changed: rows.filter((row) => !isNew(row) && differs(row)).length,
    same: rows.filter((row) => !differs(row)).length,
  }
  const changes = rows.filter(differs).map(({ key, data }) => ({ register: name, key, data }) as unknown as Change)
  const check = () => requireFileVersions(rows, (key) => latest(key)?.version)
  const did = by.isDryRun ? 'file-checked' : 'file-taken'
  const record = { action: `${contracts[name].name}.${did}`, subject: name, detail: counts }
  if (changes.length === 0) check()
  else {
    const wish = { ...by, reason: 'from a file', record }
    await write(registers, wish, changes, check, ({ flaws }) => refuseFile(lineFlaws(name, flaws, rows)))
  }
  if (changes.length === 0 || by.isDryRun) await by.audit(record)
  return counts
}

/** Refuses rows that were made from an earlier version than the present one. */
function requireFileVersions(rows: readonly FileRow[], versionOf: (key: string) => number | undefined): void {
  const flaws = rows
    .filter(({ key, version }) => version !== null && version !== (versionOf(key) ?? 0))
    .map(({ line, key }) => ({
      line,
      field: 'version',
      message: `is not that of ${key} now: ${versionOf(key) ?? 'it does not exist'}`,
    }))
  if (flaws.length > 0) refuseFile(flaws)
}

function isSame(before: object | undefined, after: object): boolean {
  return JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))
}

/** A value with its members in one order: the database keeps none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  )
}

/** A version as the API shows it. */
export function viewOf({ register: _, changedById: _id, ...version }: Version): Entry {
  const { validFrom, validTo, changedAt, data, ...rest } = version
  return {
    ...rest,
    validFrom: validFrom.toString(),
    validTo: validTo?.toString() ?? null,
    changedAt: changedAt.toString(),
    data: data as Record<string, unknown>,
  }
}
