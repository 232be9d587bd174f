import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileState } from '../../../schemas/grid/connections.ts'
import type { ProfileApplication } from '../../../schemas/grid/profiles.ts'
import { isCurrent } from '../../kit/index.ts'
import { differingFields, type ProfileRecord } from '../connections/index.ts'
import { profileTransitions } from './rules.ts'
import { viewApplication } from './views.ts'

/** The state after an event, or a 409 that explains why the event is not possible. */
export function requireState(row: ProfileRecord, event: 'amend' | 'approve' | 'reject'): ProfileState {
  const next = profileTransitions[row.state][event]
  if (next) return next
  const by = row.decidedBy ? ` by ${row.decidedBy}` : ''
  throw new ProblemError(
    'conflict',
    `Version ${row.version} is ${row.state}${by}: only an application can be changed or decided.`,
  )
}

/** Requires that the caller has seen the present revision (FM15). @param sent the version that the caller sent, to show what differs. */
export function requireRevision(row: ProfileRecord, version: string | null, sent?: ProfileApplication): void {
  if (isCurrent(version, row.revision)) return
  throw new ProblemError(
    'changed-meanwhile',
    `${row.editedBy ?? 'Somebody'} changed version ${row.version} meanwhile; it is now at revision ${row.revision}. Read it again and reapply your changes.`,
    {
      errors: sent ? differingFields(viewApplication(row), sent) : [],
      headers: { etag: `"${row.revision}"` },
    },
  )
}
