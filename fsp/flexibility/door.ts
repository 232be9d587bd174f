import { Hono } from 'hono'
import {
  createApi,
  type Listener,
  type NodeHandler,
  type Readiness,
  serveHealth,
  traceMount,
  traceRequests,
} from '../../platform/http/index.ts'
import { countRequests, type ProcessMetrics } from '../../platform/metrics/index.ts'
import { createAuthorizationServer, createTokenVerifier, takeOnce } from '../../platform/oauth/index.ts'
import type { SpanMaker } from '../../platform/tracing/index.ts'
import { controlScope } from '../../schemas/vocabulary/roles.ts'
import type { MarketContext } from '../app/context.ts'
import { controlApi } from './control.ts'
import type { Instructions } from './instructions.ts'
import type { Limits } from './limits.ts'
import type { Registrar } from './registration.ts'

/** The DNO's way in: our token endpoint, and an API in which the control API is bound. */
export interface ControlDoor {
  api: ReturnType<typeof createApi>
  /** Serves the token endpoint under `/oidc`. */
  handlers: Record<string, NodeHandler>
  close(): void
}

/** Opens the token endpoint for the DNO's client, and binds the control API to its tokens. */
export async function openControlDoor(
  context: MarketContext,
  parts: { registrar: Registrar; instructions: Instructions; limits: Limits },
  listener: Listener,
  tracing?: SpanMaker,
): Promise<ControlDoor> {
  const { db, secrets, log, clock, publicUrl } = context
  const [issuer, audience] = [`${publicUrl}/oidc`, `${publicUrl}/control`]
  const { clientId, secretDigest } = parts.registrar.controlClient
  const authorizationServer = await createAuthorizationServer({
    issuer,
    db,
    secrets,
    log,
    clock,
    resource: { audience, scopes: [controlScope] },
    findClient: async (id) =>
      id === clientId
        ? {
            client_id: id,
            client_secret: secretDigest,
            scope: controlScope,
            redirect_uris: [],
            response_types: [],
            grant_types: ['client_credentials'],
            token_endpoint_auth_method: 'client_secret_basic',
          }
        : undefined,
  })
  const verify = createTokenVerifier(issuer, audience, {
    outbound: listener.callItself,
    keys: authorizationServer.keys,
    proofs: { publicUrl, takeOnce: (client, jti, untilS) => takeOnce(db, client, jti, untilS) },
  })
  const api = createApi(log)
  api.route('/control', controlApi(parts.instructions, parts.limits, verify))
  const handlers = { '/oidc': traceMount(tracing, '/oidc', authorizationServer.handle) }
  return { api, handlers, close: authorizationServer.close }
}

/** Serves an API with its document and a sign of life. */
export function siteOf(
  api: ControlDoor['api'],
  about: { title: string; description: string },
  {
    metrics,
    tracing,
    readiness,
  }: { metrics?: ProcessMetrics | undefined; tracing?: SpanMaker | undefined; readiness: Readiness },
): Hono {
  const site = new Hono()
  if (metrics) site.use('*', countRequests(metrics))
  if (tracing) site.use('*', traceRequests(tracing))
  serveHealth(site, readiness)
  site.get('/openapi.json', (c) =>
    c.json(api.getOpenAPI31Document({ openapi: '3.1.0', info: { version: '1', ...about } })),
  )
  return site.route('/', api)
}
