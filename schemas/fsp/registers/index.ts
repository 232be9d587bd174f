import { registerOperations } from './operations.ts'
import { chargePointData, depotData, evData, evTypeData, modelData, telematicsData, tokenData } from './subjects.ts'

/** The registers of the FSP, in an order in which none refers to a later one. */
export const registers = {
  depots: { name: 'depots', entry: 'depot', data: depotData, isOfDepots: false },
  models: { name: 'charge-point-models', entry: 'model of charge point', data: modelData, isOfDepots: false },
  evTypes: { name: 'ev-types', entry: 'type of vehicle', data: evTypeData, isOfDepots: false },
  telematics: { name: 'telematics', entry: 'telematics identity', data: telematicsData, isOfDepots: false },
  tokens: { name: 'tokens', entry: 'token', data: tokenData, isOfDepots: true },
  chargePoints: { name: 'charge-points', entry: 'charge point', data: chargePointData, isOfDepots: true },
  evs: { name: 'evs', entry: 'vehicle', data: evData, isOfDepots: true },
} as const
export type RegisterName = keyof typeof registers

/** The operations of each register. */
export const registerGroups = {
  depots: registerOperations(registers.depots),
  models: registerOperations(registers.models),
  evTypes: registerOperations(registers.evTypes),
  telematics: registerOperations(registers.telematics),
  tokens: registerOperations(registers.tokens),
  chargePoints: registerOperations(registers.chargePoints),
  evs: registerOperations(registers.evs),
} as const
