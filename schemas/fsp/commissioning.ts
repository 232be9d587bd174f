import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { csvFile, operation, pdfFile } from '../vocabulary/operation.ts'
import { instant, uuid } from '../vocabulary/units.ts'
import { routeName } from './routes.ts'

const tags = ['Commissioning']
const depotParams = z.object({ depotId: z.string().max(100) })
const params = depotParams.extend({ runId: uuid })

/** What is tried on a socket, in its order. */
export const commissioningStep = z.object({
  number: z.number().int(),
  connector: z.number().int().nullable().describe('`null`: the whole charge point'),
  kind: z.enum(['set-point', 'unlock', 'reboot', 'measures']),
  /** Of set points. */
  limitA: z.number().int().nullable(),
  expected: z.string(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** The charge point's own word. */
  response: z.string().nullable(),
  latencyMs: z.number().nullable().describe('From sending to the answer'),
  effectMs: z.number().nullable().describe('From sending to the first reading that shows it'),
  measuredA: z.number().nullable(),
  verdict: z.enum(['waiting', 'running', 'passed', 'failed', 'skipped']),
  reason: z.string().nullable().describe('Why it failed or was skipped'),
})
export type CommissioningStep = z.infer<typeof commissioningStep>

export const commissioningRun = z.object({
  runId: uuid,
  depotId: z.string(),
  identity: z.string(),
  connectors: z.array(z.number().int()),
  model: z.string(),
  firmware: z.string().nullable(),
  route: routeName,
  protocol: z.string().nullable(),
  startedBy: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
  /** `stopped`: by a person, or because our program ended. */
  state: z.enum(['running', 'passed', 'failed', 'stopped']),
  stoppedBy: z.string().nullable(),
  steps: z.array(commissioningStep),
})
export type CommissioningRun = z.infer<typeof commissioningRun>

const read = { method: 'get', access: depotReaders, tags, params, problems: ['not-found'] } as const

/** Commissioning runs on sockets that carry vehicles or a test load (report section 3.3.2, stage 3, and 9.1). */
export const commissioningOperations = {
  startCommissioning: operation({
    method: 'post',
    path: '/depots/{depotId}/charge-points/{identity}/commissioning',
    access: depotPeople('depot-admin'),
    tags,
    summary: 'Try a charge point: set points in sequence, then unlock and reboot',
    description:
      'Each socket needs a charge in progress that can take the full current. The sequence is 32, 16, 8, 0, 18, 10, 32 A, without 0 A for a model that cannot pause, and within its current. Several sockets are tried at once. While it runs the optimiser leaves the sockets alone.',
    params: depotParams.extend({ identity: z.string().max(48) }),
    body: z.object({
      connectors: z.array(z.number().int().min(1).max(20)).min(1).max(20),
      unlock: z.boolean().describe('Ends the charges, after the set points'),
      reboot: z.boolean().describe('After all else'),
    }),
    answer: commissioningRun,
    problems: ['not-found', 'conflict'],
  }),
  stopCommissioning: operation({
    method: 'post',
    path: '/depots/{depotId}/commissioning-runs/{runId}/stop',
    access: depotPeople('depot-admin'),
    tags,
    summary: 'Stop a run; what it has shown is kept, and the optimiser takes over at once',
    params,
    answer: commissioningRun,
    problems: ['not-found', 'conflict'],
  }),
  listCommissioning: operation({
    method: 'get',
    path: '/depots/{depotId}/commissioning-runs',
    access: depotReaders,
    tags,
    summary: 'Commissioning runs of a depot, the newest first',
    description: 'The newest 200.',
    params: depotParams,
    answer: z.array(commissioningRun),
    problems: ['not-found'],
  }),
  readCommissioning: operation({
    ...read,
    path: '/depots/{depotId}/commissioning-runs/{runId}',
    summary: 'A commissioning run with its steps',
    answer: commissioningRun,
  }),
  exportCommissioning: operation({
    ...read,
    path: '/depots/{depotId}/commissioning-runs/{runId}/csv',
    summary: 'The evidence of a run as a CSV file',
    answer: csvFile(
      'number,connector,kind,limitA,expected,startedAt,endedAt,response,latencyMs,effectMs,measuredA,verdict,reason',
      '1,1,set-point,32,accepted; at most 33 A,2026-01-15T12:00:00Z,2026-01-15T12:02:00Z,accepted,84,61000,31.8,passed,',
    ),
  }),
  printCommissioning: operation({
    ...read,
    path: '/depots/{depotId}/commissioning-runs/{runId}/pdf',
    summary: 'The evidence of a run as a PDF, to be signed and filed',
    answer: pdfFile,
  }),
}
