import { z } from 'zod'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { instant } from '../vocabulary/units.ts'

const tags = ['Routes to charge points']
const figure = z.number().nullable()

/** The ways to a charge point: connected to us, through the controllers of its site, or over the air through its back office. */
export const routeName = z.enum(['direct', 'site-controller', 'over-the-air'])

const query = z.object({
  from: instant,
  to: instant.describe('Not included'),
  by: z
    .string()
    .regex(/^(model|depot|day)(,(model|depot|day)){0,2}$/, 'must be of model, depot and day, with commas')
    .optional()
    .describe('Breaks the figures of each route down further'),
})

const row = z.object({
  route: routeName,
  model: z.string().nullable(),
  depotId: z.string().nullable(),
  day: z.string().nullable().describe('Local'),
  messages: z.number().int().describe('Set points sent, repeats included'),
  accepted: z.number().int(),
  refused: z.number().int(),
  lost: z.number().int().describe('Sent without an answer, or there was no link'),
  retries: z.number().int(),
  lossShare: z.number(),
  latencyMedianMs: figure.describe('From sending a set point to its answer'),
  latencyP95Ms: figure,
  effectsSeen: z.number().int().describe('Set points that the meter showed'),
  effectMedianMs: figure.describe(
    'From sending a set point to the first reading that shows it; readings come every minute or so',
  ),
  effectP95Ms: figure,
  costGbp: z.number(),
  costPerSetpointGbp: figure.describe('Per set point that was accepted'),
})

const comparison = {
  method: 'get',
  access: depotPeople('depot-admin', 'fleet-admin'),
  tags,
  query,
} as const

/** How the routes to charge points compare, and what stands in their way. */
export const routeOperations = {
  compareRoutes: operation({
    ...comparison,
    path: '/route-comparison',
    summary: 'Latency, loss, retries, effect and cost of set points by route',
    description: 'Of the depots that the caller may see. Figures are kept for two years.',
    answer: z.array(row),
  }),
  exportRouteComparison: operation({
    ...comparison,
    path: '/route-comparison/csv',
    summary: 'The same as a CSV file',
    answer: csvFile(
      'route,model,depotId,day,messages,accepted,refused,lost,retries,lossShare,latencyMedianMs,latencyP95Ms,effectsSeen,effectMedianMs,effectP95Ms,costGbp,costPerSetpointGbp',
      'direct,,,,120,118,0,2,2,0.0167,84,310,40,61000,95000,0,0',
    ),
  }),
  listRouteGateways: operation({
    method: 'get',
    path: '/route-gateways',
    access: depotPeople('sys-admin'),
    tags,
    summary:
      'The site controllers and back offices that the registered charge points need, and whether they are connected',
    description:
      'A site has two controllers, `{depotId}-cpc-1` and `-cpc-2`, each with half of its charge points, and each able to serve all; a back office is `office-` and its name.',
    answer: z.array(
      z.object({
        gatewayId: z.string(),
        kind: z.enum(['site-controller', 'over-the-air']),
        identities: z.array(z.string()).describe('The charge points that it may serve'),
        connectedSince: instant.nullable(),
        serves: z.array(z.string()).describe('Those that are reached by it now'),
      }),
    ),
  }),
  issueGatewayPassword: operation({
    method: 'post',
    path: '/route-gateways/{gatewayId}/password',
    access: depotPeople('sys-admin'),
    tags,
    summary: 'Issue a password to a site controller or back office',
    description:
      'Shown this once, in hexadecimal. The present one stays valid until the gateway connects with the new one.',
    params: z.object({ gatewayId: z.string().max(110) }),
    answer: z.object({ gatewayId: z.string(), password: z.string() }),
    problems: ['not-found'],
  }),
  listForeignLimits: operation({
    method: 'get',
    path: '/depots/{depotId}/foreign-limits',
    access: depotReaders,
    tags,
    summary: 'Limits at a depot’s sockets that are not ours, the newest first',
    description:
      'Found by comparing what is drawn with our set point, by what a charge point says that it allows, and by what it states of others. The newest 500.',
    params: z.object({ depotId: z.string().max(100) }),
    answer: z.array(
      z.object({
        identity: z.string(),
        connector: z.number().int(),
        kind: z
          .enum(['above', 'below'])
          .describe('`above`: it draws more than our limit; `below`: it is held under it'),
        seenBy: z.enum(['meter', 'status', 'schedule', 'statement']),
        limitA: z.number().int().describe('Ours'),
        seenA: z.number().nullable(),
        since: instant,
        lastAt: instant,
        endedAt: instant.nullable().describe('`null`: it holds'),
      }),
    ),
    problems: ['not-found'],
  }),
}
