import { messageOf } from '../../platform/errors/index.ts'
import { listen, safetyHeaders } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'

/** Something that a visitor of the demo can make happen, and take back. */
export interface Control {
  id: string
  title: string
  /** What happens, and where in the portal it shows. */
  what: string
  /** Words of the two buttons. */
  begin: string
  end: string
  isOn(): boolean
  set(isOn: boolean): Promise<void>
}

/** The demo's control page while it is served. */
export interface ControlPage {
  url: string
  close(): Promise<void>
}

/** Serves a page with which a visitor provokes failures in the simulated world. On this machine only, and in a demo only: nothing asks who it is. */
export async function serveControls(
  controls: readonly Control[],
  { port, portalUrl, log }: { port: number; portalUrl: string; log: Log },
): Promise<ControlPage> {
  const listener = await listen({
    host: '127.0.0.1',
    port,
    what: 'the demo’s control page',
    portSetting: '--controls-port',
  })
  const headers = {
    ...safetyHeaders(listener.url),
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'content-type': 'text/html; charset=utf-8',
  }
  const shown = (fault: string | null, status = 200) =>
    new Response(pageOf(controls, portalUrl, fault), { status, headers })
  listener.use(async (request) => {
    if (request.method === 'GET') return shown(null)
    if (request.method !== 'POST') return shown('This page is read and its buttons are pressed: nothing else.', 405)
    // A page of another site could press the buttons of this one.
    if (request.headers.get('origin') !== listener.url)
      return shown(`The buttons work from ${listener.url} only: open that address.`, 403)
    const form = new URLSearchParams(await request.text())
    const control = controls.find(({ id }) => id === form.get('control'))
    if (!control) return shown('There is no such control: press one of the buttons below.', 422)
    try {
      await control.set(form.get('on') === 'true')
    } catch (error) {
      log.error({ err: error, control: control.id }, 'a control of the demo failed')
      return shown(`${control.title}: ${messageOf(error)}. Stop the demo and start it again.`, 500)
    }
    return new Response(null, { status: 303, headers: { ...headers, location: '/' } })
  })
  return { url: listener.url, close: () => listener.close(0) }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&quot;')
}

function pageOf(controls: readonly Control[], portalUrl: string, fault: string | null): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Controls · Ringmain demo</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1f2429; background: #fff }
section { border: 1px solid #c9ced3; border-radius: 4px; padding: .5rem 1rem 1rem; margin: 1rem 0 }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin: .5rem 0 }
button { font: inherit; padding: .4rem .9rem; border: 1px solid #5c646c; border-radius: 4px; background: #fff; color: #1f2429; cursor: pointer }
.on { font-weight: 600; color: #a11 } .fault { border-left: 4px solid #a11; padding: .5rem 1rem }
</style>
</head>
<body>
<main>
<h1>Controls of the demo</h1>
<p>What you provoke here happens in the simulated world, and reaches <a href="${escaped(portalUrl)}">the portal</a> by the same ways as in the field.</p>
${fault === null ? '' : `<p class="fault" role="alert">${escaped(fault)}</p>`}
${controls.map(sectionOf).join('\n')}
<section><h2>Time</h2><p>Time cannot run faster here: hubs, charge points, tokens and browsers all go by the clock of this machine. To see a whole day in
a minute or two, run <code>npm run -s ringmain -- day</code>, which plays one in virtual time through the same processes.</p></section>
</main>
</body>
</html>
`
}

function sectionOf({ id, title, what, begin, end, isOn }: Control): string {
  const on = isOn()
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2><p>${escaped(what)}</p>
${on ? '<p class="on">In force.</p>' : ''}
<form method="post" action="/"><input type="hidden" name="control" value="${id}"><input type="hidden" name="on" value="${!on}">
<button>${escaped(on ? end : begin)}</button></form></section>`
}
