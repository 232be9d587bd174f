export { feederApi } from './api.ts'
export { FeederLoads } from './feeder-loads.ts'
export {
  type Channel,
  type ChannelReading,
  derivedPowerW,
  type FeederLoad,
  type OtherLoad,
  otherLoadOf,
} from './rules.ts'
