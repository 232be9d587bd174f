import type { Hono } from 'hono'

/** Whether a process can do its work now; otherwise a sentence that states why not. */
export type Readiness = () => Promise<string | null>

/** Serves `/healthz`, which answers while the process runs, and `/readyz`, which answers 200 while it can work too. */
export function serveHealth(site: Hono, readiness: Readiness): void {
  site.get('/healthz', (c) => c.text('ok'))
  site.get('/readyz', async (c) => {
    const fault = await readiness()
    return fault ? c.text(fault, 503) : c.text('ready')
  })
}
