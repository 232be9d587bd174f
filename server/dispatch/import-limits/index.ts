import { ProblemError } from '../../../platform/http/index.ts'
import { importLimitOperations } from '../../../schemas/dispatch/import-limits.ts'
import { bind, tenantOf } from '../../kit/index.ts'
import { confirmImportLimit } from './confirm-import-limit.ts'
import { saveFailSafePolicy } from './save-fail-safe-policy.ts'
import { pageOfLimits, policyOf, readLimit } from './views.ts'

export { planLimits } from './planning.ts'
export { createLimitSender } from './sending.ts'
export { limitedSpans } from './spans.ts'

/** When FSPs are sent import limits for their connections, and the limits sent. */
export const importLimits = bind(importLimitOperations, {
  readFailSafePolicy: ({ db, params: { id } }) => policyOf(db, id),
  saveFailSafePolicy,

  listImportLimits: ({ db, actor, query: { connectionId, state, ...page } }) =>
    pageOfLimits(db, { fspId: tenantOf(actor), connectionId, state }, page),

  async readImportLimit({ db, actor, params: { id } }) {
    const found = await readLimit(db, { fspId: tenantOf(actor), limitId: id })
    // FM40: to an FSP, another FSP's limit does not exist.
    if (!found) throw new ProblemError('not-found', `There is no limit ${id}.`)
    return found
  },

  confirmImportLimit,
})
