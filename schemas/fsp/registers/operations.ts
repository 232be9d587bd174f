import { z } from 'zod'
import { depotPeople, depotReaders } from '../../vocabulary/access.ts'
import { shortText } from '../../vocabulary/bounds.ts'
import { dryRunQuery } from '../../vocabulary/file-import.ts'
import { csvFile, operation } from '../../vocabulary/operation.ts'
import { instant, instantOrNull } from '../../vocabulary/units.ts'
import { registerKey } from './fields.ts'

/** A version of an entry: what held from when to when, and who made it so. */
export function registerEntry<D extends z.ZodType>(data: D) {
  return z.object({
    key: z.string(),
    version: z.number().int(),
    validFrom: instant,
    /** `null`: it holds until it is changed. */
    validTo: instantOrNull,
    /** From here on the entry is no longer in use. */
    isRetired: z.boolean(),
    changedBy: z.string(),
    changedAt: instant,
    reason: z.string().nullable(),
    data,
  })
}

/** What a register is: its place in addresses, what it calls an entry, its contract, and who changes it. */
export interface RegisterShape<N extends string, D extends z.ZodObject> {
  name: N
  entry: string
  data: D
  /** Whether depot-admins change it too, within their depots. */
  isOfDepots: boolean
}

/** When a change begins to hold: by default at once. It cannot be in the past, which stays as it was. */
const from = instant.optional()
const query = z.object({
  /** The instant that is asked about; by default now. */
  asOf: instant.optional(),
})
const fileRows = z.object({
  rows: z.number().int(),
  created: z.number().int(),
  changed: z.number().int(),
  same: z.number().int(),
})
/** A register of 10,000 charge points has about 2 MB. */
const fileBytes = 8 * 1024 * 1024

/** The operations of one register. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of operations, as every other file of operations is; here for any register.
export function registerOperations<N extends string, D extends z.ZodObject>(shape: RegisterShape<N, D>) {
  const { name, entry, data, isOfDepots } = shape
  const access = isOfDepots ? depotPeople('fleet-admin', 'depot-admin') : depotPeople('fleet-admin')
  const view = registerEntry(data)
  const params = z.object({ key: registerKey })
  const tags = ['Registers']
  return {
    list: operation({
      method: 'get',
      path: `/registers/${name}` as `/registers/${N}`,
      access: depotReaders,
      tags,
      summary: `Every ${entry} in use`,
      query,
      answer: z.array(view),
    }),
    read: operation({
      method: 'get',
      path: `/registers/${name}/entries/{key}` as `/registers/${N}/entries/{key}`,
      access: depotReaders,
      tags,
      summary: `One ${entry}`,
      params,
      query,
      answer: view,
      versionedBy: 'version',
      problems: ['not-found'],
    }),
    history: operation({
      method: 'get',
      path: `/registers/${name}/entries/{key}/history` as `/registers/${N}/entries/{key}/history`,
      access: depotReaders,
      tags,
      summary: `Every version of one ${entry}, the oldest first`,
      params,
      answer: z.array(view),
      problems: ['not-found'],
    }),
    put: operation({
      method: 'put',
      path: `/registers/${name}/entries/{key}` as `/registers/${N}/entries/{key}`,
      access,
      tags,
      summary: `Register or change one ${entry}`,
      description:
        'What held before stays readable. A change that begins later replaces one that was planned and has not begun.',
      params,
      body: z.object({ data, from, reason: shortText.optional() }),
      answer: view,
      versionedBy: 'version',
      mayCreate: true,
      problems: ['not-found', 'conflict'],
    }),
    retire: operation({
      method: 'post',
      path: `/registers/${name}/entries/{key}/retirement` as `/registers/${N}/entries/{key}/retirement`,
      access,
      tags,
      summary: `Take one ${entry} out of use`,
      description: 'Refused while another entry in use refers to it.',
      params,
      body: z.object({ from, reason: shortText }),
      answer: view,
      versionedBy: 'version',
      problems: ['not-found', 'conflict'],
    }),
    exportFile: operation({
      method: 'get',
      path: `/registers/${name}/file` as `/registers/${N}/file`,
      access: depotReaders,
      tags,
      summary: `Every ${entry} in use as CSV`,
      description: 'The heading row names the members; lists and objects stand in their cells as JSON.',
      query,
      answer: csvFile(),
    }),
    importFile: operation({
      method: 'post',
      path: `/registers/${name}/file` as `/registers/${N}/file`,
      access,
      tags,
      summary: `Register and change every ${entry} of a CSV file`,
      description:
        'In the form of the exported file. With `dryRun=true` nothing is stored. The whole file is checked first; with any fault, named by its line, nothing is stored. A row with a `version` is refused if the entry has changed since. What is not in the file stays.',
      query: dryRunQuery,
      body: csvFile(),
      maxBytes: fileBytes,
      answer: fileRows,
      problems: ['conflict'],
    }),
  } as const
}
