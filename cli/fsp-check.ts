import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { messageOf, StartupError } from '../platform/errors/index.ts'
import { fetchBounded } from '../platform/http/index.ts'
import { createTokenSource } from '../platform/oauth/index.ts'
import type { Limit } from '../schemas/dispatch/import-limits.ts'
import type { Instruction } from '../schemas/dispatch/instructions.ts'
import { controlOperations } from '../schemas/fsp/control.ts'
import { requestOf } from '../schemas/vocabulary/client.ts'
import type { Operation } from '../schemas/vocabulary/operation.ts'
import { answerTo, discard, expectProblem, expectRefusal } from './fsp-check-answers.ts'
import { parseSafeUrl } from './transport-flags.ts'

/** One thing that a control API has to do, and whether it does. */
export interface CheckResult {
  name: string
  ok: boolean
  detail: string
}

export interface CheckOptions {
  /** Base of the control API: instructions are posted to `{url}/instructions`. */
  url: string
  tokenEndpoint: string
  clientId: string
  clientSecret: string
  authentication?: 'client_secret_basic' | 'client_secret_post'
  scope?: string
  /** An FU of the FSP; without one only what needs none is checked, by an FU that nobody has. */
  fuId?: string
}

const timeoutMs = 10_000

/** Notes one check: `test` says what is wrong, or `null`. */
type Check = (name: string, test: () => Promise<string | null>) => Promise<void>

/** Sends an operation as it is, whatever its contract says, and hands back what is answered. */
type Ask = (stated: Operation, call: object, change?: { authorization?: string; text?: string }) => Promise<Response>

const { instruct, readAnswer, sendLimit, readLimitAnswer } = controlOperations

/**
 * Exercises an FSP’s control API as the DNO’s server would, by the published document (/openapi-control.json, domain section 11): authentication, the contract, one effect per instruction,
 * refusals with their reasons. With `fuId` it sends 0 W for a moment a year away, which ends nothing that is running.
 */
export async function checkControlApi(options: CheckOptions): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const check: Check = async (name, test) => {
    const fault = await test().catch((error) => messageOf(error))
    results.push({ name, ok: fault === null, detail: fault ?? 'as it should be' })
  }
  const tokens = createTokenSource({
    tokenEndpoint: options.tokenEndpoint,
    clientId: options.clientId,
    authentication: { method: options.authentication ?? 'client_secret_basic', secret: options.clientSecret },
    ...(options.scope ? { scope: options.scope } : {}),
  })
  let token = ''
  await check('the token endpoint gives a token by client credentials', async () => {
    token = await tokens.get()
    return null
  })
  const ask: Ask = (stated, call, { authorization = `Bearer ${token}`, text } = {}) => {
    const { path, init } = requestOf(stated, call, { headers: authorization ? { authorization } : {} })
    const body = text === undefined ? {} : { body: text }
    const signal = AbortSignal.timeout(timeoutMs)
    return fetchBounded(`${options.url}${path}`, { ...init, ...body, signal })
  }
  const unknown = instructionFor(randomUUID())
  await checkAuthentication(check, ask, unknown)
  await checkContract(check, ask, unknown)
  await checkLimits(check, ask)
  if (options.fuId) await checkUnit(check, ask, options.fuId)
  return results
}

async function checkAuthentication(check: Check, ask: Ask, body: Instruction): Promise<void> {
  const wrong = { authorization: 'Bearer nonsense' }
  await check('an instruction without a token is answered 401, with a problem', async () =>
    expectProblem(await ask(instruct, { body }, { authorization: '' }), [401]),
  )
  await check('an instruction with a token that is none is answered 401, with a problem', async () =>
    expectProblem(await ask(instruct, { body }, wrong), [401]),
  )
  await check('a question without a valid token is answered 401, with a problem', async () =>
    expectProblem(await ask(readAnswer, { params: { id: randomUUID() } }, wrong), [401]),
  )
}

async function checkContract(check: Check, ask: Ask, body: Instruction): Promise<void> {
  await check('an instruction that nobody sent is answered 404, with a problem', async () =>
    expectProblem(await ask(readAnswer, { params: { id: randomUUID() } }), [404]),
  )
  await check('an address that names no instruction is answered 4xx, with a problem', async () =>
    expectProblem(await ask(readAnswer, { params: { id: 'no-identifier' } }), [400, 404, 422]),
  )
  await check('a body that is no JSON is answered 400 or 422, with a problem', async () =>
    expectProblem(await ask(instruct, { body }, { text: '{' }), [400, 422]),
  )
  await check('an instruction for an FU that is not there is refused as unknown-unit', async () =>
    expectRefusal(await ask(instruct, { body }), body, ['unknown-unit']),
  )
  await check('a body that breaks the contract is answered 4xx, or refused as malformed', async () => {
    const response = await ask(instruct, { body: { ...body, instructionId: randomUUID(), intervals: [] } })
    if (response.status >= 400 && response.status < 500) return discard(response)
    return expectRefusal(response, null, ['malformed'])
  })
}

async function checkLimits(check: Check, ask: Ask): Promise<void> {
  const body: Limit = {
    limitId: randomUUID(),
    connectionId: randomUUID(),
    intervals: [],
    failSafeW: null,
    issuedAt: new Date().toISOString(),
    validUntil: new Date(Date.now() + 60_000).toISOString(),
  }
  await check('a limit for a connection that is not the FSP’s is refused as unknown-connection', async () => {
    const response = await ask(sendLimit, { body })
    const text = await response.text()
    if (!response.ok) return `answered ${response.status}: ${text.slice(0, 200)}`
    const parsed = sendLimit.answer.safeParse(JSON.parse(text))
    if (!parsed.success) return `the answer breaks its contract: ${text.slice(0, 200)}`
    if (parsed.data.outcome === 'accepted') return 'accepted it'
    return parsed.data.reason === 'unknown-connection' ? null : `refused it as ${parsed.data.reason}`
  })
  await check('a limit that nobody sent is answered 404, with a problem', async () =>
    expectProblem(await ask(readLimitAnswer, { params: { id: randomUUID() } }), [404]),
  )
}

async function checkUnit(check: Check, ask: Ask, fuId: string): Promise<void> {
  const body = instructionFor(fuId)
  const first = await answerTo(() => ask(instruct, { body }))
  await check('an instruction for its FU is answered', async () => first.fault)
  await check('the same instruction again is answered the same', async () => {
    const again = await answerTo(() => ask(instruct, { body }))
    return again.fault ?? (again.text === first.text ? null : `first ${first.text}, then ${again.text}`)
  })
  await check('asked for it, the FSP answers the same', async () => {
    const asked = await answerTo(() => ask(readAnswer, { params: { id: body.instructionId } }))
    return asked.fault ?? (asked.text === first.text ? null : `first ${first.text}, asked ${asked.text}`)
  })
  const expired = { ...instructionFor(fuId), expiresAt: '2020-01-01T00:00:00Z' }
  await check('an instruction that has expired is refused as expired', async () =>
    expectRefusal(await ask(instruct, { body: expired }), expired, ['expired']),
  )
}

/** 0 W for a quarter-hour a year from now. */
function instructionFor(fuId: string): Instruction {
  const from = Math.ceil(Date.now() / 900_000) * 900_000 + 365 * 86_400_000
  const at = (ms: number) => new Date(ms).toISOString()
  return {
    instructionId: randomUUID(),
    fuId,
    product: 'A',
    onExpiry: 'end',
    intervals: [{ from: at(from), to: at(from + 900_000), turnDownW: 0 }],
    issuedAt: at(Date.now()),
    expiresAt: at(from),
  }
}

/** `ringmain fsp-check`. */
export function fspCheckCommand(): Command {
  return new Command('fsp-check')
    .description('exercise the control API that an FSP implements, and print what fails')
    .requiredOption('--url <url>', 'base of the control API; instructions go to URL/instructions', parseSafeUrl)
    .requiredOption('--token-endpoint <url>', 'the FSP’s token endpoint', parseSafeUrl)
    .requiredOption('--client-id <id>', 'the DNO’s client at the FSP')
    .option(
      '--client-secret <secret>',
      'its secret; better in RINGMAIN_CLIENT_SECRET',
      process.env['RINGMAIN_CLIENT_SECRET'],
    )
    .addOption(
      new Option('--authentication <method>', 'how the client authenticates there')
        .choices(['client_secret_basic', 'client_secret_post'])
        .default('client_secret_basic'),
    )
    .option('--scope <scope>', 'scope to ask for')
    .option('--fu <uuid>', 'an FU of the FSP, for the checks that need one: 0 W is sent for a moment a year away')
    .option('--json', 'print one JSON object and nothing else')
    .action(async (given) => {
      if (!given.clientSecret) throw new StartupError('Give --client-secret, or set RINGMAIN_CLIENT_SECRET.')
      const results = await checkControlApi({
        url: given.url,
        tokenEndpoint: given.tokenEndpoint,
        clientId: given.clientId,
        clientSecret: given.clientSecret,
        authentication: given.authentication,
        scope: given.scope,
        fuId: given.fu,
      })
      const failed = results.filter((result) => !result.ok).length
      if (given.json) process.stdout.write(`${JSON.stringify({ checks: results, failed })}\n`)
      else {
        for (const { name, ok, detail } of results)
          process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : `: ${detail}`}\n`)
        process.stdout.write(`${results.length - failed} of ${results.length} as they should be\n`)
      }
      if (failed > 0) process.exitCode = 1
    })
}
