export { Metering } from './service.ts'
export { uploadReadings } from './upload.ts'
