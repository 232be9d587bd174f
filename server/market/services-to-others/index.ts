import { serviceToOthersOperations } from '../../../schemas/market/services-to-others.ts'
import { bind, tenantOf } from '../../kit/index.ts'
import { endServiceToOthers } from './end-service.ts'
import { registerServiceToOthers } from './register-service.ts'
import { pageOfServices } from './store.ts'

export { serviceSpans } from './store.ts'

/** Services that FUs give to others: they make event days, and may run into contracts. */
export const servicesToOthers = bind(serviceToOthersOperations, {
  registerServiceToOthers,
  endServiceToOthers,

  listServicesToOthers: ({ db, actor, query: { fuId, fspId, ...page } }) =>
    pageOfServices(db, { fuId, fspId: tenantOf(actor) ?? fspId }, page),
})
