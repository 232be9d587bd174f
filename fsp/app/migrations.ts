import { fileURLToPath } from 'node:url'
import type { MigrationSet } from '../../platform/db/index.ts'

/** The FSP has a database of its own, and one set of migrations. */
export const fspMigrations: readonly MigrationSet[] = [
  { folder: fileURLToPath(new URL('../migrations', import.meta.url)), name: 'fsp' },
]
