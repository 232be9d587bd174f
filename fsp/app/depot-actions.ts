import { ProblemError } from '../../platform/http/index.ts'
import type { DepotState } from '../../schemas/fsp/depot-api.ts'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import type { Units } from '../chargepoints/index.ts'
import type { DepotActions, DepotModes, Emergencies, InjectedFaults, SiteLoads } from '../depots/index.ts'
import type { FlexUnits } from '../flexibility/index.ts'
import type { Metering } from '../metering/index.ts'
import type { SiteMonitors } from '../monitors/index.ts'
import type { Controller } from '../optimiser/index.ts'
import type { FspContext } from './context.ts'
import { socketsByToken, socketView } from './sockets.ts'

export interface DepotParts {
  units: Units
  siteLoads: SiteLoads
  siteMonitors: SiteMonitors
  modes: DepotModes
  emergencies: Emergencies
  injected: InjectedFaults
  metering: Metering
  controller: Controller
  flexUnits: FlexUnits
}

/** Implements the depot API on the FSP's parts. */
export function depotActions(context: FspContext, parts: DepotParts): DepotActions {
  const { siteLoads, siteMonitors, modes, metering, controller, flexUnits } = parts
  return {
    depotIds: () => context.depots.map((depot) => depot.depotId),
    state: (depotId) => stateOf(context, parts, depotId),
    async takeSiteLoad(depotId, readings) {
      await siteLoads.take(depotId, readings)
      controller.runSoon(depotId)
    },
    importHistory: (history) => metering.importHistory(history),
    async setMode(depotId, mode, note) {
      if (parts.emergencies.isOpen(depotId))
        throw new ProblemError(
          'conflict',
          `Optimisation of ${depotId} is switched off in an emergency: end that first.`,
        )
      await note()
      await modes.set(depotId, mode)
      if (mode !== 'test') await parts.injected.clear(depotId)
      // Setpoints requested in another mode are not sent in this one.
      for (const connector of parts.units.connectorsOf(depotId)) connector.wanted = null
      controller.runSoon(depotId)
    },
    connectMonitor: (depotId, given) => siteMonitors.connect(depotId, given),
    disconnectMonitor: (depotId) => siteMonitors.disconnect(depotId),
    async declareService(depotId, { inService, effectiveFrom, reason }) {
      await flexUnits.declare({
        depotId,
        inService,
        reason,
        effectiveFrom: effectiveFrom === undefined ? context.clock.now() : instantOf(effectiveFrom),
        declaredBy: 'person',
      })
      controller.runSoon(depotId)
    },
  }
}

async function stateOf(context: FspContext, parts: DepotParts, depotId: string): Promise<DepotState> {
  const { units, modes, controller, flexUnits } = parts
  const decision = controller.lastDecision(depotId)
  const byToken = socketsByToken(units)
  return {
    depotId,
    name: context.depots.find((d) => d.depotId === depotId)?.name ?? depotId,
    mode: modes.of(depotId),
    fuId: flexUnits.ofDepot(depotId)?.fuId ?? null,
    inService: flexUnits.inService(depotId, context.clock.now()),
    monitor: await parts.siteMonitors.stateOf(depotId),
    decision: decision && {
      ...decision,
      at: decision.at.toString(),
      siteLoadAt: decision.siteLoadAt?.toString() ?? null,
    },
    sockets: units.connectorsOf(depotId).map((connector) => socketView(context, byToken, connector)),
  }
}
