import {
  type LayoutCell,
  type LayoutNode,
  layoutCell,
  layoutName,
  layoutNode,
  type NetworkLayout,
  networkLayout,
} from '../../../../../schemas/grid/layouts.ts'

/** A value of a node that a layout says where to find. */
export type LayoutField = keyof LayoutNode

/** What the values of a node are called. */
export const fieldWords: Record<LayoutField, string> = {
  nodeId: 'Identifier',
  name: 'Name',
  kind: 'Kind',
  parentId: 'Node that feeds it',
  licenceArea: 'Licence area',
  ratingWinterKva: 'Winter rating',
  ratingSummerKva: 'Summer rating',
  firmCapacityKva: 'Firm capacity',
  maxDemandWinterKva: 'Highest demand, winter',
  maxDemandSummerKva: 'Highest demand, summer',
  maxDemandWinterOn: 'Day of the winter’s highest demand',
  maxDemandSummerOn: 'Day of the summer’s highest demand',
  maxDemandWinterMethod: 'Method of the winter’s highest demand',
  maxDemandSummerMethod: 'Method of the summer’s highest demand',
  maxDemandWinterConfidence: 'Confidence in the winter’s highest demand',
  maxDemandSummerConfidence: 'Confidence in the summer’s highest demand',
  reverseCapacityKva: 'Reverse capacity',
  easting: 'Easting',
  northing: 'Northing',
  reserved: 'Reserved',
  reservedFor: 'Reserved for',
  reservedKva: 'Reserved capacity',
}

/** The values that a layout may give, in the order in which they are listed. */
export const layoutFields = Object.keys(layoutNode.shape) as LayoutField[]

/** Values without which a row says of no node what it is. */
export const neededFields: readonly LayoutField[] = ['nodeId', 'name', 'kind']

/** Whether a value can be the same for every row, and so stand in no column. */
export function mayBeFixed(field: LayoutField): boolean {
  return /^(kind|licenceArea)$|(On|Method|Confidence)$/.test(field)
}

/** Whether a value has a unit, and may be a list of transformers. */
export const hasUnit = (field: LayoutField): boolean => field.endsWith('Kva')

/** Whether a file may say a value in words of its own. */
export const hasWords = (field: LayoutField): boolean =>
  /^(kind|licenceArea|reserved)$|(Method|Confidence)$/.test(field)

/** Where a value stands, as it is typed. */
export interface CellDraft {
  key: string
  field: LayoutField
  isFixed: boolean
  /** Headings, parted by semicolons; or the value itself if it is fixed. */
  text: string
  unit: '' | NonNullable<LayoutCell['unit']>
  take: '' | NonNullable<LayoutCell['take']>
  prefix: string
  /** One word a line: `theirs = ours`. */
  words: string
}

/** A node that each row describes, as it is typed. */
export interface NodeDraft {
  key: string
  cells: CellDraft[]
}

/** A layout as it is typed. */
export interface LayoutDraft {
  name: string
  title: string
  source: string
  /** Headings, parted by semicolons. */
  recognisedBy: string
  emptyCells: NetworkLayout['emptyCells']
  nodes: NodeDraft[]
}

let made = 0
const newKey = () => `${++made}`

/** A value that is not stated yet. */
export function newCell(field: LayoutField): CellDraft {
  return { key: newKey(), field, isFixed: false, text: '', unit: '', take: '', prefix: '', words: '' }
}

/** A node of which nothing is stated yet. */
export function newNode(): NodeDraft {
  return { key: newKey(), cells: neededFields.map(newCell) }
}

/** A new layout of one node. */
export function newLayout(): LayoutDraft {
  return { name: '', title: '', source: '', recognisedBy: '', emptyCells: 'keep', nodes: [newNode()] }
}

/** A layout as it would be typed. */
export function draftOf({ nodes, recognisedBy, title, source, emptyCells }: NetworkLayout, name: string): LayoutDraft {
  return {
    name,
    title,
    source,
    emptyCells,
    recognisedBy: headingsText(recognisedBy),
    nodes: nodes.map((node) => ({
      key: newKey(),
      cells: layoutFields.flatMap((field) => {
        const cell = node[field]
        return cell ? [cellDraftOf(field, cell)] : []
      }),
    })),
  }
}

/** Headings in one line. Punctuation does not count in a heading, so that one with a semicolon stays the same without it. */
function headingsText(headings: readonly string[]): string {
  return headings.map((heading) => heading.replaceAll(';', ' ')).join('; ')
}

function cellDraftOf(field: LayoutField, cell: LayoutCell | { fixed: string }): CellDraft {
  if ('fixed' in cell) return { ...newCell(field), isFixed: true, text: cell.fixed }
  const words = Object.entries(cell.words ?? {}).map(([theirs, ours]) => `${theirs} = ${ours}`)
  return {
    ...newCell(field),
    text: headingsText(cell.columns),
    unit: cell.unit ?? '',
    take: cell.take ?? '',
    prefix: cell.prefix ?? '',
    words: words.join('\n'),
  }
}

/** A layout as it was typed, or what is wrong with it: by the member, a value’s by `cell` and its key. */
export function readLayout(
  draft: LayoutDraft,
  taken: readonly string[],
): { body: NetworkLayout | null; faults: ReadonlyMap<string, string> } {
  const faults = new Map<string, string>()
  if (!layoutName.safeParse(draft.name).success)
    faults.set('name', 'Begin with a small letter; use small letters, digits and hyphens, 2 to 40 of them.')
  else if (taken.includes(draft.name)) faults.set('name', 'There is a layout of this name already.')
  if (draft.title.trim() === '' || draft.title.trim().length > 100)
    faults.set('title', 'Give it a title, at most 100 letters.')
  if (draft.source.length > 300) faults.set('source', 'Enter at most 300 letters.')
  const headings = listOf(draft.recognisedBy)
  if (headings.length === 0 || headings.length > 20)
    faults.set('recognisedBy', 'Name 1 to 20 headings that the file has and other files have not all of.')
  for (const { cells } of draft.nodes)
    for (const cell of cells) {
      const fault = cellFault(cell)
      if (fault !== null) faults.set(`cell ${cell.key}`, fault)
    }
  const read = networkLayout.safeParse({
    title: draft.title.trim(),
    source: draft.source.trim(),
    recognisedBy: headings,
    emptyCells: draft.emptyCells,
    nodes: draft.nodes.map(({ cells }) => Object.fromEntries(cells.map((cell) => [cell.field, cellOf(cell)]))),
  })
  return { body: read.success && faults.size === 0 ? read.data : null, faults }
}

function cellFault(cell: CellDraft): string | null {
  if (cell.isFixed) {
    const schema = layoutNode.shape[cell.field]
    return schema.safeParse({ fixed: cell.text.trim() }).success ? null : 'Enter a value that is known here.'
  }
  const columns = listOf(cell.text)
  if (columns.length === 0 || columns.length > 5) return 'Name 1 to 5 headings, parted by semicolons.'
  if (wordsOf(cell.words) === null) return 'Enter one word a line, such as Grid Substation = bsp.'
  return layoutCell.safeParse(cellOf(cell)).success ? null : 'Headings have at most 100 letters, a prefix at most 20.'
}

function cellOf({ isFixed, text, unit, take, prefix, words }: CellDraft): LayoutCell | { fixed: string } {
  if (isFixed) return { fixed: text.trim() }
  const known = wordsOf(words) ?? {}
  return {
    columns: listOf(text),
    ...(unit === '' ? {} : { unit }),
    ...(take === '' ? {} : { take }),
    ...(prefix === '' ? {} : { prefix }),
    ...(Object.keys(known).length === 0 ? {} : { words: known }),
  }
}

function listOf(text: string): string[] {
  return text
    .split(/[;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

/** What the words of the file mean; `null` if a line is none. */
function wordsOf(text: string): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => {
    const at = line.lastIndexOf('=')
    return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()] as const
  })
  return pairs.some(([theirs, ours]) => theirs === '' || ours === '') ? null : Object.fromEntries(pairs)
}
