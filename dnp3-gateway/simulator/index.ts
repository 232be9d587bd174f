export { SimulatedHub, type SimulatedHubOptions } from './hub.ts'
export { type HubSimulatorOptions, type RunningHubs, startHubSimulator } from './hubs.ts'
