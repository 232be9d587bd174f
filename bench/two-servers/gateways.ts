import { parentPort, workerData } from 'node:worker_threads'
import { ServerClient } from '../../dnp3-gateway/delivery/server-client.ts'
import { type MeasurementBatch, unitOf } from '../../schemas/grid/measurements.ts'
import { type BenchHub, benchSecret } from '../support/grid.ts'

/** What a worker starts with. */
export interface GatewaysData {
  publicUrl: string
  hubs: readonly BenchHub[]
}

/** A stretch of sending: it begins when it is asked for, and ends by the clock. */
export interface Stretch {
  seconds: number
}

/** What came of a stretch: what the server has acknowledged of each hub since the beginning, and this stretch's readings and calls. */
export interface Sent {
  acknowledged: ReadonlyMap<string, number>
  readings: number
  elapsedMs: number
  failedCalls: number
}

const pollsPerPost = 4
const phases = ['L1', 'L2', 'L3'] as const
const quantities = ['voltage', 'current', 'active-power', 'reactive-power'] as const

/**
 * The benchmark's gateways, with the real gateway's client, each one post at a time. A post that fails is sent again until it is acknowledged, as
 * a gateway does from its spool.
 */
const { publicUrl, hubs } = workerData as GatewaysData
const byGateway = [...Map.groupBy(hubs, ({ gatewayId }) => gatewayId)]
const clients = byGateway.map(([clientId, own]) => ({
  client: new ServerClient(publicUrl, clientId, benchSecret),
  own,
}))
const acknowledged = new Map(hubs.map(({ hubId }) => [hubId, 0]))
const startMs = Date.now() - 86_400_000

/** A hub's measurements at an instant: 48 points. */
function batchOf(hubId: string, sequence: number): MeasurementBatch {
  const receivedTime = new Date(startMs + sequence * 1_000).toISOString()
  const readings = [1, 2, 3, 4].flatMap((feeder) =>
    phases.flatMap((phase) =>
      quantities.map((quantity, q) => ({
        feeder,
        phase,
        quantity,
        value: 230.5 + q * feeder,
        unit: unitOf[quantity],
        quality: 'good' as const,
        deviceTime: null,
        receivedTime,
      })),
    ),
  )
  return { hubId, sequence, readings }
}

parentPort?.on('message', async ({ seconds }: Stretch) => {
  const begun = performance.now()
  let [readings, failedCalls] = [0, 0]
  await Promise.all(
    clients.map(async ({ client, own }) => {
      while (performance.now() - begun < seconds * 1_000) {
        const next = own.flatMap(({ hubId }) => {
          const last = acknowledged.get(hubId) ?? 0
          return Array.from({ length: pollsPerPost }, (_, n) => batchOf(hubId, last + 1 + n))
        })
        const answer = await client.postBatches(next.map((batch) => JSON.stringify(batch)))
        if (!answer.ok) {
          failedCalls++
          await new Promise((resolve) => setTimeout(resolve, 100))
          continue
        }
        for (const { hubId, storedSequence } of answer.value.hubs) acknowledged.set(hubId, storedSequence)
        readings += next.reduce((sum, batch) => sum + batch.readings.length, 0)
      }
    }),
  )
  parentPort?.postMessage({ acknowledged, readings, elapsedMs: performance.now() - begun, failedCalls } satisfies Sent)
})
