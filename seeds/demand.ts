import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { EditionKind } from '../schemas/planning/demand-editions.ts'
import { demandExample } from '../schemas/planning/demand-examples.ts'
import { networkRunForm, tripRunForm } from '../schemas/planning/demand-runs.ts'
import type { ServerContext } from '../server/kit/index.ts'
import {
  addDemandRun,
  checkDemandFile,
  demandRun,
  type EditionRows,
  engineVersion,
  saveDemandEdition,
  syntheticTrips,
} from '../server/planning/index.ts'
import { readNetwork } from './read.ts'

/** Side of the made-up areas, m, and how many there are to a side of the square around each substation of the demo. */
const [sideM, perSide] = [700, 3]

/** Middles of the demo's boroughs, on the British grid, m; the first is where nobody is taken to live. */
const boroughs = [
  { name: 'City', eastingM: 532_300, northingM: 181_300, offStreet: 0.05, isExcludedAsHome: true },
  { name: 'Islington', eastingM: 531_400, northingM: 184_000, offStreet: 0.15, isExcludedAsHome: false },
  { name: 'Camden', eastingM: 529_400, northingM: 184_000, offStreet: 0.2, isExcludedAsHome: false },
  { name: 'Tower Hamlets', eastingM: 534_700, northingM: 181_900, offStreet: 0.1, isExcludedAsHome: false },
  { name: 'Brent', eastingM: 519_600, northingM: 183_700, offStreet: 0.5, isExcludedAsHome: false },
  { name: 'Bexley', eastingM: 549_100, northingM: 175_500, offStreet: 0.7, isExcludedAsHome: false },
  { name: 'Bromley', eastingM: 546_000, northingM: 166_300, offStreet: 0.75, isExcludedAsHome: false },
]

const [firstYear, lastYear] = [2026, 2050]
const model = 'Synthetic saloon'
const vehicleModels: EditionRows['vehicles'][] = [
  { model, usableKwh: 28, kwhPerKm: 0.18, acKw: 7.4, dcKw: 50, isVerified: false },
]

/** Side of the square that a secondary is made up to feed, m, and its customers to each kVA. */
const [feedingM, customersPerKva] = [1_600, 0.4]

/** All of the study below, where nothing has to be waited for. */
export async function seedDemand(context: ServerContext): Promise<void> {
  await seedDemandStudy(context)
  await seedGrowthRuns(context)
}

/**
 * A study of EV demand for the demo: made-up areas and feeding areas around its substations, a made-up growth and made-up trips, all labelled
 * synthetic, and a run over the trips that the server's job carries out. Where that run is already, nothing is added.
 */
export async function seedDemandStudy({ db, clock }: ServerContext): Promise<void> {
  const at = clock.now()
  const network = await readNetwork()
  await db.transaction(async (tx) => {
    if (await isThere(tx, demandExample.tripRun)) return
    for (const { editionId, kind, name, rows } of madeUpEditions(network))
      await saveDemandEdition(
        tx,
        {
          editionId,
          kind,
          name,
          isSynthetic: true,
          importedAt: at,
          importedBy: 'seeds',
          columns: {},
        },
        rows as readonly never[],
        checkDemandFile(kind, vehicleModels),
      )
    await addDemandRun(tx, { ...tripStudy(), ...seeded, requestedAt: at })
  })
}

/**
 * The same growth on the network by two methods. A run holds demand against the headroom of when it begins: in the demo they wait for the
 * loads of its nodes. Where the first is already, nothing is added.
 */
export async function seedGrowthRuns({ db, clock }: ServerContext): Promise<void> {
  const at = clock.now()
  await db.transaction(async (tx) => {
    if (await isThere(tx, demandExample.networkRun)) return
    for (const [i, run] of growthStudies().entries())
      await addDemandRun(tx, { ...run, ...seeded, requestedAt: at.plusSeconds(i + 1) })
  })
}

const seeded = { requestedBy: 'seeds', isSynthetic: true }

async function isThere(tx: Parameters<typeof addDemandRun>[0], runId: string): Promise<boolean> {
  const known = await tx.select({ runId: demandRun.runId }).from(demandRun).where(eq(demandRun.runId, runId))
  return known.length > 0
}

interface MadeUpEdition {
  editionId: string
  kind: EditionKind
  name: string
  rows: readonly unknown[]
}

/** Every file of the study. */
function madeUpEditions(network: Awaited<ReturnType<typeof readNetwork>>): MadeUpEdition[] {
  const areas = madeUpAreas()
  const trips = syntheticTrips({
    seed: 7,
    vehicles: 60,
    firstDay: LocalDate.parse('2025-12-01'),
    days: 28,
    areas: areas.map((area) => ({ ...area, offStreetShare: null })),
  }).map((trip) => ({ ...trip, model }))
  const shares = boroughs.map(({ name, offStreet }) => ({ place: name, share: offStreet }))
  const { growth, offStreet, vehicles, chargePoints, feedingAreas } = demandExample
  return [
    { editionId: demandExample.areas, kind: 'areas', name: 'Synthetic areas around the substations', rows: areas },
    { editionId: growth, kind: 'growth', name: 'Synthetic growth to 2050', rows: madeUpGrowth(areas) },
    { editionId: offStreet, kind: 'off-street', name: 'Synthetic off-street parking', rows: shares },
    { editionId: vehicles, kind: 'vehicles', name: 'Synthetic models', rows: vehicleModels },
    {
      editionId: chargePoints,
      kind: 'charge-points',
      name: 'Synthetic rapid charge points',
      rows: madeUpChargePoints(areas),
    },
    {
      editionId: feedingAreas,
      kind: 'feeding-areas',
      name: 'Synthetic feeding areas',
      rows: madeUpFeedingAreas(network),
    },
    { editionId: demandExample.trips, kind: 'trips', name: 'Synthetic private hire, December 2025', rows: trips },
  ]
}

function tripStudy() {
  const { areas, vehicles, trips, chargePoints, offStreet, tripRun } = demandExample
  const asked = tripRunForm.parse({
    title: 'Private hire (synthetic)',
    trips: [trips],
    vehicles,
    areas,
    chargePoints,
    offStreet,
  })
  return { runId: tripRun, kind: 'trips' as const, title: asked.title, record: { ...asked, engineVersion } }
}

function growthStudies() {
  const { areas, growth, offStreet, tripRun, feedingAreas, networkRun, feedingRun } = demandExample
  const common = { areas, growth, offStreet, tripRun, fromYear: firstYear, toYear: lastYear }
  const byLargest = { ...common, title: 'Growth to 2050, largest in the area (synthetic)' }
  const byFeeding = {
    ...common,
    title: 'Growth to 2050, feeding areas (synthetic)',
    method: 'feeding-area',
    feedingAreas,
  }
  return [
    { runId: networkRun, asked: networkRunForm.parse(byLargest) },
    { runId: feedingRun, asked: networkRunForm.parse(byFeeding) },
  ].map(({ runId, asked }) => ({
    runId,
    kind: 'network' as const,
    title: asked.title,
    record: { ...asked, engineVersion, network: null, seasonFactors: null },
  }))
}

/** A square around each secondary, and as many customers as its rating may have. */
function madeUpFeedingAreas(network: Awaited<ReturnType<typeof readNetwork>>): EditionRows['feeding-areas'][] {
  return network.flatMap(({ nodeId, kind, easting, northing, ratingWinterKva }) => {
    if (kind !== 'secondary' || easting === null || northing === null) return []
    const [west, east] = [easting - feedingM / 2, easting + feedingM / 2]
    const [south, north] = [northing - feedingM / 2, northing + feedingM / 2]
    const customers = Math.round((ratingWinterKva ?? 0) * customersPerKva)
    return [{ nodeId, customers, polygons: [[[west, south, east, south, east, north, west, north, west, south]]] }]
  })
}

function madeUpAreas(): EditionRows['areas'][] {
  return boroughs.flatMap(({ name, eastingM, northingM, isExcludedAsHome }, b) =>
    Array.from({ length: perSide ** 2 }, (_, i) => {
      const [x, y] = [
        eastingM + ((i % perSide) - perSide / 2) * sideM,
        northingM + (Math.floor(i / perSide) - perSide / 2) * sideM,
      ]
      return {
        code: `synthetic-${b + 1}-${i + 1}`,
        borough: name,
        polygons: [[[x, y, x + sideM, y, x + sideM, y + sideM, x, y + sideM, x, y]]],
        eastingM: x + sideM / 2,
        northingM: y + sideM / 2,
        cars: 450 + 25 * i,
        depotVehicles: i,
        isExcludedAsHome,
      }
    }),
  )
}

/** A rapid charge point in every third area. */
function madeUpChargePoints(areas: readonly EditionRows['areas'][]): EditionRows['charge-points'][] {
  return areas
    .filter((_, i) => i % 3 === 0)
    .map(({ code, eastingM, northingM }) => ({
      id: `synthetic-${code}`,
      name: `Synthetic charge point of ${code}`,
      eastingM,
      northingM,
      kw: 50,
      isDc: true,
      taxiOnly: false,
      excluded: false,
    }))
}

/** An S-shaped rise from 4 to 95 % of cars, a few years later in some areas than in others. */
function madeUpGrowth(areas: readonly EditionRows['areas'][]): EditionRows['growth'][] {
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, n) => firstYear + n)
  return areas.map(({ code }, i) => ({
    area: code,
    years,
    shares: years.map(
      (year) => Math.round((0.04 + 0.91 / (1 + Math.exp(-(year - 2035 - (i % 5)) / 3))) * 10_000) / 10_000,
    ),
  }))
}
