import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '../../platform/db/index.ts'

/** Each wing keeps its own migrations; they run in the order in which the wings depend on each other. */
const wings = ['access', 'grid', 'planning', 'market', 'dispatch', 'settlement'] as const

/** Tables of which a running server changes and deletes no row; the links between audit entries are written by a trigger of the owner. */
export const serverGrants = { appendOnly: ['audit_entry', 'hand', 'installation'], readOnly: ['audit_link'] } as const

export const serverMigrations: readonly MigrationSet[] = wings.map((wing) => ({
  name: wing,
  folder: fileURLToPath(new URL(`../${wing}/migrations`, import.meta.url)),
}))
