import { Command } from 'commander'
import { messageOf, StartupError } from '../platform/errors/index.ts'
import { networkOperations } from '../schemas/grid/network.ts'
import { parseHttpUrl } from './options.ts'

/** What was looked at, and what was found. */
export interface SmokeCheck {
  name: string
  ok: boolean
  detail: string
}

/** Longest wait for one answer, ms. */
const patienceMs = 10_000

/** `ringmain smoke`: whether a server that runs answers as it should, seen from outside and without an account. */
export function smokeCommand(): Command {
  return new Command('smoke')
    .description('whether a running server answers as it should, seen from outside and without an account')
    .argument('<url>', 'its public address', parseHttpUrl)
    .option('--json', 'as JSON')
    .action(async (url: string, { json }: { json?: boolean }) => {
      const checks = await smoke(url)
      if (json) process.stdout.write(`${JSON.stringify({ url, ok: checks.every(({ ok }) => ok), checks })}\n`)
      else
        for (const { name, ok, detail } of checks)
          process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${detail}\n`)
      if (checks.some(({ ok }) => !ok)) throw new StartupError(`${url} does not answer as it should.`)
    })
}

/** Looks at a server as a stranger can: life, database, portal, documents, issuer and keys, headers, and that nothing is open. */
export async function smoke(url: string): Promise<SmokeCheck[]> {
  const checks: [name: string, check: () => Promise<string>][] = [
    ['the process lives', () => text(`${url}/healthz`, (body) => (body === 'ok' ? body : fail(`it says ${body}`)))],
    ['its database answers', () => text(`${url}/readyz`, (body) => (body === 'ready' ? body : fail(body)))],
    ['the portal is served', () => portal(url)],
    ['the API describes itself', () => document(url)],
    ['tokens are issued here', () => issuer(url)],
    ['nobody gets in without a log-in', () => closed(url)],
    ['browsers are told to be careful', () => headers(url)],
  ]
  return Promise.all(
    checks.map(async ([name, check]) => {
      try {
        return { name, ok: true, detail: await check() }
      } catch (error) {
        return { name, ok: false, detail: messageOf(error) }
      }
    }),
  )
}

async function portal(url: string): Promise<string> {
  const page = await text(`${url}/`, (body) => body)
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? fail('the page names no script: is the portal built?')
  const { headers: given } = await get(`${url}${script}`)
  return `${script}, ${given.get('cache-control') ?? 'without a cache header'}`
}

async function document(url: string): Promise<string> {
  const { openapi, paths } = (await (await get(`${url}/openapi.json`)).json()) as { openapi: string; paths: object }
  return `OpenAPI ${openapi}, ${Object.keys(paths).length} paths`
}

async function issuer(url: string): Promise<string> {
  const found = `${url}/oidc/.well-known/openid-configuration`
  const { issuer: stated, jwks_uri: keysAt } = (await (await get(found)).json()) as Record<string, string>
  if (!stated?.startsWith(url)) fail(`its issuer is ${stated}: is --public-url right?`)
  const { keys } = (await (await get(keysAt ?? '')).json()) as { keys: unknown[] }
  return keys.length > 0 ? `${stated}, ${keys.length} keys` : fail('it publishes no key')
}

async function closed(url: string): Promise<string> {
  const answer = await fetch(`${url}/api${networkOperations.listNodes.path}`, {
    signal: AbortSignal.timeout(patienceMs),
  })
  return answer.status === 401 ? '401' : fail(`the network is answered with ${answer.status}`)
}

async function headers(url: string): Promise<string> {
  const { headers: given } = await get(`${url}/`)
  const wanted = ['content-security-policy', 'x-content-type-options', 'referrer-policy']
  if (url.startsWith('https:')) wanted.push('strict-transport-security')
  const missing = wanted.filter((name) => !given.has(name))
  return missing.length === 0 ? wanted.join(', ') : fail(`without ${missing.join(', ')}`)
}

async function text(url: string, read: (body: string) => string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
  return read(await answer.text())
}

async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
  return answer.ok ? answer : fail(`${new URL(url).pathname} is answered with ${answer.status}`)
}

function fail(why: string): never {
  throw new Error(why)
}
