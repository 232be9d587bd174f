import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { accountOperations } from '../../schemas/access/accounts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { readDepots, readPeople } from '../../seeds/index.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import type { RunningSystem } from '../system/system.ts'
import { loadHistory } from './history.ts'
import {
  admitApplicants,
  answeredTenders,
  approveAuthorities,
  awardTenders,
  hasSchedule,
  listContracts,
  publishTenders,
  scheduleContracts,
} from './market.ts'

/** The demo's contracts hold for so many days from the day on which they were made. */
const contractDays = 365

/** The tender's gate stays open this long: the simulated FSP answers within a minute or two. */
const gateMinutes = 30

/**
 * Does for the demo, minute by minute, what people would do at the portal: admits the FSP, approves its authority over the depots' MPANs, gives its units a history, runs one tender
 * to contracts, and enters manual schedules for today and tomorrow. Every step looks at what is there, so that a restart goes on where
 * it was, and what a visitor has done by hand stays.
 */
export function keepDemoMarket(given: { system: RunningSystem; clock: Clock; log: Log }): Timer {
  const { system, clock, log } = given
  let tenders: string[] = []
  let people: { engineer: PortalClient; approver: PortalClient } | null = null
  let isFspUserKnown = false
  return clock.every('demo-market', 60_000, async (at) => {
    people ??= await logIn(system.server.url)
    const { engineer, approver } = people
    const today = tradingDayOf(at)
    if ((await admitApplicants(engineer, approver)) > 0) log.info('demo: FSP admitted')
    if ((await approveAuthorities(engineer)) > 0) log.info('demo: authority over MPANs approved')
    if (!isFspUserKnown) isFspUserKnown = await admitFspUser(system.server.url, engineer)
    const units = await engineer.api.all(partyOperations.listFlexibleUnits, {})
    const { depots } = await readDepots()
    if (units.length < depots.length) return
    await loadHistory(system, depots, today)
    const contracts = await listContracts(engineer)
    if (contracts.length === 0 && tenders.length === 0) {
      const gateClosesAt = at.plusSeconds(gateMinutes * 60)
      tenders = await publishTenders(engineer, {
        validFrom: today,
        validTo: today.plusDays(contractDays),
        gateClosesAt,
      })
    } else if (contracts.length === 0) {
      if ((await answeredTenders(engineer, tenders)) === tenders.length) await awardTenders(engineer, approver, tenders)
    }
    for (const day of [today, today.plusDays(1)]) {
      const missing = []
      for (const each of contracts) if (!(await hasSchedule(engineer, each.fuId, day))) missing.push(each)
      await scheduleContracts(engineer, missing, day)
    }
  })
}

async function logIn(serverUrl: string): Promise<{ engineer: PortalClient; approver: PortalClient }> {
  const [engineer, approver] = await logInAs(serverUrl, 'flexibility-engineer')
  if (!engineer || !approver) throw new Error('the demo needs two flexibility engineers')
  return { engineer, approver }
}

/** Gives the FSP’s person an account, once there is the FSP; `true` when that is so. */
async function admitFspUser(serverUrl: string, engineer: PortalClient): Promise<boolean> {
  const user = (await readPeople()).find(({ roles }) => roles.includes('fsp-user'))
  const fsps = await engineer.api.all(partyOperations.listFsps, {})
  const accepted = fsps.find(({ status }) => status === 'accepted')
  if (!user || !accepted) return false
  const [administrator] = await logInAs(serverUrl, 'administrator')
  if (!administrator) return false
  const { username, ...account } = user
  const call = { params: { username }, body: { ...account, fspId: accepted.fspId } }
  await administrator.api.call(accountOperations.changeAccount, call)
  return true
}
