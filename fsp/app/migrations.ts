import type { MigrationSet } from '../../platform/db/index.ts'

/** The FSP has a database of its own, and one set of migrations. */
export const fspMigrations: readonly MigrationSet[] = []
