import { z } from 'zod'

/** A flaw in a row of an uploaded file: its line (the heading is line 1), its column, and what to do. */
export const importFlaw = z
  .object({ line: z.number().int(), field: z.string(), message: z.string() })
  .meta({ id: 'ImportFlaw' })
export type ImportFlaw = z.infer<typeof importFlaw>

/** A field that a row changes: what it belongs to, its value now (`null` for none) and the value in the file. */
export const importChange = z
  .object({
    line: z.number().int(),
    subject: z.string(),
    field: z.string(),
    now: z.string().nullable(),
    given: z.string(),
  })
  .meta({ id: 'ImportChange' })
export type ImportChange = z.infer<typeof importChange>

/**
 * The outcome of a file: checked only, stored, or refused by a dry run. `flaws` and `changes` hold the first few hundred of `flawCount`
 * and `changeCount`.
 */
export const fileImport = z
  .object({
    state: z.enum(['checked', 'imported', 'refused']),
    dryRun: z.boolean(),
    rows: z.number().int(),
    created: z.number().int(),
    changed: z.number().int(),
    unchanged: z.number().int(),
    changes: z.array(importChange),
    changeCount: z.number().int(),
    flaws: z.array(importFlaw),
    flawCount: z.number().int(),
  })
  .meta({ id: 'FileImport' })
export type FileImport = z.infer<typeof fileImport>

/** Whether a file is only checked. */
export const dryRunQuery = z.object({ dryRun: z.enum(['true', 'false']).default('false') })

/** Whether values that no such equipment carries are held for a person, who may then take them. */
export const implausibleValues = z.enum(['refuse', 'accept']).default('refuse')

/**
 * The zone of the times of a file that have no offset. Without it such a time is a flaw: nobody guesses. A time that the clock shows twice
 * or never is a flaw in any case.
 */
export const zoneOfFile = z.enum(['UTC', 'Europe/London']).optional()

/** The columns of each file that is imported, in the order in which a template has them. */
export const importColumns = {
  connections: ['mpans', 'nodeId', 'name', 'customer', 'address', 'licenceArea', 'ascKva', 'exportKva', 'powerFactor'],
  ders: ['name', 'kind', 'mpan', 'ratedW', 'consentReference', 'consentFrom', 'consentUntil', 'fuId', 'from', 'until'],
  authorities: ['mpan', 'from', 'until', 'givenBy', 'reference'],
} as const
