import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileState } from '../../../schemas/grid/connections.ts'
import type { ProfileApplication } from '../../../schemas/grid/profiles.ts'
import { isCurrent } from '../../kit/index.ts'
import { differingFields, type ProfileRecord } from '../connections/index.ts'
import { profileTransitions } from './rules.ts'
import { viewApplication } from './views.ts'

/** The state that an event leads to, or a 409 that says why it is not possible. */
export function requireState(row: ProfileRecord, event: 'amend' | 'approve' | 'reject'): ProfileState {
  const next = profileTransitions[row.state][event]
  if (next) return next
  const by = row.decidedBy ? ` by ${row.decidedBy}` : ''
  throw new ProblemError(
    'conflict',
    `Version ${row.version} is ${row.state}${by}: only an application can be changed or decided.`,
  )
}

/** Makes sure that the caller has seen the present revision (FM15). @param sent what the caller wants it to be, to show what differs. */
export function requireRevision(row: ProfileRecord, version: string | null, sent?: ProfileApplication): void {
  if (isCurrent(version, row.revision)) return
  throw new ProblemError(
    'changed-meanwhile',
    `${row.editedBy ?? 'Somebody'} changed version ${row.version} meanwhile; it is at revision ${row.revision} now. Read it again, and bring your changes into it.`,
    {
      errors: sent ? differingFields(viewApplication(row), sent) : [],
      headers: { etag: `"${row.revision}"` },
    },
  )
}
