/** A heading without what people and systems write in different ways: `nodeId`, `node_id` and `Node ID` are one. */
export function plainHeading(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** Headings under the names of the columns that they mean, and what is wrong with them. */
export interface NamedHeadings {
  /** The column of each cell; `null` where a file has more than is needed. */
  columns: (string | null)[]
  /** Columns that are there twice, and ones that are needed and absent. */
  twice: string[]
  missing: string[]
}

/** Finds columns among headings. A heading that is written exactly like a column goes before one that only means the same. */
export function nameHeadings(
  headings: readonly string[],
  columns: readonly string[],
  required: readonly string[],
): NamedHeadings {
  const byPlain = new Map(columns.map((column) => [plainHeading(column), column]))
  const exact = new Set(columns)
  const named = headings.map((heading) => (exact.has(heading) ? heading : (byPlain.get(plainHeading(heading)) ?? null)))
  const found = new Set(named)
  return {
    columns: named,
    twice: [...found].filter(
      (column) => column !== null && named.indexOf(column) !== named.lastIndexOf(column),
    ) as string[],
    missing: required.filter((column) => !found.has(column)),
  }
}
