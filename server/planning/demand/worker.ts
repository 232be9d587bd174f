import { parentPort } from 'node:worker_threads'
import { hundredths, type Said } from '../../../platform/workers/index.ts'
import { computeNetwork, type NetworkInputs, type NetworkResult } from './compute-network.ts'
import { computeTrips, type TripInputs, type TripResult } from './compute-trips.ts'

/** What the thread of a run is given. */
export type WorkerOrder = { kind: 'trips'; inputs: TripInputs } | { kind: 'network'; inputs: NetworkInputs }

const say = (said: Said<TripResult | NetworkResult>) => parentPort?.postMessage(said)

parentPort?.on('message', ({ kind, inputs }: WorkerOrder) => {
  const note = hundredths((progress) => say({ progress }))
  say({ answer: kind === 'trips' ? computeTrips(inputs, note) : computeNetwork(inputs, note) })
})
