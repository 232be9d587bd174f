import type { LocalDate } from '@js-joda/core'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { operations } from '../../schemas/operations.ts'
import { seedPeople } from '../../seeds/index.ts'
import { saveAccount } from '../../server/access/index.ts'
import { saveConnection, saveNode } from '../../server/grid/index.ts'
import { setTargets, uploadForecasts } from '../demo/forecasts.ts'
import {
  admitApplicants,
  approveAuthorities,
  areAnswered,
  awardTenders,
  byHand,
  listContracts,
  scheduleContracts,
} from '../demo/market.ts'
import { stateLocalTimetables } from '../demo/timetables.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import { contractedHour, estatesOf, loads, nodes, userOf, zone } from './area.ts'
import { registerField } from './register-field.ts'
import type { TcpWire } from './tcp-wire.ts'
import type { World } from './world.ts'

const allDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** How long the tender for product A stays open. */
const tenderMinutes = 15

/**
 * Registers both FSPs with their units and contracts, and the depots with their hubs, and has the day's schedules submitted and selected: the
 * evening before the day.
 */
export async function prepare(world: World, day: LocalDate, hubWires: readonly TcpWire[]): Promise<void> {
  const { context, publicUrl } = world.server
  await seedPeople(context)
  for (const node of nodes) await saveNode(context.db, node)
  await registerField(world, day, hubWires)
  const estates = estatesOf.flat()
  for (const estate of estates) await saveConnection(context.db, connectionOf(estate))
  const [engineer, approver] = await logInAs(publicUrl, 'flexibility-engineer')
  const [planner] = await logInAs(publicUrl, 'planner')
  if (!engineer || !approver || !planner) throw new Error('a simulation needs two flexibility engineers and a planner')
  await register(world, engineer, approver, estates)
  await contractAll(world, engineer, approver, day)
  await addUsers(world, engineer)
  await setTargets(planner, loads)
  await uploadForecasts(planner, loads, day)
  await passUntil(world, 'the schedules of B and C are submitted', async () => {
    const submitted = await planner.api.all(operations.listSubmittedSchedules, { query: { day: day.toString() } })
    return submitted.length === 6
  })
  await scheduleContracts(engineer, byHand(await listContracts(engineer)), day)
}

function connectionOf(estate: EstateSeed) {
  const { connectionId, name, customer, address, licenceArea, nodeId, ascKva, powerFactor, mpan } = estate
  return { connectionId, name, customer, address, licenceArea, nodeId, ascKva, powerFactor, mpans: [mpan] }
}

async function register(world: World, engineer: PortalClient, approver: PortalClient, estates: readonly EstateSeed[]) {
  let admitted = 0
  await passUntil(world, 'the FSPs have applied', async () => {
    admitted += await admitApplicants(engineer, approver)
    return admitted === estatesOf.length
  })
  let approved = 0
  await passUntil(world, 'they have authority over their MPANs', async () => {
    approved += await approveAuthorities(engineer)
    return approved === estates.length
  })
  await passUntil(
    world,
    'their units are registered',
    async () => (await engineer.api.all(partyOperations.listFlexibleUnits, {})).length === estates.length,
  )
}

/** Somebody of each FSP who may look at the portal. */
async function addUsers(world: World, engineer: PortalClient): Promise<void> {
  const units = await engineer.api.all(partyOperations.listFlexibleUnits, {})
  for (const [n, [first]] of estatesOf.entries()) {
    const fspId = units.find(({ name }) => first && name.startsWith(first.name))?.fspId
    if (!fspId) throw new Error(`FSP ${n + 1} has no unit`)
    await saveAccount(world.server.context.db, { ...userOf(n), roles: ['fsp-user'], fspId })
  }
}

/** Tenders for A, and standing contracts for B and C, all for the one hour. */
async function contractAll(
  world: World,
  engineer: PortalClient,
  approver: PortalClient,
  day: LocalDate,
): Promise<void> {
  const term = { validFrom: day.minusDays(1).toString(), validTo: day.plusDays(1).toString() }
  const windows = [{ weekdays: [...allDays], ...contractedHour }]
  const { tenderId } = await engineer.api.call(operations.draftTender, {
    body: {
      ...term,
      title: 'Reserve of the simulated area',
      product: 'A',
      zoneNodeId: zone,
      windows: windows.map((window) => ({ ...window, requiredW: 100_000 })),
      ceilingAvailabilityGbpPerMwH: '25.00',
      ceilingUtilisationGbpPerMwh: '400.00',
      gateClosesAt: world.clock
        .now()
        .plusSeconds(tenderMinutes * 60)
        .toString(),
    },
  })
  await engineer.api.call(operations.publishTender, { params: { id: tenderId } })
  await passUntil(world, 'both FSPs have answered the tender', () => areAnswered(engineer, [tenderId]))
  await world.clock.advanceTo(world.clock.now().plusSeconds(tenderMinutes * 60))
  await awardTenders(engineer, approver, [tenderId])
  const units = await engineer.api.all(partyOperations.listFlexibleUnits, {})
  const standing = estatesOf.flat().filter(({ product }) => product !== 'A')
  await stateLocalTimetables(
    engineer,
    approver,
    standing.map((each) => ({ ...each, ratedW: 0, hour: contractedHour })),
  )
  for (const { name, product } of standing) {
    const unit = units.find((each) => each.name.startsWith(name))
    if (!unit) throw new Error(`${name} has no unit`)
    const { proposalId, version } = await engineer.api.call(operations.enterStandingContract, {
      body: {
        ...term,
        fuId: unit.fuId,
        product,
        direction: 'turn-down',
        turnDownW: 10_000,
        availabilityGbpPerMwH: '12.00',
        utilisationGbpPerMwh: '280.00',
        windows,
        baselineMethod: 'recent-history',
        baselineFallback: 'nominated',
        reference: 'Framework agreement of the simulation',
      },
    })
    await approver.api.call(operations.approveProposal, { params: { id: proposalId }, version, body: {} })
  }
}

/** Lets time pass minute by minute until something is so. */
export async function passUntil(world: World, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let minute = 0; minute < 60; minute++) {
    if (await isSo()) return
    await world.clock.advanceTo(world.clock.now().plusSeconds(60))
  }
  throw new Error(`in an hour of virtual time it did not come to this: ${what}`)
}
