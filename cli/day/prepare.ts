import type { LocalDate } from '@js-joda/core'
import type { SimulatedClock } from '../../platform/clock/index.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { partyOperations } from '../../schemas/market/parties.ts'
import { operations } from '../../schemas/operations.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { loadHistory } from '../demo/history.ts'
import { admitApplicants, answeredTenders, approveAuthorities, awardTenders, publishTenders } from '../demo/market.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import type { RunningSystem } from '../system/system.ts'

/** Longest virtual time that one step may take before something must be wrong. */
const patienceMinutes = 60

/** Contracts made here hold for so many days. */
const contractDays = 30

/** Registration, history, tender and contracts from a day on, each by the person whose work it is. */
export async function prepareMarket(given: {
  system: RunningSystem
  depots: readonly DepotSeed[]
  clock: SimulatedClock
  day: LocalDate
  progress(line: string): void
}): Promise<{ contracts: Contract[]; engineer: PortalClient }> {
  const { system, depots, clock, day, progress } = given
  const [engineer, approver] = await logInAs(system.server.url, 'flexibility-engineer')
  if (!engineer || !approver) throw new Error('a rehearsal needs two flexibility engineers')
  progress('registering the FSP and its flexible units')
  await passUntil(clock, 'the FSP has applied', async () => (await admitApplicants(engineer, approver)) > 0)
  let approved = 0
  await passUntil(clock, 'it has authority over the MPANs of its depots', async () => {
    approved += await approveAuthorities(engineer)
    return approved === depots.length
  })
  const units = () => engineer.api.all(partyOperations.listFlexibleUnits, {})
  await passUntil(clock, 'its units are registered', async () => (await units()).length === depots.length)
  progress('uploading the history of the units')
  await loadHistory(system, depots, tradingDayOf(clock.now()))
  const baselinesKnown = async () => {
    for (const { fuId } of await units()) {
      const found = await engineer.api.call(operations.readBaseline, {
        params: { id: fuId },
        query: { day: day.toString() },
      })
      if (found.periods.some((period) => period.energyWh === null)) return false
    }
    return true
  }
  await passUntil(clock, 'the history has been uploaded', baselinesKnown)
  progress('tendering')
  const gateClosesAt = clock.now().plusSeconds(patienceMinutes * 60)
  const tenders = await publishTenders(engineer, { validFrom: day, validTo: day.plusDays(contractDays), gateClosesAt })
  const allAnswered = async () => (await answeredTenders(engineer, tenders)) === tenders.length
  await passUntil(clock, 'every tender is answered', allAnswered)
  return { contracts: await awardTenders(engineer, approver, tenders), engineer }
}

/** Lets time pass minute by minute until something is so. */
async function passUntil(clock: SimulatedClock, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let minute = 0; minute < patienceMinutes; minute++) {
    if (await isSo()) return
    await clock.advanceTo(clock.now().plusSeconds(60))
  }
  throw new Error(`in ${patienceMinutes} simulated minutes it did not come to this: ${what}`)
}
