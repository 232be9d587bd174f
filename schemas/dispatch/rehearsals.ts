import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { directionOrTurnDown, instant, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { nodeResult, optimisation, unitPeriod } from './optimisation.ts'

const name = z.string().min(1).max(100)

/** A node of a pseudo-network, made up. */
const pseudoNode = z.object({ nodeId: name, name, parentId: name.nullable() })

/** FUs grouped under made-up nodes, to rehearse needs that the real network does not have (domain section 4). */
export const newPseudoNetwork = z
  .object({
    name,
    nodes: z.array(pseudoNode).min(1).max(1_000),
    /** The node of each FU. */
    members: z
      .array(z.object({ fuId: uuid, nodeId: name }))
      .min(1)
      .max(20_000),
  })
  .meta({
    id: 'NewPseudoNetwork',
    example: {
      name: 'North and south',
      nodes: [
        { nodeId: 'all', name: 'All depots', parentId: null },
        { nodeId: 'north', name: 'North of the river', parentId: 'all' },
      ],
      members: [{ fuId: '1f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10', nodeId: 'north' }],
    },
  })

export const pseudoNetwork = newPseudoNetwork
  .extend({ pseudoNetworkId: uuid, createdAt: instant, createdBy: z.string() })
  .meta({ id: 'PseudoNetwork' })
export type PseudoNetwork = z.infer<typeof pseudoNetwork>

/** When a rehearsal has its need: 13:00–16:00, 16:00–20:00, or 00:00–05:00 and 23:00–24:00, local time. */
export const scenario = z.enum(['afternoon', 'evening', 'overnight'])
export type Scenario = z.infer<typeof scenario>

/** A rehearsal of a day: what the optimisation would choose for a need at each topmost node. Nothing is sent. */
export const newRehearsal = z
  .object({
    tradingDay,
    scenario,
    direction: directionOrTurnDown.describe('`turn-up` rehearses reverse power; turn-down unless stated.'),
    /** What is required in that direction at each topmost node in each quarter-hour of the scenario, W; `null`: every FU at once, at full capacity. */
    needW: turnDownW.nullable(),
  })
  .meta({ id: 'NewRehearsal', example: { tradingDay: '2026-01-15', scenario: 'evening', needW: 60_000 } })

export const rehearsal = newRehearsal
  .extend({
    rehearsalId: uuid,
    pseudoNetworkId: uuid,
    startedAt: instant,
    startedBy: z.string(),
    method: optimisation.shape.method,
    gap: optimisation.shape.gap,
    nodes: z.array(nodeResult),
    units: z.array(z.object({ fuId: uuid, periods: z.array(unitPeriod) })),
    /** When, and by whom, the result was adopted as the FUs' manual schedules; `null` if it was not. */
    adoptedAt: instant.nullable(),
    adoptedBy: z.string().nullable(),
  })
  .meta({ id: 'Rehearsal' })
export type Rehearsal = z.infer<typeof rehearsal>

const idParams = z.object({ id: uuid })
const tags = ['Rehearsals']

/** Pseudo-networks, and what the optimisation would choose on them. */
export const rehearsalOperations = {
  makePseudoNetwork: operation({
    method: 'post',
    path: '/pseudo-networks',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Group FUs under made-up nodes',
    body: newPseudoNetwork,
    maxBytes: 4 * 1024 * 1024,
    answer: pseudoNetwork,
    problems: ['conflict'],
  }),
  listPseudoNetworks: operation({
    method: 'get',
    path: '/pseudo-networks',
    access: people(),
    tags,
    summary: 'Pseudo-networks by name',
    query: pageQuery(),
    answer: pageOf(pseudoNetwork),
  }),
  rehearse: operation({
    method: 'post',
    path: '/pseudo-networks/{id}/rehearsals',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Rehearse a scenario; nothing is sent',
    params: idParams,
    body: newRehearsal,
    answer: rehearsal,
    problems: ['not-found'],
  }),
  listRehearsals: operation({
    method: 'get',
    path: '/pseudo-networks/{id}/rehearsals',
    access: people(),
    tags,
    summary: 'Rehearsals on a pseudo-network, the latest first',
    params: idParams,
    query: pageQuery(100),
    answer: pageOf(rehearsal),
    problems: ['not-found'],
  }),
  adoptRehearsal: operation({
    method: 'post',
    path: '/rehearsals/{id}/adoption',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Adopt the result of a rehearsal as the manual schedules of its FUs',
    params: idParams,
    answer: rehearsal,
    problems: ['not-found', 'conflict', 'changed-meanwhile'],
  }),
}
