import type { OpenAPIHono } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { createRouter, ProblemError, type RouteFrame, serveOperation } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { type Access, wordsOf } from '../../schemas/vocabulary/access.ts'
import type { Operation, Operations } from '../../schemas/vocabulary/operation.ts'
import type { ProblemKind } from '../../schemas/vocabulary/problem.ts'
import { requireAccess, requireSession } from './access-rules.ts'
import { type ActorVariables, nameOf } from './actors.ts'
import { type CarriedAct, ownTransaction, type SpecialVerb, type Verb } from './calls.ts'
import type { ServerContext } from './context.ts'
import type { Http } from './opening.ts'
import type { PoolName } from './pools.ts'
import { propose } from './proposals.ts'
import { type AnyVerb, runnerOf } from './running.ts'

type Router = OpenAPIHono<{ Variables: ActorVariables }>

/** Operations with their verbs; `routes` serves them. The type records which operations they are, so that none is left out. */
export interface Bound<Ops extends Operations> {
  readonly operations: Ops
  /** Operations whose change waits for a second person, by name. */
  readonly acts: ReadonlyMap<string, CarriedAct>
  routes(context: ServerContext): Router
}

/** A verb for each operation of a set; an operation without a verb, or a verb without an operation, does not compile. */
export type Verbs<Ops extends Operations> = { readonly [K in keyof Ops]: Verb<Ops[K]> | SpecialVerb<Ops[K]> }

/** The name under which an access rule stands in the OpenAPI document. */
export const accessExtension = 'x-access'

/** What holds for all verbs of a set that do not say otherwise. */
export interface BindOptions {
  /** The database connections that they work on. */
  pool?: PoolName
}

/** Binds a verb to each operation of a set. */
export function bind<Ops extends Operations>(
  operations: Ops,
  verbs: Verbs<Ops>,
  { pool = 'requests' }: BindOptions = {},
): Bound<Ops> {
  const acts = new Map<string, CarriedAct>()
  for (const [name, stated] of Object.entries(operations)) {
    const act = actOf(verbs[name] as AnyVerb)
    if (act) acts.set(name, { stated, act })
  }
  return {
    operations,
    acts,
    routes(context) {
      const router = createRouter<ActorVariables>()
      for (const [name, stated] of Object.entries(operations)) {
        const [bound, carried] = [verbs[name] as AnyVerb, acts.get(name)]
        const verb = carried ? ownTransaction((call) => propose(name, carried.act, call) as never) : bound
        addRoute(router, context, { operationId: name, stated, verb, pool })
      }
      return router
    },
  }
}

function actOf(bound: AnyVerb): CarriedAct['act'] | undefined {
  return typeof bound === 'function' ? undefined : bound.act
}

function addRoute(
  router: Router,
  context: ServerContext,
  { operationId, stated, verb, pool }: { operationId: string; stated: Operation; verb: AnyVerb; pool: PoolName },
): void {
  const isStreamed = typeof verb !== 'function' && verb.isStreamed === true
  const run = runnerOf(stated, verb, pool)
  serveOperation(router, stated, { ...frameOf(stated, context), operationId }, (c) => run(context, c), { isStreamed })
}

function frameOf(stated: Operation, { people, clock, log }: ServerContext): RouteFrame {
  const { access } = stated
  return {
    needs: wordsOf(access),
    security: securityOf(access),
    // An invalid token is refused even if the operation needs none.
    problems: problemsOf(stated),
    extensions: { [accessExtension]: access },
    middleware: createMiddleware<{ Variables: ActorVariables }>(async (c, next) => {
      try {
        requireAccess(c.get('actor'), access)
        requireSession(c.get('actor'), stated, people, clock.now())
      } catch (error) {
        noteRefusal(log, stated, c, error)
        throw error
      }
      await next()
    }),
  }
}

/** Somebody who is known tried what is not theirs: the log has who, what and from where (ASVS 5.0 16.3.2). */
function noteRefusal(log: Log, { method, path }: Operation, c: Http, error: unknown): void {
  const actor = c.get('actor')
  if (!actor || !(error instanceof ProblemError)) return
  const operation = `${method.toUpperCase()} ${path}`
  log.warn({ actor: nameOf(actor), operation, address: c.get('address'), reason: error.kind }, 'access refused')
}

function problemsOf({ access, recent, openToIncomplete }: Operation): ProblemKind[] {
  if (access === 'anyone') return ['invalid-token']
  // Programs of FSPs call some of these too, and never have an account that lacks something.
  const isForPeopleAlone =
    access.fsp === undefined &&
    access.customer === undefined &&
    access.provider === undefined &&
    (access.people !== undefined || access.user !== undefined)
  return [
    'unauthenticated',
    'invalid-token',
    'forbidden',
    ...(isForPeopleAlone && !openToIncomplete ? (['account-incomplete'] as const) : []),
    ...(recent ? (['reauthentication-needed'] as const) : []),
  ]
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === 'anyone') return []
  const scopes = [
    ...(access.fsp ? [access.fsp] : []),
    ...(access.gateway ? ['gateway'] : []),
    ...(access.customer ? ['customer'] : []),
    ...(access.provider ? ['data'] : []),
  ]
  const isForPeople = access.people !== undefined || access.user !== undefined
  return [
    ...(isForPeople || access.fsp || access.customer ? [{ session: [] }] : []),
    ...scopes.map((scope) => ({ token: [scope] })),
  ]
}
