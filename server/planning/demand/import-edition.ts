import type { demandEditionOperations, EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { nameOf, refusedFile, type Verb } from '../../kit/index.ts'
import { statedColumns } from './columns.ts'
import { latestRows, saveEdition, viewEdition } from './edition-store.ts'
import { checkOf, type FileCheck } from './findings.ts'
import { type OpenedFile, openEdition } from './read-file.ts'
import type { EditionRows } from './rows.ts'

type Call = Parameters<Verb<typeof demandEditionOperations.importDemandEdition>>[0]

/** Imports a file as a new edition, as a whole or not at all; a dry run makes the same checks and stores nothing. */
export const importDemandEdition: Verb<typeof demandEditionOperations.importDemandEdition> = async (call) => {
  const { body, query } = call
  const { kind } = call.params
  const terms = { columns: statedColumns(query.columns), zone: query.zone, coordinates: query.coordinates }
  const opened = await openEdition(kind, body, terms)
  if (opened.file.flaws.count > 0) throw refusedFile(opened.file.flaws)
  const specifications = kind === 'trips' ? await latestRows(call.db, 'vehicles') : []
  const check = checkOf(kind, specifications)
  return query.dryRun === 'true' ? tryOut(opened, check) : store(call, opened, check)
}

async function tryOut(opened: OpenedFile<EditionKind>, check: FileCheck) {
  let rows = 0
  for await (const row of opened.rows()) {
    check.add(row)
    rows++
  }
  requireWhole(opened, check)
  return { rows, edition: null, findings: check.found() }
}

function store(call: Call, opened: OpenedFile<EditionKind>, check: FileCheck) {
  const { kind } = call.params
  const { name } = call.query
  const { columns } = opened
  const origin = { isSynthetic: false, importedAt: call.at, importedBy: nameOf(call.actor) }
  return call.transaction(async (tx) => {
    const stored = await saveEdition(tx, { editionId: call.id, kind, name, columns, ...origin }, kept(opened), check)
    requireWhole(opened, check)
    call.audit({
      action: 'demand-edition.imported',
      subject: { type: 'demand-edition', id: call.id },
      detail: { kind, name, rows: stored.rows, digest: stored.digest },
    })
    const { rows, summary, anomalies, anomalyCount } = stored
    return { rows, edition: viewEdition(stored), findings: { summary, anomalies, anomalyCount } }
  })
}

/** The rows up to the first flaw: after that the file is only read on, so that its person sees every flaw at once. */
async function* kept({ file, rows }: OpenedFile<EditionKind>): AsyncGenerator<EditionRows[EditionKind]> {
  for await (const row of rows()) if (file.flaws.count === 0) yield row
}

/** Refuses a file with any flaw; in a transaction this undoes what was stored of it. */
function requireWhole({ file }: OpenedFile<EditionKind>, check: FileCheck): void {
  if (file.flaws.count === 0) for (const fault of check.faults?.() ?? []) file.flaws.add({ line: 1, ...fault })
  if (file.flaws.count > 0) throw refusedFile(file.flaws)
}
