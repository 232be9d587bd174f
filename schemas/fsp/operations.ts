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
import { driverDeskOperations } from './drivers.ts'
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

/** Every operation that people of an FSP have, under its own name, for clients; those of registers by register. */
export const fspOperations = {
  ...depotOperations,
  ...socketOperations,
  ...depotPlanOperations,
  ...depotAccessOperations,
  ...chargePointOperations,
  ...chargePointCommands,
  ...brandOperations,
  ...commissioningOperations,
  ...emergencyOperations,
  ...deliveryOperations,
  ...fspMarketOperations,
  ...earningsOperations,
  ...routeOperations,
  ...unknownOperations,
  ...depotAlarmOperations,
  ...feederOperations,
  ...fspFeedOperations,
  ...processOperations,
  ...vanOperations,
  ...driverDeskOperations,
  ...payrollOperations,
  registers: registerGroups,
} satisfies Readonly<Record<string, Operation | Readonly<Record<string, Readonly<Record<string, Operation>>>>>>
