import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize, sep } from 'node:path'
import { Hono } from 'hono'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Everything is loaded from this server; scripts may set styles, as the portal's component library does. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

/** Of pages and their files, in place of the policy for answers that show nothing; the other headers are set for every answer. */
const pageHeaders = { 'content-security-policy': contentSecurityPolicy }

async function fileIn(folder: string, path: string): Promise<string | null> {
  const file = normalize(join(folder, path))
  if (!file.startsWith(folder + sep)) return null
  const found = await stat(file).catch(() => null)
  return found?.isFile() ? file : null
}

/** A path with its percent-encoding decoded; unchanged if that is invalid. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function respond(file: string, immutable: boolean): Promise<Response> {
  const headers = {
    ...pageHeaders,
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  return new Response(await readFile(file), { headers })
}

/** Serves the portal's built files; unknown paths get its page, whose router decides what to show. */
export function portalFiles(folder: string): Hono {
  const app = new Hono()
  app.get('*', async (c) => {
    const path = decoded(c.req.path)
    const file = await fileIn(folder, path)
    // Vite names the files under assets/ after their content, so they never change.
    if (file) return respond(file, path.startsWith('/assets/'))
    const page = await fileIn(folder, 'index.html')
    if (page && !path.startsWith('/assets/')) return respond(page, false)
    const sentence = page
      ? `File ${c.req.path} not found.`
      : 'The portal has not been built yet: run `npm start`, which builds it, or `npm run build`, and reload this page.'
    return c.text(sentence, 404, pageHeaders)
  })
  return app
}

const docsPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ringmain API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="reference"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/swagger-ui-standalone-preset.js"></script><script src="/docs/start.js"></script></body>
</html>`

const docsScript = `SwaggerUIBundle({
  urls: [
    { name: 'The DNO’s API, for FSPs', url: '/openapi-fsp.json' },
    { name: 'Control API, which an FSP implements', url: '/openapi-control.json' },
    { name: 'The DNO’s whole API', url: '/openapi.json' },
  ],
  'urls.primaryName': 'The DNO’s API, for FSPs',
  dom_id: '#reference',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
})`

/** A browsable reference of the API. */
export function docsFiles(): Hono {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const app = new Hono()
  app.get('/docs', (c) => c.html(docsPage, 200, pageHeaders))
  app.get('/docs/start.js', (c) => c.body(docsScript, 200, { ...pageHeaders, 'content-type': 'text/javascript' }))
  app.get('/docs/:file{swagger-ui(-bundle|-standalone-preset)?\\.(js|css)}', async (c) => {
    const file = await fileIn(folder, c.req.param('file'))
    return file ? respond(file, false) : c.notFound()
  })
  return app
}
