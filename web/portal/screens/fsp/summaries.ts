import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import type { SubmittedSchedule } from '../../../../schemas/market/submissions.ts'
import type { Tender, TenderResponse } from '../../../../schemas/market/tenders.ts'
import type { ContractTerms } from '../../../../schemas/settlement/statements.ts'
import { count } from '../../../shared/format/power.ts'
import type { Tone } from '../../../shared/format/words.ts'

/** Open tenders that one has not answered, the gate that closes first at the head. `responses`: one’s own, by tender. */
export function toAnswer(
  tenders: readonly Tender[],
  responses: ReadonlyMap<string, readonly TenderResponse[]>,
  now: number,
): Tender[] {
  return tenders
    .filter((t) => t.state === 'open' && Date.parse(t.gateClosesAt) > now && responses.get(t.tenderId)?.length === 0)
    .sort((a, b) => Date.parse(a.gateClosesAt) - Date.parse(b.gateClosesAt))
}

/** FUs with a contract on a day, and which schedules of that day are there. */
export function scheduleRows(
  units: readonly FlexibleUnit[],
  contracts: readonly Contract[],
  submitted: readonly SubmittedSchedule[],
  day: string,
) {
  const contracted = new Set(contracts.filter((c) => c.validFrom <= day && day <= c.validTo).map((c) => c.fuId))
  return units
    .filter((unit) => contracted.has(unit.fuId))
    .map((unit) => ({
      ...unit,
      kinds: new Set(submitted.filter((each) => each.fuId === unit.fuId).map((each) => each.kind)),
    }))
    .sort((a, b) => a.kinds.size - b.kinds.size || (a.name < b.name ? -1 : 1))
}

/**
 * FUs with a contract on a day that is settled by the FSP’s own baseline: only there does a missing one cost money. `terms`: of all
 * contracts.
 */
export function nominatedUnits(
  contracts: readonly Contract[],
  terms: readonly ContractTerms[],
  day: string,
): ReadonlySet<string> {
  const nominated = new Set(terms.filter((each) => each.terms.baselineMethod === 'nominated').map((t) => t.contractId))
  const own = contracts.filter((c) => c.validFrom <= day && day <= c.validTo && nominated.has(c.contractId))
  return new Set(own.map(({ fuId }) => fuId))
}

/** What waits for the FSP’s people, in a line. */
export function fspInWords(given: { tenders: number; withoutBaseline: number; outOfService: number; held: number }): {
  tone: Tone
  text: string
} {
  const parts = [
    given.tenders > 0 ? `${count(given.tenders, 'tender')} to respond to` : null,
    given.withoutBaseline > 0 ? `${count(given.withoutBaseline, 'FU')} without your baseline for tomorrow` : null,
    given.outOfService > 0 ? `${count(given.outOfService, 'FU')} out of service` : null,
    given.held > 0 ? `${count(given.held, 'meter upload')} held` : null,
  ].filter((part) => part !== null)
  if (parts.length === 0) return { tone: 'normal', text: 'Nothing needs your action.' }
  return { tone: 'risk', text: `${parts.join('; ')}.` }
}
