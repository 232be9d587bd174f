import { operations } from '../../../schemas/operations.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { saveNode } from '../../../server/grid/index.ts'
import { saveTestNetwork } from '../../../server/grid/test/support/site.ts'
// A screen’s test may carry out what is waiting; in the product a job does it every ten seconds.
import { runWaiting } from '../../../server/planning/demand/run-demand.ts'
import type { Client } from '../../../test/support/client.ts'
import { ok } from './depots.ts'
import { type Portal, startPortal } from './portal.ts'

/** The portal before a small study of EV demand. */
export interface DemandScene extends Portal {
  planner: Client
  engineer: Client
  editions: Readonly<Record<keyof typeof files, string>>
  /** A run over the network, carried out. */
  networkRun(more?: Record<string, unknown>): Promise<string>
  /** Carries out every run that waits. */
  carryOut(): Promise<void>
}

const kinds = ['winter weekday', 'winter weekend', 'summer weekday', 'summer weekend']
const times = Array.from(
  { length: 48 },
  (_, n) => `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`,
)

/** On a winter weekday 100 W a car from 17:00 to 18:00 and 90 W until 18:30; 10 W otherwise. */
const carW = (kind: string, time: string) =>
  kind === 'winter weekday' ? ({ '17:00': 100, '17:30': 100, '18:00': 90 }[time] ?? 10) : 10

/** 10,000 cars near Almeida St, all of which are electric in 2027 and charge at home; 20 near Upper St and none there in 2026. */
const files = {
  areas: 'code,borough,easting,northing,cars\na,Camden,531000,184000,10000\nb,Camden,551000,184000,20\n',
  growth: 'area,2026,2027\na,0.1,1\nb,0,1\n',
  'off-street': 'area,share\na,1\nb,1\n',
  profiles: `archetype,dayKind,time,meanW,chargingW\n${kinds.flatMap((kind) => times.map((time) => `home,${kind},${time},${carW(kind, time)},7000`)).join('\n')}\n`,
} satisfies Partial<Record<EditionKind, string>>

/**
 * Almeida St has 760 kW in winter (800 kVA × 0.95): its cars peak at 1,000 kW in 2027, and at 100 kW in 2026. Upper St, 20 km away, has
 * room for its 20. What Unknown St can carry is not known, nor then what is left of the primary and the GSP above all three.
 */
export async function startDemand(): Promise<DemandScene> {
  const portal = await startPortal('2026-01-15T10:00:00Z')
  await saveTestNetwork(portal.db)
  await saveNode(portal.db, {
    nodeId: 'upper',
    name: 'Upper St',
    kind: 'secondary',
    parentId: 'pri',
    licenceArea: 'LPN',
    easting: 551_000,
    northing: 184_000,
    ratingWinterKva: 500,
    ratingSummerKva: 450,
    maxDemandWinterKva: 0,
    maxDemandSummerKva: 0,
  })
  await saveNode(portal.db, {
    nodeId: 'dark',
    name: 'Unknown St',
    kind: 'secondary',
    parentId: 'pri',
    licenceArea: 'LPN',
    easting: 571_000,
    northing: 184_000,
    ratingWinterKva: null,
    ratingSummerKva: null,
  })
  const planner = await portal.person('priya', 'planner')
  const engineer = await portal.person('erin', 'flexibility-engineer')
  const imported: [string, string][] = []
  for (const [kind, text] of Object.entries(files)) {
    const params = { kind: kind as EditionKind }
    const { edition } = await ok(
      planner.ask(operations.importDemandEdition, { params, query: { name: `Our ${kind}` }, text }),
    )
    imported.push([kind, edition.editionId])
  }
  const editions = Object.fromEntries(imported) as Record<keyof typeof files, string>
  const carryOut = () => runWaiting(portal.context)
  return {
    ...portal,
    planner,
    engineer,
    editions,
    carryOut,
    async networkRun(more = {}) {
      const { areas, growth, 'off-street': offStreet, profiles } = editions
      const body = { title: 'Growth', areas, growth, offStreet, profiles, toYear: 2027, ...more }
      const { runId } = await ok(planner.ask(operations.startNetworkRun, { body }))
      await carryOut()
      return runId
    },
  }
}
