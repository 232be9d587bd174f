import { deliveryOperations } from '../../../schemas/dispatch/delivery.ts'
import { bind } from '../../kit/index.ts'
import { listDeliverySeen } from './list-delivery-seen.ts'

export { deliveryNow } from './following.ts'
export { watchDelivery } from './watch-delivery.ts'

/** Delivery as the DNO sees it while it runs. */
export const delivery = bind(deliveryOperations, { listDeliverySeen })
