import { accessApi } from '../access/index.ts'
import { unknownParts } from '../app/charge-points.ts'
import type { FspContext } from '../app/context.ts'
import { brandApi, chargePointApi, chargePointCommandApi } from '../chargepoints/index.ts'
import { feedApi } from '../feeds/index.ts'
import type { ControlDoor } from '../flexibility/index.ts'
import { payrollApi } from '../payroll/index.ts'
import { registerApi, unknownApi } from '../registers/index.ts'
import { driverApi, driverDeskApi, vanApi } from '../vans/index.ts'
import type { VanParts } from './vans.ts'

/** Binds what people, programs and drivers use of an FSP of homes. */
export function serveVans(context: FspContext, vans: VanParts, api: ControlDoor['api']): void {
  const { access, links } = vans
  const entrance = access.entrance()
  api.route('/', accessApi(access))
  api.route('/', registerApi(context, entrance))
  api.route('/', unknownApi(unknownParts(context, vans), entrance))
  api.route('/', chargePointApi(context, entrance, vans))
  api.route('/', chargePointCommandApi(context, entrance, vans))
  api.route('/', brandApi(context, entrance, vans))
  api.route('/', feedApi(context, vans.feeds, entrance))
  api.route('/', vanApi(context, { ...vans, context }, entrance))
  api.route('/', driverDeskApi(context, vans, entrance))
  api.route('/', payrollApi(context, vans, entrance))
  api.route('/', driverApi(context, vans, links.entrance(entrance.record)))
}
