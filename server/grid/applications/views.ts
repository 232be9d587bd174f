import type { ProfileApplication, ProfileVersion } from '../../../schemas/grid/profiles.ts'
import type { ProfileRecord } from '../connections/index.ts'

/** A version as the API returns it. */
export function viewVersion(row: ProfileRecord, connectionName: string): ProfileVersion {
  return {
    profileId: row.profileId,
    connectionId: row.connectionId,
    connectionName,
    version: row.version,
    state: row.state,
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    fallbackLimitW: row.fallbackLimitW,
    limits: row.limits,
    note: row.note,
    source: row.source,
    revision: row.revision,
    appliedBy: row.appliedBy,
    appliedAt: row.appliedAt?.toString() ?? null,
    editedBy: row.editedBy,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toString() ?? null,
    reason: row.reason,
    assumption: row.assumption,
  }
}

/** The editable part of a version, as it is sent and compared. */
export function viewApplication(
  row: Pick<ProfileRecord, 'validFrom' | 'validTo' | 'fallbackLimitW' | 'limits' | 'note'>,
): ProfileApplication {
  const { fallbackLimitW, limits, note } = row
  return { validFrom: row.validFrom.toString(), validTo: row.validTo.toString(), fallbackLimitW, limits, note }
}
