import { CsvFile } from '../../../platform/csv/index.ts'
import type { demandEditionOperations, EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { nameOf, refusedFile, type Verb } from '../../kit/index.ts'
import { nameColumns, statedColumns } from './columns.ts'
import { latestRows, saveEdition, viewEdition } from './edition-store.ts'
import { findingsOf, wholeFileFaults } from './findings.ts'
import { type ReadTerms, readRow } from './read-rows.ts'

/** A month of a platform's electric vehicles in a city has about 700,000 trips. */
const maxRows = 1_000_000

type Call = Parameters<Verb<typeof demandEditionOperations.importDemandEdition>>[0]

/** Imports a file as a new edition, as a whole or not at all; a dry run makes the same checks and stores nothing. */
export const importDemandEdition: Verb<typeof demandEditionOperations.importDemandEdition> = async (call) => {
  const { kind } = call.params
  const { columns, rows } = await readFile(call, kind)
  const specifications = kind === 'trips' ? await latestRows(call.db, 'vehicles') : []
  const findings = findingsOf(kind, rows, specifications)
  if (call.query.dryRun === 'true') return { rows: rows.length, edition: null, findings }
  return call.transaction(async (tx) => {
    const stored = await saveEdition(
      tx,
      {
        editionId: call.id,
        kind,
        name: call.query.name,
        isSynthetic: false,
        importedAt: call.at,
        importedBy: nameOf(call.actor),
        columns,
        ...findings,
      },
      rows,
    )
    call.audit({
      action: 'demand-edition.imported',
      subject: { type: 'demand-edition', id: call.id },
      detail: { kind, name: call.query.name, rows: rows.length, digest: stored.digest },
    })
    return { rows: rows.length, edition: viewEdition(stored), findings }
  })
}

async function readFile({ body, query }: Call, kind: EditionKind) {
  const file = await CsvFile.open(body, { maxRows })
  const { headings, faults } = nameColumns(kind, file.headings, statedColumns(query.columns))
  const years = kind === 'growth' ? file.headings.filter((heading) => /^(19|20)\d\d$/.test(heading)).map(Number) : []
  if (kind === 'growth' && years.length === 0)
    faults.push({ field: 'years', message: 'there is no column for any year' })
  for (const fault of faults) file.flaws.add({ line: 1, ...fault })
  if (file.flaws.count > 0) {
    await file.close()
    throw refusedFile(file.flaws)
  }
  // What nobody reads is passed over, whatever it holds.
  file.nameColumns([...Object.values(headings), ...years.map(String)])
  const terms: ReadTerms = { zone: query.zone, system: query.coordinates, years: years.sort((a, b) => a - b) }
  const rows: unknown[] = []
  for await (const { line, cells } of file.rows()) {
    const named = Object.entries(headings).map(([column, heading]) => [column, cells[heading] ?? ''] as const)
    const ofYears = years.map((year) => [String(year), cells[String(year)] ?? ''] as const)
    const { row, reader } = readRow(kind, { line, cells: Object.fromEntries([...named, ...ofYears]) }, terms)
    file.flaws.add(...reader.flaws)
    if (reader.flaws.length === 0) rows.push(row)
  }
  if (file.count === 0 && file.flaws.count === 0)
    file.flaws.add({ line: 1, field: '', message: 'the file has no rows' })
  if (file.flaws.count === 0) for (const fault of wholeFileFaults(kind, rows)) file.flaws.add({ line: 1, ...fault })
  if (file.flaws.count > 0) throw refusedFile(file.flaws)
  return { columns: headings, rows }
}
