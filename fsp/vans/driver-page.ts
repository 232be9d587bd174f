import { readFileSync } from 'node:fs'
import { Hono } from 'hono'

const fileOf = (name: string) => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8')

/** Only what comes from here: no other site's script, style or picture, and no frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * The drivers' page: the same for everybody. Whose it is says the token behind the hash of the link, which a browser never sends by itself,
 * so that it stands in no server's log.
 */
export function driverPage(): Hono {
  const site = new Hono()
  for (const [path, name, type] of [
    ['/driver', 'page.html', 'text/html; charset=utf-8'],
    ['/driver/page.js', 'page.js', 'text/javascript; charset=utf-8'],
    ['/driver/page.css', 'page.css', 'text/css; charset=utf-8'],
  ] as const) {
    const content = fileOf(name)
    site.get(path, (c) => c.body(content, 200, { 'content-type': type, 'content-security-policy': policy }))
  }
  return site
}
