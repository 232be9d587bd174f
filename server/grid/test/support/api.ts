import { randomBytes } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { SimulatedClock } from '../../../../platform/clock/index.ts'
import type { Database } from '../../../../platform/db/index.ts'
import { createApi } from '../../../../platform/http/index.ts'
import { createSecretBox } from '../../../../platform/secrets/index.ts'
import type { Role } from '../../../../schemas/vocabulary/roles.ts'
import { type Actor, type ActorVariables, type ServerContext, tokenIssuerAt } from '../../../kit/index.ts'
import { gridRoutes } from '../../index.ts'

/** A person of the DNO. */
export function person(username: string, ...roles: Role[]): Actor {
  return { kind: 'person', accountId: crypto.randomUUID(), username, fullName: username, roles: new Set(roles) }
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  body: any
  headers: Headers
}

/** The grid wing's API on virtual time; each call says who makes it. */
export function testApi(db: Database, start: Instant, given: Partial<ServerContext> = {}) {
  const clock = new SimulatedClock(start)
  const announced: string[] = []
  const context: ServerContext = {
    db,
    clock,
    log: pino({ level: 'silent' }),
    secrets: createSecretBox(randomBytes(32)),
    publicUrl: 'http://localhost',
    tokenIssuer: tokenIssuerAt('http://localhost'),
    environment: 'live',
    announce: (topic) => announced.push(topic),
    ...given,
  }
  const api = createApi<ActorVariables>(context.log)
  api.use('*', async (c, next) => {
    c.set('actor', (c.env as { actor: Actor | null }).actor)
    await next()
  })
  api.route('/', gridRoutes(context))
  const call = async (who: Actor | null, path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await api.request(path, init, { actor: who })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: json && text ? JSON.parse(text) : text, headers: response.headers }
  }
  return {
    context,
    clock,
    announced,
    get: (who: Actor | null, path: string, headers: Record<string, string> = {}) => call(who, path, { headers }),
    send: (who: Actor | null, method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
      call(who, path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
