import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { checkControlApi } from '../../cli/fsp-check.ts'
import { type Rig, startRig } from '../../fsp/test/support/rig.ts'
import { createTokenSource } from '../../platform/oauth/index.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { controlApi } from '../../schemas/market/parties.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import { JsonText, type Operation } from '../../schemas/vocabulary/operation.ts'
import { controlDocument } from '../../server/app/documents.ts'

// The published document of the control API, held against the reference FSP on its socket: what either says the other keeps.

let rig: Rig
let fuId: string
let base: string
const tokens = new Map<string, string>()

/** Starts the FSP, registers it, and fetches a token with the scope and one without. */
async function begin(): Promise<void> {
  rig = await startRig()
  fuId = await rig.register()
  const api = controlApi.parse(rig.dno.application?.controlApi)
  base = api.baseUrl
  for (const scope of ['control', ''])
    tokens.set(
      scope,
      await createTokenSource({
        tokenEndpoint: api.tokenEndpoint,
        clientId: api.clientId,
        ...(scope ? { scope } : {}),
        authentication: { method: 'client_secret_basic', secret: api.clientSecret ?? '' },
      }).get(),
    )
}

interface Call {
  authorization?: string
  id?: string
  body?: string
}

const limitExample = () => ({
  limitId: randomUUID(),
  connectionId: randomUUID(),
  failSafeW: null,
  intervals: [],
  issuedAt: '2026-01-15T12:00:00Z',
  validUntil: '2026-01-15T13:00:00Z',
})

const example = () => ({
  instructionId: randomUUID(),
  fuId,
  product: 'A',
  onExpiry: 'end',
  intervals: [{ from: '2026-01-15T17:00:00Z', to: '2026-01-15T17:15:00Z', turnDownW: 0 }],
  issuedAt: '2026-01-15T12:00:00Z',
  expiresAt: '2026-01-15T17:00:00Z',
})

/** A request for each problem that the document names. */
const provokers: Record<keyof typeof controlOperations, Record<string, () => Call>> = {
  instruct: {
    malformed: () => ({ body: '{' }),
    unauthenticated: () => ({ authorization: '' }),
    'invalid-token': () => ({ authorization: 'Bearer nonsense' }),
    forbidden: () => ({ authorization: `Bearer ${tokens.get('')}` }),
    'contract-broken': () => ({ body: JSON.stringify({ ...example(), intervals: [] }) }),
  },
  readAnswer: {
    unauthenticated: () => ({ authorization: '' }),
    'invalid-token': () => ({ authorization: 'Bearer nonsense' }),
    forbidden: () => ({ authorization: `Bearer ${tokens.get('')}` }),
    'not-found': () => ({ id: randomUUID() }),
    'contract-broken': () => ({ id: 'no-identifier' }),
  },
  sendLimit: {
    malformed: () => ({ body: '{' }),
    unauthenticated: () => ({ authorization: '' }),
    'invalid-token': () => ({ authorization: 'Bearer nonsense' }),
    forbidden: () => ({ authorization: `Bearer ${tokens.get('')}` }),
    'contract-broken': () => ({ body: JSON.stringify({ ...limitExample(), failSafeW: -1 }) }),
  },
  readLimitAnswer: {
    unauthenticated: () => ({ authorization: '' }),
    'invalid-token': () => ({ authorization: 'Bearer nonsense' }),
    forbidden: () => ({ authorization: `Bearer ${tokens.get('')}` }),
    'not-found': () => ({ id: randomUUID() }),
    'contract-broken': () => ({ id: 'no-identifier' }),
  },
}

async function answerTo(operation: Operation, call: Call): Promise<string> {
  const { path, init } = requestOf(operation, {
    params: { id: call.id ?? randomUUID() },
    ...(operation.method === 'post' ? { body: new JsonText(call.body ?? JSON.stringify(example())) } : {}),
  })
  const authorization = call.authorization ?? `Bearer ${tokens.get('control')}`
  const headers = { ...init.headers, ...(authorization ? { authorization } : {}) }
  const response = await fetch(`${base}${path}`, { ...init, headers })
  const { type = 'no problem' } = (await response.json()) as { type?: string }
  return type.replace('urn:ringmain:problem:', '')
}

/** Says that a body comes that is larger than is taken, and sends none of it. */
function announceTooMuch({ path }: Operation): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${tokens.get('control')}`,
      'content-type': 'application/json',
      'content-length': '999000000',
    }
    const sending = request(`${base}${path}`, { method: 'POST', headers }, (response) => {
      let text = ''
      response.on('data', (part) => (text += String(part)))
      response.on('end', () => resolve(JSON.parse(text).type.replace('urn:ringmain:problem:', '')))
    })
    sending.on('error', reject)
    sending.flushHeaders()
  })
}

/** The kinds of problem that the document names for an operation. */
function kindsOf(documented: unknown): string[] {
  const { responses } = documented as { responses: Record<string, Documented> }
  return Object.entries(responses).flatMap(([status, { content }]) =>
    /^[45]/.test(status) ? Object.keys(content['application/problem+json'].examples) : [],
  )
}

interface Documented {
  content: { 'application/problem+json': { examples: object } }
}

test('FB07 every problem that the control API’s document names is provoked at the reference FSP', async () => {
  await begin()
  const wrong: string[] = []
  const { paths = {} } = controlDocument()
  const stated = Object.entries(controlOperations) as [keyof typeof controlOperations, Operation][]
  expect(Object.values(paths).flatMap((methods) => Object.keys(methods))).toHaveLength(stated.length)
  for (const [name, operation] of stated)
    for (const kind of kindsOf(paths[operation.path]?.[operation.method])) {
      const provoke = provokers[name][kind]
      const found =
        kind === 'too-large'
          ? await announceTooMuch(operation)
          : provoke
            ? await answerTo(operation, provoke())
            : 'nobody knows how'
      if (found !== kind) wrong.push(`${name} ${kind}: ${found}`)
    }
  expect(wrong).toEqual([])
})

test('the document has an example of what is sent and of what is answered', () => {
  const { schemas } = controlDocument().components ?? {}
  for (const name of ['Instruction', 'InstructionAnswer', 'Limit', 'LimitAnswer'])
    expect((schemas?.[name] as { example?: object } | undefined)?.example, name).toBeDefined()
})

test('the reference FSP passes fsp-check', async () => {
  await begin()
  const api = controlApi.parse(rig.dno.application?.controlApi)
  const results = await checkControlApi({
    url: api.baseUrl,
    tokenEndpoint: api.tokenEndpoint,
    clientId: api.clientId,
    fuId,
    clientSecret: api.clientSecret ?? '',
    ...(api.scope ? { scope: api.scope } : {}),
  })
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  expect(results.length).toBeGreaterThan(10)
})
