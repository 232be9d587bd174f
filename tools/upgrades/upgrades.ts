import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationSet } from '../../platform/db/index.ts'
import { addedBy, breakingIn } from './breaking.ts'

/**
 * The last migration of each set in the release that may still be running while the next one migrates. Whoever makes a release writes its last
 * migrations here. There is no release before the first: it begins with these.
 */
export const released: Readonly<Record<string, string>> = {
  access: '0013_data_providers',
  grid: '0026_alarm-open-by-source',
  planning: '0012_plan-run-position',
  market: '0025_customers_apart',
  dispatch: '0013_selection_by_product',
  settlement: '0007_lines_as_json',
  fsp: '0020_one_emergency',
}

/** What separates the statements of a migration. */
const breakpoint = '--> statement-breakpoint'

/** Migrations newer than the release that break a program of it which is still running, one fault a line. */
export async function upgradeFaults(
  sets: readonly MigrationSet[],
  since: Readonly<Record<string, string>> = released,
): Promise<string[]> {
  const newer = (await Promise.all(sets.map((set) => newerThan(set, since[set.name])))).flat()
  const added = await addedBy(newer.map(({ statement }) => statement))
  const faults = await Promise.all(
    newer.map(async ({ file, statement }) =>
      (await breakingIn(statement, added)).map(
        (fault) =>
          `${file}: ${fault}. Programs of the release before are still running: add what is new first, and take away what is old a release later; or say in a comment of the statement "-- safe beside the release before: WHY".`,
      ),
    ),
  )
  return faults.flat()
}

async function newerThan({ name, folder }: MigrationSet, last: string | undefined) {
  const { entries } = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  const at = entries.findIndex(({ tag }) => tag === last)
  if (at === -1) throw new Error(`there is no migration ${last} of ${name}: see tools/upgrades/upgrades.ts`)
  const files = await Promise.all(
    entries.slice(at + 1).map(async ({ tag }) => {
      const text = await readFile(join(folder, `${tag}.sql`), 'utf8')
      return text.split(breakpoint).map((statement) => ({ file: `${name}/${tag}.sql`, statement }))
    }),
  )
  return files.flat()
}
