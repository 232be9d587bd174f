import type { Operation } from '../vocabulary/operation.ts'
import { chargePointCommands } from './charge-point-commands.ts'
import { chargePointOperations } from './charge-points.ts'
import { commissioningOperations } from './commissioning.ts'
import { depotAccessOperations } from './depot-access.ts'
import { depotOperations } from './depot-api.ts'
import { emergencyOperations } from './emergency.ts'
import { registerGroups } from './registers/index.ts'
import { unknownOperations } from './registers/unknown.ts'
import { routeOperations } from './routes.ts'

/** Every operation of the FSP's depot API. */
export const depotGroups: readonly Readonly<Record<string, Operation>>[] = [
  depotOperations,
  depotAccessOperations,
  chargePointOperations,
  chargePointCommands,
  commissioningOperations,
  emergencyOperations,
  routeOperations,
  unknownOperations,
  ...Object.values(registerGroups),
]
