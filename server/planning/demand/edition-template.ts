import { writeCsv } from '../../../platform/csv/index.ts'
import { halfHourStarts } from '../../../schemas/grid/profiles.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { exampleColumns } from './columns.ts'
import { dayKinds, slots } from './engine/demand.ts'
import { archetypes, usualProfiles } from './outlook/profiles.ts'

/** Years of a template's growth scenario, with a share each. */
const exampleGrowth = [
  ['2026', '0.05'],
  ['2030', '0.2'],
  ['2040', '0.8'],
  ['2050', '1'],
] as const

/** A file of a kind that can be imported as it is: its headings, and rows to be replaced by one's own. */
export function editionTemplate(kind: EditionKind): string {
  const columns: (readonly [string, string])[] = exampleColumns(kind)
  if (kind === 'profiles') return writeCsv(headingsOf(columns), profileRows())
  if (kind === 'growth') columns.push(...exampleGrowth)
  return writeCsv(headingsOf(columns), [columns.map(([, example]) => example)])
}

function headingsOf(columns: readonly (readonly [string, string])[]): string[] {
  return columns.map(([heading]) => heading)
}

/** The profiles of the program: an archetype needs every half-hour, and these are a beginning. */
function* profileRows(): Generator<(string | number)[]> {
  const profiles = usualProfiles({ winter: 1, summer: 1 })
  for (const archetype of archetypes)
    for (const [k, kind] of dayKinds.entries())
      for (let slot = 0; slot < slots; slot++) {
        const { meanW, chargingW } = profiles[archetype]
        yield [
          archetype,
          kind,
          halfHourStarts[slot] ?? '',
          Math.round((meanW[k * slots + slot] ?? 0) * 10) / 10,
          chargingW,
        ]
      }
}
