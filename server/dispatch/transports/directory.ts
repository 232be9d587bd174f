import { type Mailer, mailerFromEnvironment } from '../../../platform/mail/index.ts'
import { type ClientCredentials, currentSigningKey } from '../../../platform/oauth/index.ts'
import { findConnection } from '../../grid/index.ts'
import { outboundFetch, type ServerContext } from '../../kit/index.ts'
import { findFsp, listFlexibleUnits, sealedControlSecrets } from '../../market/index.ts'
import { CircuitBreaker } from './breaker.ts'
import { createEmailRoute } from './email.ts'
import { createControlApi } from './http.ts'
import type { ControlApi } from './outcomes.ts'

/** Finds the route to an FSP. */
export type ControlDirectory = (fspId: string) => Promise<ControlApi>

type FspRow = NonNullable<Awaited<ReturnType<typeof findFsp>>>

/** Creates a directory that keeps one client, and so one cached token, per FSP and endpoint. E-mail goes by `mailer`. */
export function createControlDirectory(
  context: ServerContext,
  mailer: Mailer | null = mailerFromEnvironment(),
): ControlDirectory {
  const outbound = outboundFetch(context)
  const known = new Map<string, { sealed: string; api: ControlApi }>()
  const nameOf = async (fuId: string) =>
    (await listFlexibleUnits(context.db, context.clock.now(), { fuIds: [fuId] }))[0]?.name ?? fuId
  const siteOf = async (connectionId: string) => (await findConnection(context.db, connectionId))?.name ?? connectionId
  const { db, secrets, clock } = context
  const authenticationAt = (fsp: FspRow): ClientCredentials['authentication'] =>
    fsp.controlAuthentication === 'private_key_jwt'
      ? { method: 'private_key_jwt', currentKey: () => currentSigningKey(db, secrets, clock.now()) }
      : {
          method: fsp.controlAuthentication,
          secret: secrets.open(fsp.sealedControlSecret ?? '', sealedControlSecrets.use(fsp.fspId)),
        }
  const connect = (fsp: FspRow): ControlApi =>
    fsp.dispatchRoute === 'email'
      ? createEmailRoute(mailer, fsp.dispatchEmail ?? fsp.contactEmail, nameOf, siteOf)
      : createControlApi(
          {
            baseUrl: fsp.controlBaseUrl,
            credentials: {
              tokenEndpoint: fsp.controlTokenEndpoint,
              issuer: fsp.controlIssuer ?? fsp.controlTokenEndpoint,
              clientId: fsp.controlClientId,
              authentication: authenticationAt(fsp),
              ...(fsp.controlScope ? { scope: fsp.controlScope } : {}),
            },
          },
          outbound,
          new CircuitBreaker(context.clock),
        )
  return async (fspId) => {
    const fsp = await findFsp(context.db, fspId)
    if (!fsp) throw new Error(`FSP ${fspId} of an instruction is not registered`)
    const sealed = [
      ...[fsp.controlBaseUrl, fsp.controlTokenEndpoint, fsp.controlIssuer, fsp.controlClientId, fsp.controlScope],
      ...[fsp.controlAuthentication, fsp.sealedControlSecret],
      ...[fsp.dispatchRoute, fsp.dispatchEmail],
    ].join('\n')
    const before = known.get(fspId)
    if (before?.sealed === sealed) return before.api
    const api = connect(fsp)
    known.set(fspId, { sealed, api })
    return api
  }
}
