import { ROOT_CONTEXT, type Span, SpanKind } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { beginSpan, noteStatus, type SpanMaker, toldTrace } from '../tracing/index.ts'
import type { NodeHandler } from './serve.ts'

/** Asked every few seconds by whoever watches: a trace of each would say nothing. */
const untraced = new Set(['/healthz', '/readyz'])

/** The pattern of the route that answers a request; `none` for what no route takes. Paths hold identifiers without end. */
export function patternOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'none'
}

/** A span for every request that passes, named by its route, which continues the trace that the caller states. */
export function traceRequests(maker: SpanMaker): MiddlewareHandler {
  return async (c, next) => {
    if (untraced.has(c.req.path)) return next()
    const { method } = c.req
    const parent = toldTrace(ROOT_CONTEXT, (name) => c.req.header(name))
    await beginSpan(maker, parent, serving(method), async (span) => {
      await next()
      name(span, { method, route: patternOf(c), status: c.res.status })
    })
  }
}

/** The same for a handler of Node below a prefix: its paths are named where they are of the protocol, and otherwise by the prefix. */
export function traceMount(maker: SpanMaker | undefined, prefix: string, handler: NodeHandler): NodeHandler {
  if (!maker) return handler
  return (request, response) => {
    const { method = 'GET', url = '' } = request
    const [, known] = /^(\/(?:token|jwks|auth|\.well-known\/openid-configuration))(?:\?|$)/.exec(url) ?? []
    const parent = toldTrace(ROOT_CONTEXT, (name) => request.headers[name]?.toString())
    void beginSpan(maker, parent, serving(method), async (span) => {
      // A caller that hangs up gets no end of the answer.
      const answered = new Promise((resolve) => response.once('finish', resolve).once('close', resolve))
      handler(request, response)
      await answered
      name(span, { method, route: `${prefix}${known ?? '/*'}`, status: response.statusCode })
    })
  }
}

/** The span of a request before its route is found. */
const serving = (method: string) => ({ name: method, kind: SpanKind.SERVER })

function name(span: Span, { method, route, status }: { method: string; route: string; status: number }): void {
  span.updateName(`${method} ${route}`)
  span.setAttributes({ 'http.request.method': method, 'http.route': route })
  noteStatus(span, status, 500)
}
