import type { LocalDate } from '@js-joda/core'
import type { Authority } from '../../../schemas/market/authorities.ts'
import { stateOn } from './rules.ts'
import type { AuthorityRow } from './tables.ts'

/** What the DNO sees of an authority beyond its row. */
export type SeenByDno = Pick<NonNullable<Authority['atDno']>, 'fspName' | 'connection' | 'clashes'>

/** An authority as the API shows it. @param seen what only the DNO sees; `null` for an FSP. */
export function viewAuthority(row: AuthorityRow, today: LocalDate, seen: SeenByDno | null): Authority {
  const { authorityId, applicationId, fspId, mpan, givenBy, reference, reason, appliedBy, decidedBy, endedBy } = row
  return {
    authorityId,
    applicationId,
    fspId,
    mpan,
    state: stateOn({ status: row.status, until: row.validUntil }, today),
    from: row.validFrom.toString(),
    until: row.validUntil?.toString() ?? null,
    givenBy,
    reference,
    appliedAt: row.appliedAt.toString(),
    decidedAt: row.decidedAt?.toString() ?? null,
    endedAt: row.endedAt?.toString() ?? null,
    reason,
    atDno: seen && { ...seen, appliedBy, decidedBy, endedBy },
  }
}
