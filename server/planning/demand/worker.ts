import { parentPort } from 'node:worker_threads'
import { computeNetwork, type NetworkInputs } from './compute-network.ts'
import { computeTrips, type TripInputs } from './compute-trips.ts'

/** What the thread of a run is given. */
export type WorkerOrder = { kind: 'trips'; inputs: TripInputs } | { kind: 'network'; inputs: NetworkInputs }

parentPort?.on('message', (order: WorkerOrder) => {
  parentPort?.postMessage(order.kind === 'trips' ? computeTrips(order.inputs) : computeNetwork(order.inputs))
})
