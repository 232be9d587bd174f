import type { OpenAPIHono } from '@hono/zod-openapi'
import { createRouter, type RouteFrame, routeOf } from '../../platform/http/index.ts'
import { sessionCookieAt } from '../../schemas/access/sessions.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import type { Access } from '../../schemas/vocabulary/access.ts'
import { controlScope, type scopes } from '../../schemas/vocabulary/roles.ts'
import { type ActorVariables, accessExtension } from '../kit/index.ts'

const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' }

const scopeWords: Record<(typeof scopes)[number], string> = {
  market: 'register, bid, submit schedules, read your own data',
  meter: 'upload meter data',
  gateway: 'deliver measurements',
  credentials: 'rotate your own keys and secrets',
  customer: 'read your own sites and their profiles, apply for profiles, give consents',
  data: 'deliver files of your own feeds, and read what became of them',
}

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

/** The DNO's whole API: for FSPs, gateways and the portal. */
export function apiDocument(api: OpenAPIHono<{ Variables: ActorVariables }>, publicUrl: string): Document {
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Ringmain',
      version: '1',
      description: 'The DNO’s API: for FSPs, gateways and the portal. Problems are RFC 9457 documents.',
      license,
    },
    servers: [{ url: `${publicUrl}/api` }],
  })
}

/** Documents how callers of an API authenticate; once for each API. */
export function describeSecurity(api: OpenAPIHono<{ Variables: ActorVariables }>, publicUrl: string): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'oauth2',
    description:
      'JWT access tokens by client credentials; clients authenticate with private_key_jwt or client_secret_basic.',
    flows: { clientCredentials: { tokenUrl: `${publicUrl}/oidc/token`, scopes: scopeWords } },
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookieAt(publicUrl),
    description: 'People who are logged in to the portal.',
  })
}

/** The part of the API that FSPs use: the operations open to them, and the application. */
export function fspDocument(whole: Document): Document {
  const isForFsps = (operation: Record<string, unknown>) => {
    const access = operation[accessExtension] as Access | undefined
    return access === 'anyone' ? (operation['tags'] as string[]).includes('Parties') : access?.fsp !== undefined
  }
  const paths = Object.entries(whole.paths ?? {}).flatMap(([path, item]) => {
    const kept = Object.entries(item).filter(([, operation]) => isForFsps(operation as Record<string, unknown>))
    return kept.length > 0 ? [[path, Object.fromEntries(kept)]] : []
  })
  const description =
    'What a flexibility service provider calls on the DNO’s side: application, DERs and FUs, tenders, schedules, reports on instructions, ' +
    'meter data, statements. For the calls that the DNO makes to the FSP see the control API (/openapi-control.json).'
  return {
    ...whole,
    info: { ...whole.info, title: 'Ringmain for flexibility service providers', description },
    paths: Object.fromEntries(paths),
  }
}

/** How the DNO authenticates, and the only problems with which an FSP may refuse its calls. */
const controlFrame: RouteFrame = {
  security: [{ token: [controlScope] }],
  problems: ['unauthenticated', 'invalid-token', 'forbidden'],
  done: 'The answer',
  isComplete: true,
}

/** The control API that an FSP implements. `ringmain fsp-check` checks an FSP against it. */
export function controlDocument(): Document {
  const router = createRouter()
  router.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'oauth2',
    description:
      'The FSP’s own token endpoint. The DNO authenticates there with client_secret_basic, client_secret_post or private_key_jwt.',
    flows: {
      clientCredentials: { tokenUrl: 'https://flex.example/oidc/token', scopes: { [controlScope]: 'instruct' } },
    },
  })
  for (const [operationId, stated] of Object.entries(controlOperations))
    router.openAPIRegistry.registerPath(routeOf(stated, { ...controlFrame, operationId }).documented)
  return router.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Control API of a flexibility service provider',
      version: '1',
      description:
        'What an FSP implements and the DNO calls. Problems are RFC 9457 documents. Check an implementation with `ringmain fsp-check --url …`.',
      license,
    },
    servers: [
      { url: 'https://flex.example/control', description: 'The base URL that the FSP states in its application' },
    ],
  })
}
