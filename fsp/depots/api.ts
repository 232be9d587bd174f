import { Instant } from '@js-joda/core'
import type { z } from 'zod'
import { ProblemError, refuse } from '../../platform/http/index.ts'
import { type ControlMode, type DepotMonitor, type DepotState, depotOperations } from '../../schemas/fsp/depot-api.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import type { serviceStatus } from '../../schemas/market/parties.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import { historyFault } from './rules.ts'

/** What the depot API needs; the composition root implements it. */
export interface DepotActions {
  /** The depots in use. */
  depotIds(): readonly string[]
  state(depotId: string): Promise<DepotState>
  takeSiteLoad(depotId: string, readings: { at: Instant; siteLoadW: number }[]): Promise<void>
  importHistory(history: DepotHistory): Promise<void>
  /** @param note records it, unless it is refused. */
  setMode(depotId: string, mode: ControlMode, note: () => Promise<void>): Promise<void>
  connectMonitor(depotId: string, given: DepotMonitor): Promise<void>
  /** `false` if the depot has no monitor. */
  disconnectMonitor(depotId: string): Promise<boolean>
  declareService(depotId: string, given: z.infer<typeof serviceStatus>): Promise<void>
}

/** The depot API: feeds in, state out (fsp/CONTRACTS.md). Each caller sees its own depots. */
export function depotApi(actions: DepotActions, entrance: Entrance) {
  const known = ({ depotId }: { depotId: string }) => {
    if (!actions.depotIds().includes(depotId)) throw noDepot(depotId)
    return depotId
  }
  return bind(depotOperations, entrance, {
    listDepots({ caller: { depotIds } }) {
      const seen = actions.depotIds().filter((depotId) => depotIds?.has(depotId) ?? true)
      return Promise.all(seen.map(actions.state))
    },

    readDepot: ({ params }) => actions.state(known(params)),

    async setControlMode({ params, body, audit }) {
      const depotId = known(params)
      await actions.setMode(depotId, body.mode, () =>
        audit({ action: 'depot.mode-set', subject: depotId, detail: body }),
      )
    },

    async declareDepotService({ params, body, audit }) {
      const depotId = known(params)
      await audit({ action: 'depot.service-declared', subject: depotId, detail: { ...body } })
      await actions.declareService(depotId, body)
    },

    async connectMonitor({ params, body, audit }) {
      const depotId = known(params)
      const { clientSecret: _secret, ...detail } = body
      await audit({ action: 'depot.monitor-connected', subject: depotId, detail })
      await actions.connectMonitor(depotId, body)
    },

    async disconnectMonitor({ params, audit }) {
      const depotId = known(params)
      await audit({ action: 'depot.monitor-disconnected', subject: depotId, detail: {} })
      if (!(await actions.disconnectMonitor(depotId)))
        throw new ProblemError('not-found', `The depot ${depotId} has no monitor at the DNO.`)
    },

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
