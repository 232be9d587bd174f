import { outboundUrlFault, ProblemError, refuse } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type { FspApplication, partyOperations } from '../../../schemas/market/parties.ts'
import { keyFault, longestSecretLife, saveClient } from '../../access/index.ts'
import { arePrivateAddressesAllowed, type ServerContext, type Verb } from '../../kit/index.ts'
import { requireRoom } from './applications.ts'
import { fsp, sealedControlSecrets } from './tables.ts'

/** What an FSP’s client may ask for. It is told of the two that it works with; `credentials` only rotates its keys. */
const fspScopes = ['market', 'meter', 'credentials'] as const
const workingScopes = 'market meter'

/** FA01: an FSP applies. Its client exists from now on, but gets no token before the DNO accepts. */
export const applyAsFsp: Verb<typeof partyOperations.applyAsFsp> = async ({ context, db, at, id, body, ...call }) => {
  refuseInternalAddresses(context, body)
  if (body.clientAuthentication.method === 'private_key_jwt')
    for (const jwk of body.clientAuthentication.jwks.keys) refuse(keyFault(jwk))
  await requireRoom(db)
  const clientId = `fsp-${id}`
  const { controlApi, clientAuthentication } = body
  const secret = clientAuthentication.method === 'client_secret_basic' ? newSecret() : null
  await db.insert(fsp).values({
    fspId: id,
    companyName: body.companyName,
    contactName: body.contactName,
    contactEmail: body.contactEmail,
    status: 'applied',
    appliedAt: at,
    controlBaseUrl: controlApi.baseUrl.replace(/\/+$/, ''),
    controlTokenEndpoint: controlApi.tokenEndpoint,
    controlClientId: controlApi.clientId,
    controlAuthentication: controlApi.authentication,
    controlIssuer: controlApi.issuer ?? null,
    sealedControlSecret:
      controlApi.clientSecret === undefined
        ? null
        : context.secrets.seal(controlApi.clientSecret, sealedControlSecrets.use(id)),
    controlScope: controlApi.scope ?? null,
  })
  await saveClient(
    db,
    {
      clientId,
      kind: 'fsp',
      subjectId: id,
      authentication:
        clientAuthentication.method === 'private_key_jwt'
          ? clientAuthentication
          : { method: 'client_secret_basic', secret: secret ?? '' },
      scopes: [...fspScopes],
      active: false,
    },
    { createdAt: at, expiresAt: secret === null ? null : at.plus(longestSecretLife) },
  )
  call.audit({ action: 'fsp.applied', subject: { type: 'fsp', id } }, { kind: 'system', name: clientId })
  call.announce('market')
  const { tokenIssuer } = context
  return { applicationId: id, clientId, clientSecret: secret, ...tokenIssuer, scope: workingScopes }
}

/** FM41: an internal address would make the server call into the DNO's own network. */
function refuseInternalAddresses(context: ServerContext, { controlApi }: FspApplication): void {
  const isAllowed = arePrivateAddressesAllowed(context)
  const errors = (['baseUrl', 'tokenEndpoint'] as const).flatMap((key) => {
    const message = outboundUrlFault(controlApi[key], isAllowed)
    return message ? [{ field: `controlApi.${key}`, message }] : []
  })
  const [first] = errors
  if (first) throw new ProblemError('contract-broken', `${first.field} ${first.message}.`, { errors })
}
