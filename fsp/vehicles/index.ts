export { type VehicleReading, VehicleReadings } from './readings.ts'
