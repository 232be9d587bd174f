import { Hono, type MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { Registry } from 'prom-client'
import { type Listener, listen } from '../http/index.ts'
import type { ProcessMetrics } from './process-metrics.ts'

/** What a metrics port shows. */
export interface MetricsPages {
  /** By path, such as `/metrics`: text in the Prometheus format. */
  readonly pages: Readonly<Record<string, () => Promise<string>>>
  /** Whether the process can do its work now; otherwise a sentence that states why not. */
  readonly readiness?: () => Promise<string | null>
}

/** Serves metrics, `/healthz` and `/readyz` at a port of their own, which nobody but the operator's monitoring is to reach. */
export async function serveMetrics(
  { host = '127.0.0.1', port }: { host?: string | undefined; port: number },
  what: string,
  { pages, readiness = () => Promise.resolve(null) }: MetricsPages,
): Promise<Listener> {
  const listener = await listen({ host, port, what, portSetting: '--metrics-port or RINGMAIN_METRICS_PORT' })
  const app = new Hono()
  const type = { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }
  for (const [path, page] of Object.entries(pages)) app.get(path, async (c) => c.body(await page(), 200, type))
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    const fault = await readiness()
    return fault ? c.text(fault, 503) : c.text('ready')
  })
  listener.use((request) => app.fetch(request))
  return listener
}

/** Counts every request that passes, by the pattern of its route; what no route takes counts as `none`. */
export function countRequests(metrics: ProcessMetrics): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now()
    await next()
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'none'
    metrics.requested(c.req.method, route, c.res.status, performance.now() - begun)
  }
}
