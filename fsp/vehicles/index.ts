export { horizonEnd, needOf, runsBetween, type VehicleNeed } from './needs.ts'
export { type VehicleReading, VehicleReadings } from './readings.ts'
export { chargeEfficiency, type StateOfCharge, stateOfCharge } from './state-of-charge.ts'
export { vehicleReading } from './tables.ts'
