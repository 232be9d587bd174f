import { Instant } from '@js-joda/core'
import type { z } from 'zod'
import { ProblemError, refuse } from '../../platform/http/index.ts'
import { digestOf } from '../../platform/secrets/index.ts'
import { type ControlMode, type DepotState, depotOperations } from '../../schemas/fsp/depot-api.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import type { serviceStatus } from '../../schemas/market/parties.ts'
import { bind, type Entrance } from '../kit/index.ts'
import { historyFault } from './rules.ts'

/** What the depot API needs; the composition root implements it. */
export interface DepotActions {
  depotIds: readonly string[]
  state(depotId: string): Promise<DepotState>
  takeSiteLoad(depotId: string, readings: { at: Instant; siteLoadW: number }[]): Promise<void>
  importHistory(history: DepotHistory): Promise<void>
  setMode(depotId: string, mode: ControlMode): Promise<void>
  declareService(depotId: string, given: z.infer<typeof serviceStatus>): Promise<void>
}

/** The depot API: feeds in, state out (fsp/CONTRACTS.md). Every call needs the feeds' key. */
export function depotApi(actions: DepotActions, key: string) {
  const known = ({ id }: { id: string }) => {
    if (!actions.depotIds.includes(id)) throw new ProblemError('not-found', `Depot ${id} not found.`)
    return id
  }
  return bind(depotOperations, keyEntrance(key), {
    listDepots: () => Promise.all(actions.depotIds.map(actions.state)),
    readDepot: ({ params }) => actions.state(known(params)),
    setControlMode: ({ params, body }) => actions.setMode(known(params), body.mode),
    declareDepotService: ({ params, body }) => actions.declareService(known(params), body),

    takeSiteLoad({ params, body }) {
      const readings = body.readings.map(({ at, siteLoadW }) => ({
        at: Instant.ofEpochMilli(Date.parse(at)),
        siteLoadW,
      }))
      return actions.takeSiteLoad(known(params), readings)
    },

    takeMeterHistory({ params, body }) {
      const history = { depotId: known(params), ...body }
      refuse(historyFault(history))
      return actions.importHistory(history)
    },
  })
}

function keyEntrance(key: string): Entrance {
  const keyDigest = digestOf(key)
  return {
    problems: ['unauthenticated'],
    check(request) {
      const given = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
      if (given === undefined || digestOf(given) !== keyDigest)
        throw new ProblemError('unauthenticated', 'Send the feed’s key as a bearer token.')
    },
  }
}
