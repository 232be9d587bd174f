import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { boundedRecord } from '../vocabulary/bounds.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant } from '../vocabulary/units.ts'
import { demandConfidence, demandMethod, nodeKind } from './connections.ts'

const heading = z.string().min(1).max(100)

/** Where one value of a node stands in a row, and how it is read. */
export const layoutCell = z.strictObject({
  /** Headings, whatever their case and punctuation; the first whose cell holds anything counts. */
  columns: z.array(heading).min(1).max(5),
  /** Unit of a rating or demand; kVA unless stated. */
  unit: z.enum(['VA', 'kVA', 'MVA']).optional(),
  /** A list of transformers such as `24, 24`: their sum, or the sum without the largest, which is the firm capacity. */
  take: z.enum(['value', 'sum', 'sum-without-largest']).optional(),
  /** What the words of the list mean here: `{ "Grid Substation": "bsp" }`. A word that is not named is a flaw. */
  words: boundedRecord(z.string().max(100), 50).optional(),
  /** Put before the cell, so that the numbers of two companies cannot meet. */
  prefix: z.string().max(20).optional(),
})
export type LayoutCell = z.infer<typeof layoutCell>

/** A value that the list does not give, because it is the same for every row. */
const fixed = z.strictObject({ fixed: z.string().min(1).max(100) })

/** A node that each row describes: its own level, or one that it names as feeding it. */
export const layoutNode = z.strictObject({
  nodeId: layoutCell,
  name: layoutCell,
  kind: z.union([layoutCell, z.strictObject({ fixed: nodeKind })]),
  parentId: layoutCell.optional(),
  /** Left out where the list names none: the upload then states it. */
  licenceArea: z.union([layoutCell, fixed]).optional(),
  ratingWinterKva: layoutCell.optional(),
  ratingSummerKva: layoutCell.optional(),
  firmCapacityKva: layoutCell.optional(),
  maxDemandWinterKva: layoutCell.optional(),
  maxDemandSummerKva: layoutCell.optional(),
  /** The day on which the highest demand was measured. */
  maxDemandWinterOn: z.union([layoutCell, fixed]).optional(),
  maxDemandSummerOn: z.union([layoutCell, fixed]).optional(),
  /** How it came about, of lists that say so or of which it is known. */
  maxDemandWinterMethod: z.union([layoutCell, z.strictObject({ fixed: demandMethod })]).optional(),
  maxDemandSummerMethod: z.union([layoutCell, z.strictObject({ fixed: demandMethod })]).optional(),
  maxDemandWinterConfidence: z.union([layoutCell, z.strictObject({ fixed: demandConfidence })]).optional(),
  maxDemandSummerConfidence: z.union([layoutCell, z.strictObject({ fixed: demandConfidence })]).optional(),
  reverseCapacityKva: layoutCell.optional(),
  easting: layoutCell.optional(),
  northing: layoutCell.optional(),
  reserved: layoutCell.optional(),
  reservedFor: layoutCell.optional(),
  reservedKva: layoutCell.optional(),
})
export type LayoutNode = z.infer<typeof layoutNode>

export const layoutName = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'must be a short name such as ukpn-sites')

/** How a list that a DNO publishes says what its nodes are. */
export const networkLayout = z
  .strictObject({
    title: z.string().min(1).max(100),
    /** Where the list comes from. */
    source: z.string().max(300),
    /** Headings by which a file is known to have this layout. */
    recognisedBy: z.array(heading).min(1).max(20),
    /** Whether an empty cell of a column that is there clears what is stored, or says nothing. */
    emptyCells: z.enum(['clear', 'keep']),
    nodes: z.array(layoutNode).min(1).max(4),
  })
  .meta({ id: 'NetworkLayout' })
export type NetworkLayout = z.infer<typeof networkLayout>

/** A layout as listed. What is said of its saving, and its version, are `null` for those that come with the program. */
export const savedLayout = networkLayout
  .extend({
    name: z.string(),
    savedAt: instant.nullable(),
    savedBy: z.string().nullable(),
    etag: z.string().nullable(),
  })
  .meta({ id: 'SavedNetworkLayout' })
export type SavedLayout = z.infer<typeof savedLayout>

const example = {
  title: 'List of another company',
  source: 'Its open data portal',
  recognisedBy: ['Substation Number', 'Substation Name', 'Rating kVA'],
  emptyCells: 'keep',
  nodes: [
    {
      nodeId: { columns: ['Substation Number'], prefix: 'other-' },
      name: { columns: ['Substation Name'] },
      kind: { fixed: 'secondary' },
      licenceArea: { fixed: 'EPN' },
      ratingWinterKva: { columns: ['Rating kVA'] },
    },
  ],
}

const tags = ['Network']
const params = z.object({ name: layoutName.meta({ example: 'other-secondaries' }) })

/** The layouts of network files. */
export const layoutOperations = {
  listLayouts: operation({
    method: 'get',
    path: '/network/layouts',
    access: people(),
    tags,
    summary: 'The layouts in which network files are read',
    answer: z.array(savedLayout),
  }),
  saveLayout: operation({
    method: 'put',
    path: '/network/layouts/{name}',
    access: people('planner'),
    tags,
    summary: 'Add or replace a layout; those that come with the program stay as they are',
    params,
    body: networkLayout.meta({ example }),
    answer: savedLayout,
    versionedBy: 'etag',
    mayCreate: true,
    problems: ['not-found', 'conflict'],
  }),
  removeLayout: operation({
    method: 'delete',
    path: '/network/layouts/{name}',
    access: people('planner'),
    tags,
    summary: 'Remove a layout; what was imported by it stays',
    params,
    answer: nothing,
    problems: ['not-found', 'conflict'],
  }),
}
