import { LocalDate } from '@js-joda/core'
import type { demandEditionOperations } from '../../../schemas/planning/demand-editions.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { latestRows, rowsOf, saveEdition, viewEdition } from './edition-store.ts'
import { syntheticTrips } from './engine/synthetic.ts'
import { checkOf } from './findings.ts'

/** Makes up trips in the areas of an edition, from a seed. */
export const makeSyntheticTrips: Verb<typeof demandEditionOperations.makeSyntheticTrips> = async (call) => {
  const { name, areasEditionId, seed, vehicles, firstDay, days, model } = call.body
  const areas = (await rowsOf(call.db, 'areas', [areasEditionId])).map((area) => ({ ...area, offStreetShare: null }))
  const trips = syntheticTrips({ seed, vehicles, firstDay: LocalDate.parse(firstDay), days, areas })
  const rows = trips.map((trip) => ({ ...trip, model }))
  const edition = {
    editionId: call.id,
    kind: 'trips' as const,
    name,
    isSynthetic: true,
    importedAt: call.at,
    importedBy: nameOf(call.actor),
    columns: {},
  }
  const stored = await saveEdition(call.db, edition, rows, checkOf('trips', await latestRows(call.db, 'vehicles')))
  call.audit({
    action: 'demand-edition.made-up',
    subject: { type: 'demand-edition', id: call.id },
    detail: { name, seed, vehicles, days },
  })
  return viewEdition(stored)
}
