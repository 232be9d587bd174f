import type { ServerContext } from '../../access/index.ts'
import { arePrivateAddressesAllowed, findFsp } from '../../market/index.ts'
import { createAddressCheck } from './addresses.ts'
import { createControlApi } from './http.ts'
import type { ControlApi } from './outcomes.ts'

/** Finds the control API of an FSP. */
export type ControlDirectory = (fspId: string) => Promise<ControlApi>

/** A directory that keeps one client, and so one cached token, per FSP and endpoint. */
export function createControlDirectory(context: ServerContext): ControlDirectory {
  const checkAddress = createAddressCheck(arePrivateAddressesAllowed(context))
  const known = new Map<string, { sealed: string; api: ControlApi }>()
  return async (fspId) => {
    const fsp = await findFsp(context.db, fspId)
    if (!fsp) throw new Error(`FSP ${fspId} of an instruction is not registered`)
    const sealed = [fsp.controlBaseUrl, fsp.controlTokenEndpoint, fsp.controlClientId, fsp.sealedControlSecret].join(
      '\n',
    )
    const before = known.get(fspId)
    if (before?.sealed === sealed) return before.api
    const api = createControlApi(
      {
        baseUrl: fsp.controlBaseUrl,
        tokenEndpoint: fsp.controlTokenEndpoint,
        clientId: fsp.controlClientId,
        clientSecret: context.secrets.open(fsp.sealedControlSecret),
        scope: fsp.controlScope,
      },
      checkAddress,
    )
    known.set(fspId, { sealed, api })
    return api
  }
}
