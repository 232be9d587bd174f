import { problemOf } from '../../../platform/http/index.ts'
import type { NewDemandTender, tenderOperations } from '../../../schemas/market/tenders.ts'
import type { Verb } from '../../kit/index.ts'
import { demandRequirementOf } from '../../planning/index.ts'
import { storeDraft } from './draft-tender.ts'
import { demandFault, demandWindows, serviceFault } from './rules/demand.ts'

/** Drafts a tender from what a run of EV demand found that a node needs, and keeps the working with it. */
export const draftDemandTender: Verb<typeof tenderOperations.draftDemandTender> = async (call) => {
  const { runId, nodeId, year, season, allowSynthetic, reinforcement, ...offered } = call.body
  const misplaced = serviceFault(call.body)
  if (misplaced) throw problemOf(misplaced)
  const { run, requirement } = await demandRequirementOf(call.db, runId, nodeId, {
    year,
    ...reinforcement,
    ...pricesOf(offered),
  })
  const windows = demandWindows(requirement, season)
  const fault = demandFault(run, { ...call.body, windows })
  if (fault) throw problemOf(fault)
  const { title: runTitle, digest, isSynthetic } = run
  const demand = { runId, runTitle, runDigest: digest ?? '', isSynthetic, season, requirement }
  return storeDraft(call, { ...offered, direction: 'turn-down', zoneNodeId: nodeId, windows }, demand)
}

/** Flexibility is costed at the ceilings: the most that the tender can come to. */
function pricesOf(offered: Pick<NewDemandTender, 'ceilingAvailabilityGbpPerMwH' | 'ceilingUtilisationGbpPerMwh'>) {
  return {
    availabilityGbpPerMwH: Number(offered.ceilingAvailabilityGbpPerMwH),
    utilisationGbpPerMwh: Number(offered.ceilingUtilisationGbpPerMwh),
  }
}
