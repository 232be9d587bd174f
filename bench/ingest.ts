import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { copyField, copyInto } from '../platform/db/index.ts'
import type { MeasurementBatch, Phase, Quantity, Reading } from '../schemas/grid/measurements.ts'
import { unitOf } from '../schemas/grid/measurements.ts'
import type { RunningServer } from '../server/app/index.ts'
import type { GatewaysData, Round } from './ingest/gateways.ts'
import { type BenchHub, makeHubs, withServer } from './support/grid.ts'

const phases: readonly Phase[] = ['L1', 'L2', 'L3']
const quantities: readonly Quantity[] = ['voltage', 'current', 'active-power', 'reactive-power']

/** Gateways that send in parallel, each one post at a time: what a large fleet has, and a single gateway with a backlog does not. */
const gateways = 4

/** Polls that a gateway sends in one post. */
const pollsPerPost = 4

/** A hub's measurements at an instant: 50 points. */
function readingsAt(atMs: number): Reading[] {
  const receivedTime = new Date(atMs).toISOString()
  const reading = (feeder: number, phase: Phase, quantity: Quantity, value: number): Reading => ({
    feeder,
    phase,
    quantity,
    value,
    unit: unitOf[quantity],
    quality: 'good',
    deviceTime: null,
    receivedTime,
  })
  return [
    ...[1, 2, 3, 4].flatMap((feeder) =>
      phases.flatMap((phase) => quantities.map((quantity, q) => reading(feeder, phase, quantity, 230.5 + q * feeder))),
    ),
    reading(0, 'none', 'temperature', 21.25),
    reading(0, 'none', 'status', 1),
  ]
}

/** A bare COPY of batches into the measurement table, in pieces as large as the posts: the most that this machine can do. */
async function copyBare({ context }: RunningServer, posts: readonly MeasurementBatch[][]): Promise<number> {
  const lines = posts.map((batches) =>
    batches.flatMap(({ hubId, sequence, readings }) =>
      readings.map((r) =>
        [hubId, r.feeder, r.phase, r.quantity, r.value, r.quality, r.deviceTime, r.receivedTime, sequence]
          .map(copyField)
          .join('\t'),
      ),
    ),
  )
  const startedAt = performance.now()
  for (const piece of lines)
    await context.db.transaction((tx) =>
      copyInto(
        tx,
        'measurement (hub_id, feeder, phase, quantity, value, quality, device_time, received_time, sequence)',
        piece,
      ),
    )
  return performance.now() - startedAt
}

/** The same rows through the API: HTTP, token, contract, ledger, newest values, compliance; gateways in parallel. */
async function postAll(fleet: Worker, postsOf: ReadonlyMap<string, MeasurementBatch[][]>): Promise<number> {
  const encoder = new TextEncoder()
  const round: Round = new Map(
    [...postsOf].map(([id, posts]) => [id, posts.map((batches) => encoder.encode(JSON.stringify({ batches })))]),
  )
  fleet.postMessage(
    round,
    [...round.values()].flatMap((bodies) => bodies.map((body) => body.buffer)),
  )
  const [ms] = (await once(fleet, 'message')) as [number]
  return ms
}

function postsOf(
  hubs: readonly BenchHub[],
  polls: number,
  firstSequence: number,
  startMs: number,
): MeasurementBatch[][] {
  const posts: MeasurementBatch[][] = []
  for (let poll = 0; poll < polls; poll += pollsPerPost) {
    const batches = hubs.flatMap(({ hubId }) =>
      Array.from({ length: pollsPerPost }, (_, n) => ({
        hubId,
        sequence: firstSequence + poll + n,
        readings: readingsAt(startMs + (poll + n) * 60_000),
      })),
    )
    posts.push(batches)
  }
  return posts
}

/**
 * Rows a second through the ingestion API, over a bare COPY of the same rows into the same table in the same run. The two take turns,
 * so that neither has the emptier table. Goal: ratio ≥ 0.5.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const [hubCount, polls, rounds] = [
    Number(options['hubs'] ?? 100),
    Number(options['polls'] ?? 16),
    Number(options['rounds'] ?? 3),
  ]
  return withServer(async (server) => {
    const hubs = await makeHubs(server.context.db, hubCount, gateways)
    const byGateway = Map.groupBy(hubs, (hub) => hub.gatewayId)
    const workerData: GatewaysData = { publicUrl: server.publicUrl, gatewayIds: [...byGateway.keys()] }
    const fleet = new Worker(new URL('./ingest/gateways.ts', import.meta.url), { workerData })
    const startMs = Math.floor(Date.now() / 60_000) * 60_000 - rounds * 2 * polls * 60_000
    let [apiMs, copyMs, sequence, rows] = [0, 0, 1, 0]
    for (let round = -1; round < rounds; round++) {
      const at = startMs + Math.max(0, round) * 2 * polls * 60_000
      const posts = new Map([...byGateway].map(([id, own]) => [id, postsOf(own, polls, sequence, at)]))
      const api = await postAll(fleet, posts)
      const bare = await copyBare(server, [...posts.values()].flat())
      sequence += polls
      // The first round warms both up.
      if (round < 0) continue
      apiMs += api
      copyMs += bare
      rows += hubCount * polls * 50
    }
    await fleet.terminate()
    const [apiRate, copyRate] = [(rows / apiMs) * 1000, (rows / copyMs) * 1000]
    return {
      hubs: hubCount,
      rows,
      apiRowsPerS: Math.round(apiRate),
      copyRowsPerS: Math.round(copyRate),
      ratio: Number((apiRate / copyRate).toFixed(3)),
      goal: 0.5,
    }
  })
}
