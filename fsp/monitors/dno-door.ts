import { createOutboundFetch } from '../../platform/http/index.ts'
import { createTokenSource, fetchWithToken } from '../../platform/oauth/index.ts'
import { type BatchReceipt, type MeasurementBatch, measurementOperations } from '../../schemas/grid/measurements.ts'
import { type ApiClient, createClient } from '../../schemas/vocabulary/client.ts'
import { type DnoOutcome, outcomeOf } from '../flexibility/index.ts'
import type { SiteMonitor } from './tables.ts'

/** Longest time that the DNO may take to answer. */
const answerTimeoutMs = 20_000

const outbound = createOutboundFetch({ isForbidden: null, maxBytes: 1024 * 1024, deadlineMs: answerTimeoutMs })

/** The DNO's API as the client of one monitor: another client than the FSP's, and it may write for its monitor only. */
export class MonitorDoor {
  readonly #client: ApiClient

  constructor(dnoUrl: string, monitor: Pick<SiteMonitor, 'tokenEndpoint' | 'clientId'>, secret: string) {
    const { tokenEndpoint, clientId } = monitor
    const authentication = { method: 'client_secret_basic' as const, secret }
    const base = dnoUrl.replace(/\/+$/, '')
    const tokens = createTokenSource(
      { issuer: issuerOf(tokenEndpoint), tokenEndpoint, clientId, scope: 'gateway', authentication },
      outbound,
    )
    this.#client = createClient(({ path, init }) => fetchWithToken(tokens, `${base}/api${path}`, init, outbound))
  }

  /** Sends a batch; one that the DNO has stored before is acknowledged again. */
  post(batch: MeasurementBatch): Promise<DnoOutcome<BatchReceipt>> {
    return outcomeOf(() => this.#client.call(measurementOperations.storeMeasurements, { body: { batches: [batch] } }))
  }
}

/** The issuer of a token endpoint of the DNO: its path without the last part. */
function issuerOf(tokenEndpoint: string): string {
  return tokenEndpoint.replace(/\/token$/, '')
}
