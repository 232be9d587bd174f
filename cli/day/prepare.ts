import type { LocalDate } from '@js-joda/core'
import type { SimulatedClock } from '../../platform/clock/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { EstateSeed, VanUnitSeed } from '../../schemas/fsp/homes.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { operations } from '../../schemas/operations.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readNodeLoads } from '../../seeds/index.ts'
import { setTargets, uploadForecasts } from '../demo/forecasts.ts'
import { loadHistory } from '../demo/history.ts'
import {
  admitApplicants,
  approveAuthorities,
  areAnswered,
  awardTenders,
  byHand,
  enterStandingContracts,
  listContracts,
  localUnits,
  publishLocalTenders,
  publishTenders,
} from '../demo/market.ts'
import { stateLocalTimetables } from '../demo/timetables.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import type { RunningSystem } from '../system/system.ts'

/** Longest virtual time that one step may take before something must be wrong. */
const patienceMinutes = 60

/** Contracts made here hold for so many days. */
const contractDays = 30

/** For each unit that the optimiser dispatches its FSP submits a baseline, a cost and a deviation. */
const submittedKinds = 3

export interface Rehearsal {
  system: RunningSystem
  depots: readonly DepotSeed[]
  /** Estates of the homes' FSP; without them the reference FSP is alone. */
  estates?: readonly EstateSeed[]
  /** Units of homes at which vans charge, of the same FSP. */
  vanUnits?: readonly VanUnitSeed[]
  clock: SimulatedClock
  day: LocalDate
  progress(line: string): void
}

/** Registration, history, tenders and contracts from a day on, each by the person whose work it is. */
export async function prepareMarket(given: Rehearsal): Promise<{ contracts: Contract[]; engineer: PortalClient }> {
  const { system, depots, estates = [], vanUnits = [], clock, day, progress } = given
  const local = localUnits(estates, vanUnits, depots)
  const [engineer, approver] = await logInAs(system.server.url, 'flexibility-engineer')
  if (!engineer || !approver) throw new Error('a rehearsal needs two flexibility engineers')
  progress('registering the FSPs and their flexible units')
  await register(given, engineer, approver)
  progress('uploading the history of the units')
  await loadHistory(system, { depots, vanUnits }, tradingDayOf(clock.now()))
  await passUntil(clock, 'the history has been uploaded', () => areBaselinesKnown(engineer, day))
  progress('tendering')
  const gateClosesAt = clock.now().plusSeconds(patienceMinutes * 60)
  const term = { validFrom: day, validTo: day.plusDays(contractDays), gateClosesAt }
  const tenders = await publishTenders(engineer, term)
  tenders.push(...(await publishLocalTenders(engineer, local, term)))
  await passUntil(clock, 'every FSP has answered every tender', () => areAnswered(engineer, tenders))
  await awardTenders(engineer, approver, tenders)
  await stateLocalTimetables(engineer, approver, local)
  await enterStandingContracts(engineer, approver, local, term)
  return { contracts: await listContracts(engineer), engineer }
}

async function register(
  { system, depots, clock, estates = [], vanUnits = [] }: Rehearsal,
  engineer: PortalClient,
  approver: PortalClient,
): Promise<void> {
  const sites = depots.length + estates.length
  const mpans = sites + vanUnits.reduce((sum, { homes }) => sum + homes.length, 0)
  const fsps = system.homes ? 2 : 1
  let admitted = 0
  await passUntil(clock, 'the FSPs have applied', async () => {
    admitted += await admitApplicants(engineer, approver)
    return admitted === fsps
  })
  let approved = 0
  await passUntil(clock, `they have authority over ${mpans} MPANs`, async () => {
    approved += await approveAuthorities(engineer)
    return approved === mpans
  })
  const units = () => engineer.api.all(partyOperations.listFlexibleUnits, {})
  await passUntil(
    clock,
    `their units are registered, ${estates.length} estates and ${vanUnits.length} units of homes among them`,
    async () => {
      return (await units()).length === sites + vanUnits.length
    },
  )
}

async function areBaselinesKnown(engineer: PortalClient, day: LocalDate): Promise<boolean> {
  for (const { fuId } of await engineer.api.all(partyOperations.listFlexibleUnits, {})) {
    const call = { params: { id: fuId }, query: { day: day.toString() } }
    const found = await engineer.api.call(operations.readBaseline, call)
    if (found.periods.some((period) => period.energyWh === null)) return false
  }
  return true
}

/** A planner uploads a day's forecasts, and the homes' FSP submits its contracts' schedules, before the optimiser's first tick. */
export async function prepareOptimiser(given: Rehearsal, contracts: readonly Contract[]): Promise<void> {
  const { system, clock, day, progress } = given
  progress('uploading load forecasts')
  const [planner] = await logInAs(system.server.url, 'planner')
  if (!planner) throw new Error('a rehearsal needs a planner')
  const loads = await readNodeLoads()
  await setTargets(planner, loads)
  await uploadForecasts(planner, loads, day)
  const optimised = contracts.length - byHand(contracts).length
  await passUntil(clock, 'the schedules of B and C are submitted', async () => {
    const submitted = await planner.api.all(operations.listSubmittedSchedules, { query: { day: day.toString() } })
    return submitted.length === optimised * submittedKinds
  })
}

/** Lets time pass minute by minute until something is so. */
async function passUntil(clock: SimulatedClock, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let minute = 0; minute < patienceMinutes; minute++) {
    if (await isSo()) return
    await clock.advanceTo(clock.now().plusSeconds(60))
  }
  throw new Error(`in ${patienceMinutes} simulated minutes it did not come to this: ${what}`)
}
