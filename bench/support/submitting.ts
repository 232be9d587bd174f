import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { Database } from '../../platform/db/index.ts'
import { createTokenSource, type TokenSource } from '../../platform/oauth/index.ts'
import { submissionOperations } from '../../schemas/market/submissions.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import { saveClient } from '../../server/access/index.ts'
import { flexibleUnit, fsp } from '../../server/market/parties/tables.ts'
import { giveAuthorityToAll } from './authority.ts'
import { fspRow, unitRows } from './units.ts'

const clientId = 'bench'
const authentication = { method: 'client_secret_basic' as const, secret: 'a secret for the benchmark' }
/** W of each of the 96 quarter-hours of a submission. */
const values = Array.from({ length: 96 }, (_, i) => 10_000 + 100 * i)

/** Registers an FSP with so many FUs and a client that submits for them. */
export async function saveSubmitter(db: Database, at: Instant, units: number): Promise<string[]> {
  const fspId = randomUUID()
  const control = { baseUrl: 'http://x', tokenEndpoint: 'http://x', sealedSecret: 'x' }
  await db.insert(fsp).values(fspRow(fspId, 'Bench', at, control))
  const rows = unitRows(fspId, units, { nodeId: 'sec', connectionOf: () => randomUUID() })
  for (let i = 0; i < units; i += 2_000) await db.insert(flexibleUnit).values(rows.slice(i, i + 2_000))
  await giveAuthorityToAll(db)
  await saveClient(db, { clientId, kind: 'fsp', subjectId: fspId, authentication, scopes: ['market'], active: true })
  return rows.map(({ fuId }) => fuId)
}

/** The tokens of that FSP's client. */
export function submitterTokens(publicUrl: string): TokenSource {
  const issuer = `${publicUrl}/oidc`
  return createTokenSource({
    issuer,
    tokenEndpoint: `${issuer}/token`,
    clientId,
    authentication,
    scope: 'market',
    resource: `${publicUrl}/api`,
  })
}

/** A schedule of 96 periods of one kind for an FU's day. */
export interface Submission {
  fuId: string
  day: string
  kind: 'baseline' | 'deviation' | 'availability'
  revision: number
}

/** Submits a schedule. @returns the time until the server has taken it, ms. */
export async function submit(
  publicUrl: string,
  token: string,
  { fuId, day, kind, revision }: Submission,
): Promise<number> {
  const body = { kind, resolution: 'PT15M', start: `${day}T00:00:00Z`, revision, values }
  const started = performance.now()
  const { path, init } = requestOf(
    submissionOperations.submitSchedule,
    { params: { fuId, day, kind }, body },
    { headers: { authorization: `Bearer ${token}` } },
  )
  const response = await fetch(`${publicUrl}/api${path}`, init)
  if (!response.ok) throw new Error(`HTTP ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
  return performance.now() - started
}

/** The time within which that share of the calls were answered, ms. Sorts the times. */
export function quantileMs(latencies: number[], share: number): number {
  latencies.sort((a, b) => a - b)
  return Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 10) / 10
}
