import { createMiddleware } from 'hono/factory'
import {
  type Answered,
  createRouter,
  type Given,
  givenOf,
  type RouteFrame,
  serveOperation,
} from '../../platform/http/index.ts'
import type { BodyOf, Operation, Operations, ParamsOf, QueryOf } from '../../schemas/vocabulary/operation.ts'

/** What a verb of the FSP works with. */
export interface Call<O extends Operation> {
  readonly params: ParamsOf<O>
  readonly query: QueryOf<O>
  readonly body: BodyOf<O>
}

/** The one function that carries out an operation. */
type Verb<O extends Operation> = (call: Call<O>) => Promise<Answered<O>> | Answered<O>

/** A verb for each operation of a set; an operation without a verb, or a verb without an operation, does not compile. */
type Verbs<Ops extends Operations> = { readonly [K in keyof Ops]: Verb<Ops[K]> }

/** How callers of one of the FSP's APIs authenticate: its documentation, and the check before a request is read. */
export interface Entrance extends Omit<RouteFrame, 'middleware'> {
  /** Throws a problem for a caller that is not admitted. */
  check(request: Request): Promise<void> | void
}

/** Binds a verb to each operation of a set, with one way to authenticate. */
export function bind<Ops extends Operations>(operations: Ops, { check, ...frame }: Entrance, verbs: Verbs<Ops>) {
  const router = createRouter()
  const middleware = createMiddleware(async (c, next) => {
    await check(c.req.raw)
    await next()
  })
  for (const [name, stated] of Object.entries(operations)) {
    const verb = verbs[name] as (given: Given) => Promise<unknown> | unknown
    serveOperation(router, stated, { ...frame, middleware }, async (c) => verb(givenOf(stated, c)))
  }
  return router
}
