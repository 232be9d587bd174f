import { parentPort, workerData } from 'node:worker_threads'
import { createTokenSource, fetchWithToken, type TokenSource } from '../../platform/oauth/index.ts'
import { measurementOperations } from '../../schemas/grid/measurements.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import { benchSecret } from '../support/grid.ts'

/** What a worker starts with, and what it gets for each round: the bodies of each gateway's posts. */
export interface GatewaysData {
  publicUrl: string
  gatewayIds: readonly string[]
}
export type Round = ReadonlyMap<string, readonly Uint8Array<ArrayBuffer>[]>

/**
 * The benchmark's gateways, on a thread of their own, because real ones do not run in the server's process. Each sends its posts one
 * after another, like a gateway with a backlog, in parallel with the others. Answers each round with its time in ms.
 */
const { publicUrl, gatewayIds } = workerData as GatewaysData
const sources = new Map(
  gatewayIds.map((clientId) => [
    clientId,
    createTokenSource({
      issuer: `${publicUrl}/oidc`,
      tokenEndpoint: `${publicUrl}/oidc/token`,
      clientId,
      authentication: { method: 'client_secret_basic', secret: benchSecret },
      scope: 'gateway',
    }),
  ]),
)

async function send(source: TokenSource, bodies: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  const { path, init } = requestOf(
    measurementOperations.storeMeasurements,
    {},
    { headers: { 'content-type': 'application/json' } },
  )
  for (const body of bodies) {
    const answer = await fetchWithToken(source, `${publicUrl}/api${path}`, { ...init, body })
    if (answer.status !== 200) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`)
    await answer.body?.cancel()
  }
}

parentPort?.on('message', async (round: Round) => {
  await Promise.all([...sources.values()].map((source) => source.get()))
  const startedAt = performance.now()
  await Promise.all([...sources].map(([id, source]) => send(source, round.get(id) ?? [])))
  parentPort?.postMessage(performance.now() - startedAt)
})
