import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
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

/**
 * A study of EV demand for the demo: made-up areas around its substations, a made-up growth and made-up trips, all labelled synthetic, and two
 * runs that the server's job carries out. Where there are runs already, nothing is added.
 */
export async function seedDemand({ db, clock }: ServerContext): Promise<void> {
  const at = clock.now()
  await db.transaction(async (tx) => {
    const known = await tx
      .select({ runId: demandRun.runId })
      .from(demandRun)
      .where(eq(demandRun.runId, demandExample.tripRun))
    if (known.length > 0) return
    const areas = madeUpAreas()
    const trips = syntheticTrips({
      seed: 7,
      vehicles: 60,
      firstDay: LocalDate.parse('2025-12-01'),
      days: 28,
      areas: areas.map((area) => ({ ...area, offStreetShare: null })),
    }).map((trip) => ({ ...trip, model }))
    const files: [string, Parameters<typeof saveDemandEdition>[1]['kind'], readonly unknown[]][] = [
      [demandExample.areas, 'areas', areas],
      [demandExample.growth, 'growth', madeUpGrowth(areas)],
      [
        demandExample.offStreet,
        'off-street',
        boroughs.map(({ name, offStreet }) => ({ place: name, share: offStreet })),
      ],
      [
        demandExample.vehicles,
        'vehicles',
        [{ model, usableKwh: 28, kwhPerKm: 0.18, acKw: 7.4, dcKw: 50, isVerified: false }],
      ],
      [demandExample.chargePoints, 'charge-points', madeUpChargePoints(areas)],
      [demandExample.trips, 'trips', trips],
    ]
    for (const [editionId, kind, rows] of files)
      await saveDemandEdition(
        tx,
        {
          editionId,
          kind,
          name: `Synthetic ${kind} of the demo`,
          isSynthetic: true,
          importedAt: at,
          importedBy: 'seeds',
          columns: {},
        },
        rows as readonly never[],
        checkDemandFile(kind, []),
      )
    const {
      areas: areasId,
      growth,
      offStreet,
      vehicles,
      trips: tripsId,
      chargePoints,
      tripRun,
      networkRun,
    } = demandExample
    const common = { requestedBy: 'seeds', isSynthetic: true }
    const ofTrips = tripRunForm.parse({
      title: 'Private hire (synthetic)',
      trips: [tripsId],
      vehicles,
      areas: areasId,
      chargePoints,
      offStreet,
    })
    const ofNetwork = networkRunForm.parse({
      title: 'Growth to 2050 (synthetic)',
      areas: areasId,
      growth,
      offStreet,
      tripRun,
      fromYear: firstYear,
      toYear: lastYear,
    })
    await addDemandRun(tx, {
      ...common,
      runId: tripRun,
      kind: 'trips',
      title: ofTrips.title,
      requestedAt: at,
      record: { ...ofTrips, engineVersion },
    })
    const record = { ...ofNetwork, engineVersion, network: null, seasonFactors: null }
    await addDemandRun(tx, {
      ...common,
      runId: networkRun,
      kind: 'network',
      title: ofNetwork.title,
      requestedAt: at.plusSeconds(1),
      record,
    })
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
