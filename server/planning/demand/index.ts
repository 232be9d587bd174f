import { ProblemError } from '../../../platform/http/index.ts'
import { demandEditionOperations } from '../../../schemas/planning/demand-editions.ts'
import { demandFleetOperations } from '../../../schemas/planning/demand-fleets.ts'
import { demandRunOperations } from '../../../schemas/planning/demand-runs.ts'
import { bind, ownTransaction, report } from '../../kit/index.ts'
import { findEdition, pageOfEditions, viewEdition } from './edition-store.ts'
import { editionTemplate } from './edition-template.ts'
import { estimateFleet } from './estimate-fleet.ts'
import { runAsCsv, runAsGeoJson, runAsParquet, tileOfRun } from './export-run.ts'
import { importDemandEdition } from './import-edition.ts'
import { makeSyntheticTrips } from './make-synthetic.ts'
import { listRunPlaces, readRunPlaceTile } from './read-places.ts'
import { compareDemandRuns, listRunAreas, readRunNode } from './read-run.ts'
import { pageOfNodes, pageOfRuns, requireRun, viewDemandRun } from './run-store.ts'
import { cancelDemandRun, repeatDemandRun, startNetworkRun, startTripRun } from './start-run.ts'
import { suggestDemandRequirement } from './suggest-requirement.ts'

export { nameFileColumns } from './columns.ts'
export { saveEdition as saveDemandEdition } from './edition-store.ts'
export { chances, seedFor } from './engine/chance.ts'
export { syntheticTrips } from './engine/synthetic.ts'
export { checkOf as checkDemandFile } from './findings.ts'
export { demandJobs } from './jobs.ts'
export { engineVersion } from './records.ts'
export type { EditionRows } from './rows.ts'
export { addRun as addDemandRun } from './run-store.ts'
export { demandRequirementOf } from './suggest-requirement.ts'
export { demandRun } from './tables.ts'
export { type ReadFile, type TakenEdition, takeEdition, wordsOfEnd, wordsOfHeadings } from './take-edition.ts'

/** The files that EV demand is worked out from. */
export const demandEditions = bind(demandEditionOperations, {
  importDemandEdition: ownTransaction(importDemandEdition),
  exportEditionTemplate: ({ params: { kind } }) => ({
    name: `ev-demand-${kind}-template.csv`,
    content: editionTemplate(kind),
  }),
  makeSyntheticTrips,
  listDemandEditions: ({ db, query }) => pageOfEditions(db, query),
  async readDemandEdition({ db, params }) {
    const found = await findEdition(db, params.id)
    if (!found) throw new ProblemError('not-found', `There is no edition ${params.id}: list the editions.`)
    return viewEdition(found)
  },
})

/** Runs of EV demand, and what they found. */
export const demandRuns = bind(demandRunOperations, {
  startTripRun,
  startNetworkRun,
  repeatDemandRun,
  cancelDemandRun,
  listDemandRuns: ({ db, query }) => pageOfRuns(db, query),
  readDemandRun: async ({ db, params }) => viewDemandRun(await requireRun(db, params.id)),
  listRunAreas,
  listRunNodes: async ({ db, params, query }) => pageOfNodes(db, await requireRun(db, params.id), query),
  readRunNode,
  exportRunCsv: report(({ db, params }) => runAsCsv(db, params.id)),
  exportRunParquet: report(({ db, params }) => runAsParquet(db, params.id)),
  exportRunGeoJson: report(({ db, params }) => runAsGeoJson(db, params.id)),
  readRunTile: ({ db, params: { id, z, x, y }, query }) => tileOfRun(db, id, query.year, { z, x, y }),
  listRunPlaces: report(listRunPlaces),
  readRunPlaceTile: report(readRunPlaceTile),
  compareDemandRuns: report(compareDemandRuns),
  suggestDemandRequirement,
})

/** What fleets with engines would charge, were they electric. */
export const demandFleets = bind(demandFleetOperations, { estimateFleet })
