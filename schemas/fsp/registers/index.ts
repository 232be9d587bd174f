import {
  depotOptionsData,
  evScheduleData,
  flexibilityEventData,
  priorityWeightsData,
  profiledConnectionData,
  tariffPeriodData,
} from './calendars.ts'
import { areaData, driverData, excludedPlaceData, homeData, homeUnitData, vehicleDriverData } from './homes.ts'
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
  evSchedules: { name: 'ev-schedules', entry: 'schedule of a vehicle', data: evScheduleData, isOfDepots: true },
  profiledConnections: {
    name: 'profiled-connections',
    entry: 'profiled connection',
    data: profiledConnectionData,
    isOfDepots: true,
  },
  flexibilityEvents: {
    name: 'flexibility-events',
    entry: 'flexibility event',
    data: flexibilityEventData,
    isOfDepots: true,
  },
  tariffPeriods: { name: 'tariff-periods', entry: 'tariff period', data: tariffPeriodData, isOfDepots: true },
  depotOptions: { name: 'depot-options', entry: 'set of options of a depot', data: depotOptionsData, isOfDepots: true },
  priorityWeights: {
    name: 'priority-weights',
    entry: 'set of weights',
    data: priorityWeightsData,
    isOfDepots: false,
  },
  areas: { name: 'areas', entry: 'area', data: areaData, isOfDepots: false },
  excludedPlaces: { name: 'excluded-places', entry: 'excluded place', data: excludedPlaceData, isOfDepots: false },
  homeUnits: { name: 'home-units', entry: 'unit of homes', data: homeUnitData, isOfDepots: true },
  homes: { name: 'homes', entry: 'home', data: homeData, isOfDepots: true },
  drivers: { name: 'drivers', entry: 'driver', data: driverData, isOfDepots: true },
  vehicleDrivers: { name: 'vehicle-drivers', entry: 'driver of a vehicle', data: vehicleDriverData, isOfDepots: true },
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
  evSchedules: registerOperations(registers.evSchedules),
  profiledConnections: registerOperations(registers.profiledConnections),
  flexibilityEvents: registerOperations(registers.flexibilityEvents),
  tariffPeriods: registerOperations(registers.tariffPeriods),
  depotOptions: registerOperations(registers.depotOptions),
  priorityWeights: registerOperations(registers.priorityWeights),
  areas: registerOperations(registers.areas),
  excludedPlaces: registerOperations(registers.excludedPlaces),
  homeUnits: registerOperations(registers.homeUnits),
  homes: registerOperations(registers.homes),
  drivers: registerOperations(registers.drivers),
  vehicleDrivers: registerOperations(registers.vehicleDrivers),
} as const
