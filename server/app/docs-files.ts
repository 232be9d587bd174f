import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Hono } from 'hono'
import { fileAnswer, fileIn, pageHeaders } from '../../platform/http/index.ts'

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
    return file ? fileAnswer(file, false) : c.notFound()
  })
  return app
}
