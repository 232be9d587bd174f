import { z } from 'zod'

/** What a backup of one database holds. It is written last: a folder without one is no backup. */
export const backupManifest = z.object({
  format: z.literal(1),
  takenAt: z.string(),
  /** Hash of every migration that the database had, by set, in their order. */
  migrations: z.record(z.string(), z.array(z.string())),
  /** Partitions that are not made by migrations, with the bounds as PostgreSQL prints them. */
  partitions: z.array(z.object({ name: z.string(), parent: z.string(), bound: z.string() })),
  /** The last number that each sequence gave. */
  sequences: z.array(z.object({ name: z.string(), last: z.string(), isUsed: z.boolean() })),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number().int(),
      /** Of the file, compressed as it is. */
      sha256: z.string(),
    }),
  ),
})
export type BackupManifest = z.infer<typeof backupManifest>

/** Name of the manifest in the folder of a database's backup. */
export const manifestName = 'manifest.json'

/** Name of the file with the rows of a table, in COPY's text format. */
export const fileOf = (table: string) => `${table}.copy.gz`

/**
 * Why a program cannot restore a backup, for people; `null` if it can. The rows fit the tables of exactly those migrations.
 * @param ours hash of every migration of the program, by set.
 */
export function releaseFault(backup: BackupManifest['migrations'], ours: BackupManifest['migrations']): string | null {
  for (const name of new Set([...Object.keys(ours), ...Object.keys(backup)])) {
    const [theirs, own] = [backup[name], ours[name]]
    if (!theirs || !own) return `it is of another program: one of the two has no migrations “${name}”`
    const same = theirs.findIndex((hash, i) => hash !== own[i])
    if (same >= 0 && same < own.length) return `its migration ${same + 1} of “${name}” is not the one of this release`
    const more = theirs.length - own.length
    if (more === 0) continue
    const released = more > 0 ? 'a newer' : 'an older'
    return `it is of ${released} release, which has ${Math.abs(more)} migrations ${more > 0 ? 'more' : 'less'} of “${name}”: restore it with that release, and start this one afterwards`
  }
  return null
}
