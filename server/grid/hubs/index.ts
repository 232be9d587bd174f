import { ProblemError } from '../../../platform/http/index.ts'
import { hubOperations } from '../../../schemas/grid/hubs.ts'
import { monitorOperations } from '../../../schemas/grid/measurements.ts'
import { bind, proposed } from '../../kit/index.ts'
import { readMaps } from './map-library.ts'
import { registerHub } from './register-hub.ts'
import { registerMonitor } from './register-monitor.ts'
import { registrationOf } from './registrations.ts'
import { renewMonitorSecret } from './renew-monitor-secret.ts'
import { savePointMap } from './save-point-map.ts'
import { allHubs, measuredConnections, promisedPowers } from './store.ts'
import { viewHub } from './views.ts'

export { forgetHeartbeats, noteHeartbeats } from './heartbeats.ts'
export { forgetFormerHolders, formerEpochs, moveHubs, shardsPerPool } from './holders.ts'
export { credentialsOf } from './monitors.ts'
export { defaultPointMap, withOverrides } from './point-maps.ts'
export { saveMonitor } from './register-monitor.ts'
export { type NewHub, readdressHub, saveHub } from './save-hub.ts'
export { type HubProgress, type HubRecord, lockHubs, promisedPowers, saveProgress } from './store.ts'

/** The hubs, how they are reached, and what their points mean. */
export const hubs = bind(hubOperations, {
  registerHub: proposed(registerHub),
  savePointMap: proposed(savePointMap),
  async listHubs({ db }) {
    const [rows, promised, measured] = [await allHubs(db), await promisedPowers(db), await measuredConnections(db)]
    return rows.map((row) => ({
      ...viewHub(row),
      missingPowers: (promised.get(row.hubId) ?? [])
        .filter(({ isHeard }) => !isHeard)
        .map(({ feeder, phase }) => ({ feeder, phase })),
      measures: measured.get(row.hubId) ?? [],
    }))
  },

  async readRegistration({ db, params: { id } }) {
    const found = await registrationOf(db, id)
    if (!found) throw new ProblemError('not-found', `There is no hub ${id}.`)
    return found
  },

  listPointMaps: ({ db }) => readMaps(db),

  async readPointMap({ db, params: { name } }) {
    const [found] = await readMaps(db, name)
    if (!found) throw new ProblemError('not-found', `There is no point map ${name}.`)
    return found
  },
})

/** Monitors owned by customers: hubs that nobody polls. */
export const monitors = bind(monitorOperations, { registerMonitor, renewMonitorSecret })
