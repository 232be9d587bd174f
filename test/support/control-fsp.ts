import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { SystemClock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { createApi, type Listener, listen, ProblemError } from '../../platform/http/index.ts'
import { createAuthorizationServer, createTokenVerifier } from '../../platform/oauth/index.ts'
import { createSecretBox, digestOf } from '../../platform/secrets/index.ts'
import type { Limit } from '../../schemas/dispatch/import-limits.ts'
import type { Instruction, InstructionAnswer } from '../../schemas/dispatch/instructions.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import type { BodyOf } from '../../schemas/vocabulary/operation.ts'
import { atEnd } from './cleanup.ts'

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
  /** Limits that it took, by identifier: one effect however often each was sent. */
  limitsTaken: Map<string, Limit>
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
    limitsTaken: new Map(),
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
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
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
  atEnd(async () => {
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
  const verbs = verbsOf(fsp, {
    hang: () => new Promise((resolve) => hanging.push(resolve)),
    hangUp: () => listener.server.closeAllConnections(),
  })
  for (const [name, stated] of Object.entries(controlOperations)) {
    const verb = verbs[name as keyof typeof controlOperations]
    if (!verb) continue
    const path = stated.path.replace(/\{(\w+)\}/g, ':$1')
    api.on(stated.method, path, async (c) => {
      const given = 'body' in stated ? stated.body.parse(await c.req.json()) : { id: c.req.param('id') }
      return c.json((await verb(given as never)) as object)
    })
  }
  return api.fetch
}

type Body<K extends keyof typeof controlOperations> = BodyOf<(typeof controlOperations)[K]>

/** What this FSP does with each operation. It is a careless one, which forgets limits: nothing is served where they are asked for. */
function verbsOf(fsp: ControlFsp, ways: { hang(): Promise<void>; hangUp(): void }) {
  return {
    async instruct(given: Body<'instruct'>) {
      fsp.received.push(given)
      const { instructionId } = given
      if (fsp.behaviour === 'hang') await ways.hang()
      if (fsp.behaviour === 'server-error') throw new Error('as told')
      if (fsp.behaviour === 'nonsense') return { outcome: 'perhaps' }
      if (fsp.behaviour !== 'hang-up' && !fsp.taken.has(instructionId))
        fsp.taken.set(instructionId, answerTo(fsp, given))
      if (fsp.behaviour === 'take-and-hang') await ways.hang()
      if (fsp.behaviour.endsWith('hang-up')) ways.hangUp()
      return fsp.taken.get(instructionId)
    },

    async sendLimit(given: Body<'sendLimit'>) {
      fsp.limits.push(given)
      const { limitId } = given
      if (fsp.behaviour === 'hang') await ways.hang()
      if (fsp.behaviour === 'server-error') throw new Error('as told')
      if (fsp.behaviour.endsWith('hang-up')) ways.hangUp()
      if (fsp.behaviour === 'nonsense') return { outcome: 'perhaps' }
      if (fsp.behaviour.startsWith('refuse')) return { limitId, outcome: 'refused', reason: 'unknown-connection' }
      fsp.limitsTaken.set(limitId, given)
      if (fsp.behaviour === 'take-and-hang') await ways.hang()
      return { limitId, outcome: 'accepted' }
    },

    async readAnswer({ id }: { id: string }) {
      fsp.questions++
      if (fsp.behaviour === 'hang-when-asked') await ways.hang()
      const taken = fsp.taken.get(id)
      if (!taken) throw new ProblemError('not-found', 'never seen')
      return taken
    },

    readLimitAnswer: null,
  } satisfies Record<keyof typeof controlOperations, unknown>
}

function answerTo(fsp: ControlFsp, { instructionId }: Instruction): InstructionAnswer {
  return fsp.behaviour === 'refuse-outside-window'
    ? { instructionId, outcome: 'refused', reason: 'outside-window' }
    : { instructionId, outcome: 'accepted' }
}
