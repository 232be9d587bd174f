import { asc } from 'drizzle-orm'
import { plainHeading } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { LayoutCell, LayoutNode, NetworkLayout, SavedLayout } from '../../../schemas/grid/layouts.ts'
import { versionOfData } from '../../kit/index.ts'
import { knownLayouts, type NodeField, nodeFields } from './known-layouts.ts'
import { networkLayout } from './tables.ts'

/** A layout with its name. */
export type NamedLayout = NetworkLayout & { name: string }

/** Every layout: those that come with the program, then those that planners added. */
export async function allLayouts(db: Queryable): Promise<SavedLayout[]> {
  const rows = await db.select().from(networkLayout).orderBy(asc(networkLayout.name))
  const known = [...knownLayouts].map(([name, layout]) => ({
    ...layout,
    name,
    savedAt: null,
    savedBy: null,
    etag: null,
  }))
  const added = rows.map(({ name, layout, savedAt, savedBy }) => ({
    ...layout,
    name,
    savedAt: savedAt.toString(),
    savedBy,
    etag: versionOfData(layout),
  }))
  return [...known, ...added]
}

/** The layout whose headings a file has; of several the one that asks for most. `null` if none fits. */
export function layoutOf<L extends NetworkLayout>(headings: readonly string[], layouts: readonly L[]): L | null {
  const present = new Set(headings.map(plainHeading))
  const fits = layouts.filter((layout) => layout.recognisedBy.every((heading) => present.has(plainHeading(heading))))
  return fits.toSorted((a, b) => b.recognisedBy.length - a.recognisedBy.length)[0] ?? null
}

/** Headings that a layout reads. */
export function columnsOf({ nodes }: NetworkLayout): string[] {
  return [...new Set(nodes.flatMap((each) => cellsOf(each).flatMap(([, cell]) => cell.columns)))]
}

function cellsOf(node: LayoutNode): (readonly [string, LayoutCell])[] {
  return Object.entries(node).flatMap(([field, cell]) => (cell && 'columns' in cell ? [[field, cell] as const] : []))
}

/** The values that a file in a layout states of nodes: those of which it has a column, or that are the same for every row. */
export function fieldsStated({ nodes }: NetworkLayout, has: (column: string) => boolean): NodeField[] {
  const isStated = (field: NodeField) =>
    nodes.some((each) => {
      const cell = each[field]
      return cell !== undefined && ('fixed' in cell || cell.columns.some(has))
    })
  // The licence area is stated by the list or by the upload.
  return nodeFields.filter((field) => field === 'licenceArea' || isStated(field))
}
