import type { Operation } from '../vocabulary/operation.ts'
import { depotAlarmOperations } from './alarms.ts'
import { brandOperations } from './brands.ts'
import { chargePointCommands } from './charge-point-commands.ts'
import { chargePointOperations } from './charge-points.ts'
import { commissioningOperations } from './commissioning.ts'
import { deliveryOperations } from './delivery.ts'
import { depotAccessOperations } from './depot-access.ts'
import { depotOperations } from './depot-api.ts'
import { depotPlanOperations } from './depot-plan.ts'
import { driverDeskOperations, driverOperations } from './drivers.ts'
import { earningsOperations } from './earnings.ts'
import { emergencyOperations } from './emergency.ts'
import { feederOperations } from './feeders.ts'
import { fspFeedOperations } from './feeds/feeds.ts'
import { fspMarketOperations } from './market.ts'
import { payrollOperations } from './payroll.ts'
import { processOperations } from './processes.ts'
import { registerGroups } from './registers/index.ts'
import { unknownOperations } from './registers/unknown.ts'
import { routeOperations } from './routes.ts'
import { socketOperations } from './sockets.ts'
import { vanOperations } from './vans.ts'

/** Every operation of the FSP's depot API. */
export const depotGroups: readonly Readonly<Record<string, Operation>>[] = [
  depotOperations,
  socketOperations,
  depotPlanOperations,
  depotAccessOperations,
  chargePointOperations,
  chargePointCommands,
  brandOperations,
  commissioningOperations,
  emergencyOperations,
  deliveryOperations,
  fspMarketOperations,
  earningsOperations,
  routeOperations,
  unknownOperations,
  depotAlarmOperations,
  feederOperations,
  fspFeedOperations,
  processOperations,
  ...Object.values(registerGroups),
]

/** Every operation that an FSP of homes has besides. */
export const homeGroups: readonly Readonly<Record<string, Operation>>[] = [
  vanOperations,
  driverDeskOperations,
  driverOperations,
  payrollOperations,
]
