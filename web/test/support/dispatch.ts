import { Instant, LocalDate } from '@js-joda/core'
import { operations } from '../../../schemas/operations.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { dispatchJobs } from '../../../server/dispatch/index.ts'
import { startControlFsp } from '../../../test/support/control-fsp.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { awardContracts } from '../../../test/support/market.ts'
import { readingsOf } from '../../../test/support/two-fsps.ts'
import { type DepotsScene, ok, startDepots } from './depots.ts'
import { type DepotFsp, registerDepotFsp } from './fsps.ts'

export interface DispatchScene extends DepotsScene {
  depotFlex: DepotFsp
  /** An FSP whose control API has hung up on everything since 17:30. */
  bexleyFlex: DepotFsp
}

const day = '2026-01-15'

/** Contracted turn-down of each depot, W. */
const contractedW = {
  Islington: 38_000,
  Whitechapel: 51_000,
  Dartford: 35_000,
  'Premier Park': 82_000,
  'Mount Pleasant': 173_000,
}

/**
 * The evening of a day under contract, 17:00 to 19:00, seen at 17:52:20: optimised in the morning, instructed by manual schedules, one FU
 * out of service, one FSP that does not answer, and what Islington delivered.
 */
export async function startDispatch(): Promise<DispatchScene> {
  const scene = await startDepots('2026-01-14T09:00:00Z')
  const [controlA, controlB] = [
    await startControlFsp((await createTestDatabase('server')).db),
    await startControlFsp((await createTestDatabase('server')).db),
  ]
  const chargersW = Object.fromEntries(Object.entries(contractedW).map(([depot, powerW]) => [depot, 2.5 * powerW]))
  const depotFlex = await registerDepotFsp(scene, 'Depot Flex Ltd', chargersW, controlA)
  const bexleyFlex = await registerDepotFsp(scene, 'Bexley Flex Ltd', { Bexleyheath: 13_000 }, controlB)
  await submitSchedules(depotFlex)
  await contract(scene, depotFlex, bexleyFlex)
  await optimise(scene)
  await scheduleEvening(scene, [
    ...Object.entries(contractedW).map(([depot, powerW]) => [depotFlex.fuOf(depot), powerW] as const),
    [bexleyFlex.fuOf('Bexleyheath'), 13_000],
  ])
  const out = { inService: false, effectiveFrom: `${day}T16:00:00Z`, reason: 'Works at the depot' }
  await ok(
    depotFlex.client.ask(operations.declareServiceStatus, {
      params: { id: depotFlex.fuOf('Mount Pleasant') },
      body: out,
    }),
  )
  scene.clock.jumpTo(Instant.parse(`${day}T16:29:00Z`))
  dispatchJobs(scene.context)
  await scene.clock.advanceTo(Instant.parse(`${day}T17:29:30Z`))
  controlB.behaviour = 'hang-up'
  await scene.clock.advanceTo(Instant.parse(`${day}T17:52:20Z`))
  await reportAndMeter(scene, depotFlex)
  const params = { fuId: depotFlex.fuOf('Premier Park'), day }
  const engineer = await scene.seeded('flex')
  await ok(engineer.ask(operations.selectDispatchSchedule, { params, body: { kind: 'optimised' } }))
  return { ...scene, depotFlex, bexleyFlex }
}

/** What the FUs that stand behind one BSP cost; the others cost more. */
const pricesGbpPerMwh: Readonly<Record<string, string>> = { Islington: '310.00', 'Mount Pleasant': '320.00' }

/** A baseline in its second revision, and a cost, for every FU. */
async function submitSchedules({ client, fuOf }: DepotFsp): Promise<void> {
  for (const depot of Object.keys(contractedW)) {
    const given = { resolution: 'PT30M', start: `${day}T00:00:00Z` }
    const halfHours = Array.from({ length: 48 }, (_, i) => i)
    const watts = halfHours.map((i) => 60_000 + Math.round(30_000 * Math.sin((i / 48) * 6.3)))
    const submit = (kind: string, revision: number, values: readonly (number | string)[]) => {
      const params = { fuId: fuOf(depot), day, kind }
      return ok(client.ask(operations.submitSchedule, { params, body: { kind, ...given, revision, values } }))
    }
    for (const [i, values] of [watts.toReversed(), watts].entries()) await submit('baseline', i + 1, values)
    await submit(
      'cost',
      1,
      halfHours.map(() => pricesGbpPerMwh[depot] ?? '330.00'),
    )
  }
}

async function contract(scene: DepotsScene, depotFlex: DepotFsp, bexleyFlex: DepotFsp): Promise<void> {
  const [engineer, second] = [await scene.seeded('flex'), await scene.seeded('flex2')]
  const zones = {
    'lpn-city-road': ['Islington', 'Whitechapel', 'Mount Pleasant'],
    'lpn-hurst': ['Dartford'],
    'lpn-willesden': ['Premier Park'],
  }
  const offerOf = (depot: string) => ({
    client: depotFlex.client,
    fuId: depotFlex.fuOf(depot),
    turnDownW: contractedW[depot as keyof typeof contractedW],
    utilisation: '125.00',
  })
  for (const [zoneNodeId, depots] of Object.entries(zones)) {
    const offers = depots.map(offerOf)
    if (zoneNodeId === 'lpn-hurst')
      offers.push({
        client: bexleyFlex.client,
        fuId: bexleyFlex.fuOf('Bexleyheath'),
        turnDownW: 13_000,
        utilisation: '125.00',
      })
    const gateClosesAt = scene.clock.now().plusSeconds(1)
    const terms = { zoneNodeId, gateClosesAt: gateClosesAt.toString(), validFrom: '2026-01-15' }
    await awardContracts(engineer, second, offers, terms, () => scene.clock.advanceTo(gateClosesAt))
  }
}

/** Forecasts that are over target levels in the evening: by 20 kW at Islington’s BSP, and at 17:45 by more than Dartford has. */
async function optimise(scene: DepotsScene): Promise<void> {
  const engineer = await scene.seeded('flex')
  const forecast = async (nodeId: string, on: string, targetW: number, overW: (time: string) => number) => {
    await ok(engineer.ask(operations.setTargetLevel, { params: { nodeId }, body: { targetW } }))
    const values = periodStarts(LocalDate.parse(on), 'PT15M').map((at) => {
      const over = overW(at.toString().slice(11, 16))
      return over > 0 ? targetW + over : targetW * 0.9
    })
    await ok(
      engineer.ask(operations.saveLoadForecast, { params: { nodeId, day: on }, body: { resolution: 'PT15M', values } }),
    )
  }
  await forecast('lpn-islington-bsp', day, 100_000_000, (time) => (time >= '17:00' && time < '18:00' ? 20_000 : 0))
  await forecast('lpn-dartford-lv', day, 300_000, (time) => (time === '17:45' ? 47_000 : 0))
  await forecast('lpn-dartford-lv', '2026-01-16', 300_000, (time) => (time === '17:45' ? 12_000 : 0))
  await ok(engineer.ask(operations.optimise, { body: { tradingDay: day, product: 'A' } }))
  await ok(engineer.ask(operations.optimise, { body: { tradingDay: '2026-01-16', product: 'B' } }))
}

/** A manual schedule of all that is contracted, made live. */
async function scheduleEvening(scene: DepotsScene, units: readonly (readonly [string, number])[]): Promise<void> {
  const engineer = await scene.seeded('flex')
  for (const [fuId, powerW] of units) {
    const values = Array.from({ length: 96 }, (_, i) => (i >= 68 && i < 76 ? powerW : null))
    const body = { resolution: 'PT15M', values }
    await ok(
      engineer.ask(operations.saveManualSchedule, { params: { fuId, day, kind: 'manual' }, body, version: null }),
    )
    await ok(engineer.ask(operations.selectDispatchSchedule, { params: { fuId, day }, body: { kind: 'manual' } }))
  }
}

/** Islington says that it has started, and has metered 80 kW on the days before and 42 kW from 17:00 on. */
async function reportAndMeter(scene: DepotsScene, { client, fuOf }: DepotFsp): Promise<void> {
  const [fuId, engineer] = [fuOf('Islington'), await scene.seeded('flex')]
  const { items } = (await engineer.ask(operations.listInstructions, { query: { day, fuId } })).body
  const [{ instructionId }] = items.filter(
    (each: { intervals: { from: string }[] }) => each.intervals[0]?.from === `${day}T17:00:00Z`,
  )
  const report = { instructionId, status: 'started', at: `${day}T17:00:05Z` }
  await ok(client.ask(operations.reportOnInstruction, { body: report }))
  for (let back = 14; back >= 1; back--)
    await ok(
      client.ask(operations.uploadReadings, {
        body: readingsOf(fuId, LocalDate.parse(day).minusDays(back).toString(), 20_000),
      }),
    )
  const today = readingsOf(fuId, day, 20_000)
  const readings = today.readings.slice(0, 71).map((each, i) => (i < 68 ? each : { ...each, energyWh: 10_500 }))
  await ok(client.ask(operations.uploadReadings, { body: { ...today, readings } }))
}
