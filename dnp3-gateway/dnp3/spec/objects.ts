/** Lookup over the group tables: one compiled record per group and variation. */
import { GROUPS, type GroupSpec } from './groups.ts'
import { type Layout, type MeasurementLayout, measurementLayout, NONE } from './layout.ts'

/** One variation with all that the encoder and decoder need. */
export interface ObjectSpec {
  readonly group: GroupSpec
  readonly variation: number
  readonly name: string
  readonly layout: Layout
  /** Octets of each object if the tables determine it (fixed layouts and strings), otherwise 0. */
  readonly octets: number
  /** Offsets of flags, value and time; null for packed, string and free-format objects. */
  readonly parts: MeasurementLayout | null
}

function compile(group: GroupSpec, variation: number, name: string, layout: Layout): ObjectSpec {
  const octets = layout.kind === 'fixed' ? layout.octets : layout.kind === 'octets' ? variation : 0
  return { group, variation, name, layout, octets, parts: measurementLayout(layout) }
}

function compileGroup(group: GroupSpec): (ObjectSpec | undefined)[] {
  const specs: (ObjectSpec | undefined)[] = [compile(group, 0, 'any variation', group.others ? group.others : NONE)]
  for (const [variation, [name, layout]] of Object.entries(group.variations)) {
    specs[Number(variation)] = compile(group, Number(variation), name, layout)
  }
  if (group.others) {
    for (let v = 1; v < 256; v++) specs[v] ??= compile(group, v, `variation ${v}`, group.others)
  }
  return specs
}

const TABLE: (readonly (ObjectSpec | undefined)[] | undefined)[] = []
for (const group of GROUPS) TABLE[group.group] = compileGroup(group)

/** The record of a group and variation (0 means "any"), or undefined if the tables have none. */
export function objectSpec(group: number, variation: number): ObjectSpec | undefined {
  return TABLE[group]?.[variation]
}

/** The table row of a group, or undefined. */
export function groupSpec(group: number): GroupSpec | undefined {
  return TABLE[group]?.[0]?.group
}

/** Every listed variation of every group, for tests and documentation. */
export function listedObjects(): ObjectSpec[] {
  return GROUPS.flatMap((group) =>
    Object.keys(group.variations).map((variation) => TABLE[group.group]?.[Number(variation)]),
  ).filter((spec) => spec !== undefined)
}
