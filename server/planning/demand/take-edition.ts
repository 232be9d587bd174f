import type { ReadableStream } from 'node:stream/web'
import type { CsvFlaws } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DemandEdition, EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { latestRows, type NewEdition, saveEdition, viewEdition } from './edition-store.ts'
import { checkOf } from './findings.ts'
import { type FileTerms, openEdition } from './read-file.ts'

/** What was read of a delivered file. Whether that is enough is for its caller to say, who otherwise rolls back. */
export interface ReadFile {
  /** Rows with their flaws or without. */
  rows: number
  rejected: number
  flaws: CsvFlaws
  /** What is wrong with the file as a whole, in words; nothing is to be taken of it. */
  fault: string | null
}

/** An edition that was taken of a delivered file; `null` where the file has a fault. */
export interface TakenEdition extends ReadFile {
  edition: DemandEdition | null
}

/**
 * Takes the rows without flaws of a delivered file as a new edition, in the caller's transaction.
 * @param mayPassOver whether a file may have a heading that nobody reads.
 */
export async function takeEdition(
  tx: Queryable,
  given: Omit<NewEdition, 'kind' | 'columns' | 'isSynthetic'> & { kind: EditionKind },
  body: ReadableStream,
  { mayPassOver, ...terms }: FileTerms & { mayPassOver(heading: string): boolean },
): Promise<TakenEdition> {
  const { kind } = given
  const specifications = kind === 'trips' ? await latestRows(tx, 'vehicles') : []
  const opened = await openEdition(kind, body, terms)
  const { file, columns } = opened
  for (const field of opened.passedOver.filter((heading) => !mayPassOver(heading)))
    file.flaws.add({ line: 1, field, message: 'is a heading that is not agreed' })
  if (file.flaws.count > 0) {
    await file.close()
    return { rows: 0, rejected: 0, flaws: file.flaws, fault: wordsOfHeadings(file.flaws), edition: null }
  }
  const check = checkOf(kind, specifications)
  const stored = await saveEdition(tx, { ...given, isSynthetic: false, columns }, opened.rows(), check)
  const [whole] = check.faults?.() ?? []
  return {
    rows: file.count + file.broken,
    rejected: opened.rejected(),
    flaws: file.flaws,
    fault: file.isCutShort ? wordsOfEnd(file.flaws) : whole ? `${whole.field} ${whole.message}` : null,
    edition: viewEdition(stored),
  }
}

/** What is wrong with headings, in words. */
export function wordsOfHeadings({ first }: CsvFlaws): string {
  return `its headings are not as agreed: ${first.map(({ field, message }) => `${field} ${message}`).join('; ')}`.slice(
    0,
    1_000,
  )
}

/** Why a file was not read to its end, in words. */
export function wordsOfEnd({ first }: CsvFlaws): string {
  const last = first.at(-1)
  return `it was not read to its end: line ${last?.line} ${last?.message}`
}
