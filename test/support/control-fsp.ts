import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { SystemClock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { createApi, type Listener, listen, ProblemError } from '../../platform/http/index.ts'
import { createAuthorizationServer, createTokenVerifier } from '../../platform/oauth/index.ts'
import { createSecretBox, digestOf } from '../../platform/secrets/index.ts'
import { type Limit, limit } from '../../schemas/dispatch/import-limits.ts'
import { type Instruction, type InstructionAnswer, instruction } from '../../schemas/dispatch/instructions.ts'

/** What the FSP does with the next instructions: answer, or one of the ways in which a peer fails. */
export type Behaviour =
  | 'accept'
  | 'refuse-outside-window'
  | 'take-and-hang-up'
  | 'hang-up'
  | 'server-error'
  | 'reject-token'
  | 'reject-every-token'
  | 'nonsense'
  | 'hang'
  | 'take-and-hang'
  | 'hang-when-asked'

export interface ControlFsp {
  controlApi: { baseUrl: string; tokenEndpoint: string; clientId: string; clientSecret: string; scope: string }
  behaviour: Behaviour
  isTokenEndpointDown: boolean
  /** Requests of tokens arrive, and are never answered. */
  isTokenEndpointHanging: boolean
  /** Requests that hang, of any kind. */
  readonly hanging: number
  /** Every POST that arrived, repeats included. */
  received: Instruction[]
  /** Every import limit that arrived, repeats included. */
  limits: Limit[]
  /** What it took, by identifier: one effect however often it was sent. */
  taken: Map<string, InstructionAnswer>
  tokensIssued: number
  /** Scopes of the token that came last. */
  scopes: string[]
  questions: number
  /** Lets go of the requests that hang. */
  release(): void
}

export interface ControlFspOptions {
  accessTokenLifeS?: number
  /** How the DNO’s client is registered, where it is not by client_secret_basic. */
  metadata?: () => Promise<object>
}

const [clientId, clientSecret] = ['ringmain-dno', 'a secret of the DNO at this FSP']

/** An FSP's control API as a server of its own: token endpoint, instructions, a memory of what it took. `db` is its own. */
export async function startControlFsp(
  db: Database,
  { accessTokenLifeS = 600, metadata = async () => ({}) }: ControlFspOptions = {},
): Promise<ControlFsp> {
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'the test FSP', portSetting: 'none' })
  const log = pino({ level: 'silent' })
  const [issuer, audience] = [`${listener.url}/oidc`, `${listener.url}/control`]
  const hanging: (() => void)[] = []
  const fsp: ControlFsp = {
    controlApi: { baseUrl: audience, tokenEndpoint: `${issuer}/token`, clientId, clientSecret, scope: 'control' },
    behaviour: 'accept',
    isTokenEndpointDown: false,
    isTokenEndpointHanging: false,
    received: [],
    limits: [],
    taken: new Map(),
    tokensIssued: 0,
    scopes: [],
    questions: 0,
    get hanging() {
      return hanging.length
    },
    release: () => {
      for (const letGo of hanging.splice(0)) letGo()
    },
  }
  const oidc = await createAuthorizationServer({
    issuer,
    db,
    secrets: createSecretBox(randomBytes(32)),
    log,
    clock: new SystemClock(() => undefined),
    resource: { audience, scopes: ['control'] },
    accessTokenLifeS,
    findClient: async (id) => (id === clientId ? { ...clientMetadata(), ...(await metadata()) } : undefined),
  })
  listener.use(createControlRoutes(fsp, listener, createTokenVerifier(issuer, audience), hanging), {
    '/oidc': (request, response) => {
      if (request.url === '/token') {
        if (fsp.isTokenEndpointHanging) return void hanging.push(() => response.destroy())
        if (fsp.isTokenEndpointDown) return void response.writeHead(503).end()
        fsp.tokensIssued++
      }
      oidc.handle(request, response)
    },
  })
  afterAll(async () => {
    fsp.release()
    oidc.close()
    await listener.close(0)
  })
  return fsp
}

function clientMetadata() {
  return {
    client_id: clientId,
    client_secret: digestOf(clientSecret),
    scope: 'control',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic' as const,
  }
}

function createControlRoutes(
  fsp: ControlFsp,
  listener: Listener,
  verify: ReturnType<typeof createTokenVerifier>,
  hanging: (() => void)[],
) {
  const api = createApi(pino({ level: 'silent' })).basePath('/control')
  api.use('*', async (c, next) => {
    if (fsp.behaviour.startsWith('reject-')) {
      if (fsp.behaviour === 'reject-token') fsp.behaviour = 'accept'
      throw new ProblemError('invalid-token', 'revoked')
    }
    fsp.scopes = [...(await verify(c.req.raw)).scopes]
    await next()
  })
  api.post('/instructions', async (c) => {
    const given = instruction.parse(await c.req.json())
    fsp.received.push(given)
    const { instructionId } = given
    if (fsp.behaviour === 'hang') await new Promise<void>((resolve) => hanging.push(resolve))
    if (fsp.behaviour === 'server-error') throw new Error('as told')
    if (fsp.behaviour === 'nonsense') return c.json({ outcome: 'perhaps' })
    if (fsp.behaviour !== 'hang-up' && !fsp.taken.has(instructionId)) fsp.taken.set(instructionId, answerTo(fsp, given))
    if (fsp.behaviour === 'take-and-hang') await new Promise<void>((resolve) => hanging.push(resolve))
    if (fsp.behaviour.endsWith('hang-up')) listener.server.closeAllConnections()
    return c.json(fsp.taken.get(instructionId))
  })
  api.post('/limits', async (c) => {
    const given = limit.parse(await c.req.json())
    fsp.limits.push(given)
    const { limitId } = given
    if (fsp.behaviour === 'hang') await new Promise<void>((resolve) => hanging.push(resolve))
    if (fsp.behaviour === 'server-error') throw new Error('as told')
    if (fsp.behaviour.endsWith('hang-up')) listener.server.closeAllConnections()
    if (fsp.behaviour === 'nonsense') return c.json({ outcome: 'perhaps' })
    return c.json(
      fsp.behaviour.startsWith('refuse')
        ? { limitId, outcome: 'refused', reason: 'unknown-connection' }
        : { limitId, outcome: 'accepted' },
    )
  })
  api.get('/instructions/:id', async (c) => {
    fsp.questions++
    if (fsp.behaviour === 'hang-when-asked') await new Promise<void>((resolve) => hanging.push(resolve))
    const taken = fsp.taken.get(c.req.param('id'))
    if (!taken) throw new ProblemError('not-found', 'never seen')
    return c.json(taken)
  })
  return api.fetch
}

function answerTo(fsp: ControlFsp, { instructionId }: Instruction): InstructionAnswer {
  return fsp.behaviour === 'refuse-outside-window'
    ? { instructionId, outcome: 'refused', reason: 'outside-window' }
    : { instructionId, outcome: 'accepted' }
}
