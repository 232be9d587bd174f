import { nodeTermsOperations } from '../../../schemas/planning/node-terms.ts'
import { bind } from '../../kit/index.ts'
import { setNodeTerms } from './set-node-terms.ts'
import { termsOf } from './views.ts'

export { nodeTermsAt } from './views.ts'

/** Ceiling price and shortfall weight of network nodes. */
export const nodeTerms = bind(nodeTermsOperations, {
  readNodeTerms: ({ db, at, params }) => termsOf(db, params.nodeId, at),
  setNodeTerms,
})
