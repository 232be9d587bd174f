import { depotCompany } from '../../fsp/index.ts'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { accountOperations } from '../../schemas/access/accounts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readDepots, readEstates, readNodeLoads, readPeople, readVanUnits } from '../../seeds/index.ts'
import { readNorthbank } from '../../seeds/lived-in/northbank.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import type { RunningSystem } from '../system/system.ts'
import { arrange } from './arrangements.ts'
import { setTargets, uploadForecasts } from './forecasts.ts'
import { loadHistory } from './history.ts'
import {
  admitApplicants,
  approveAuthorities,
  areAnswered,
  awardTenders,
  byHand,
  enterStandingContracts,
  hasSchedule,
  listContracts,
  localUnits,
  publishLocalTenders,
  publishTenders,
  scheduleContracts,
  unawardedTenders,
} from './market.ts'
import { pastSecret } from './past/company.ts'
import { declineTenders } from './past/decline.ts'
import { stateLocalTimetables } from './timetables.ts'

/** The demo's contracts hold for so many days from the day on which they were made. */
const contractDays = 365

/** The tender's gate stays open this long: the simulated FSP answers within a minute or two. */
const gateMinutes = 30

/**
 * Does for the demo, minute by minute, what people would do at the portal: admits the FSPs, approves their authority over MPANs, gives the
 * depots' units a history, runs tenders to contracts, enters manual schedules for product A, uploads load forecasts for the optimiser, for
 * today and tomorrow, and arranges what a DNO has beside that. Every step looks at what is there, so that a restart goes on where it was, and
 * what a visitor has done by hand stays.
 */
export function keepDemoMarket(given: { system: RunningSystem; dataFolder: string; clock: Clock; log: Log }): Timer {
  const { system, dataFolder, clock, log } = given
  const tenders: string[] = []
  let people: DemoPeople | null = null
  let [isFspUserKnown, isArranged] = [false, false]
  return clock.every('demo-market', 60_000, async (at) => {
    people ??= await logIn(system.server.url)
    const { engineer, approver, planner } = people
    const today = tradingDayOf(at)
    if ((await admitApplicants(engineer, approver)) > 0) log.info('demo: FSPs admitted')
    if ((await approveAuthorities(engineer)) > 0) log.info('demo: authority over MPANs approved')
    if (!isFspUserKnown) isFspUserKnown = await admitFspUser(system.server.url, engineer)
    const isOurs = await ownFsps(engineer)
    const units = (await engineer.api.all(partyOperations.listFlexibleUnits, {})).filter(isOurs)
    const [{ depots }, estates, loads] = [await readDepots(), await readEstates(), await readNodeLoads()]
    const vanUnits = system.vans ? await readVanUnits() : []
    const local = localUnits(estates, vanUnits, depots)
    await setTargets(planner, loads)
    for (const day of [today, today.plusDays(1)]) await uploadForecasts(planner, loads, day)
    if (units.length < depots.length + estates.length + vanUnits.length) return
    await loadHistory(system, { depots, vanUnits }, today)
    const contracts = (await listContracts(engineer)).filter(isOurs)
    const span = { validFrom: today, validTo: today.plusDays(contractDays) }
    if (tenders.length === 0) {
      const term = { ...span, gateClosesAt: at.plusSeconds(gateMinutes * 60) }
      const isContracted = (product: string) => contracts.some((contract) => contract.product === product)
      const atPeak = () => publishTenders(engineer, term)
      const atNodes = () => publishLocalTenders(engineer, local, term)
      if (!isContracted('A')) tenders.push(...(await publishedOr(engineer, 'A', atPeak)))
      if (!isContracted('B')) tenders.push(...(await publishedOr(engineer, 'B', atNodes)))
      await declineTenders(system.server, engineer, await pastSecret(dataFolder, log), tenders)
    } else if (await areAnswered(engineer, tenders)) {
      await awardTenders(engineer, approver, tenders.splice(0))
    }
    await stateLocalTimetables(engineer, approver, local)
    await enterStandingContracts(engineer, approver, local, span)
    for (const day of [today, today.plusDays(1)]) {
      const missing = []
      for (const each of byHand(contracts)) if (!(await hasSchedule(engineer, each.fuId, day))) missing.push(each)
      await scheduleContracts(engineer, missing, day)
    }
    if (!isArranged && (await arrange(system.server.url, at, vanUnits)) > 0) log.info('demo: arrangements made')
    isArranged = true
  })
}

/** The tenders for a product that an earlier start left; where there are none, new ones. */
async function publishedOr(
  engineer: PortalClient,
  product: 'A' | 'B',
  publish: () => Promise<string[]>,
): Promise<string[]> {
  const left = await unawardedTenders(engineer, product)
  return left.length > 0 ? left : publish()
}

/** Says of what belongs to an FSP whether that FSP is at work: the company of the demo's past has no process that bids or answers. */
async function ownFsps(engineer: PortalClient): Promise<(of: { fspId: string }) => boolean> {
  const { companyName } = await readNorthbank()
  const fsps = await engineer.api.all(partyOperations.listFsps, {})
  const past = new Set(fsps.filter((fsp) => fsp.companyName === companyName).map(({ fspId }) => fspId))
  return ({ fspId }) => !past.has(fspId)
}

interface DemoPeople {
  engineer: PortalClient
  approver: PortalClient
  planner: PortalClient
}

async function logIn(serverUrl: string): Promise<DemoPeople> {
  const [engineer, approver] = await logInAs(serverUrl, 'flexibility-engineer')
  const [planner] = await logInAs(serverUrl, 'planner')
  if (!engineer || !approver || !planner) throw new Error('the demo needs a planner and two flexibility engineers')
  return { engineer, approver, planner }
}

/** Gives the reference FSP’s person an account, once there is the FSP; `true` when that is so. */
async function admitFspUser(serverUrl: string, engineer: PortalClient): Promise<boolean> {
  const user = (await readPeople()).find(({ roles }) => roles.includes('fsp-user'))
  const fsps = await engineer.api.all(partyOperations.listFsps, {})
  const accepted = fsps.find((each) => each.status === 'accepted' && each.companyName === depotCompany.companyName)
  if (!user || !accepted) return false
  const [administrator] = await logInAs(serverUrl, 'administrator')
  if (!administrator) return false
  const { username, ...account } = user
  const call = { params: { username }, body: { ...account, fspId: accepted.fspId } }
  await administrator.api.call(accountOperations.changeAccount, call)
  return true
}
