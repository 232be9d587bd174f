import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { portalFiles } from '../../platform/http/index.ts'

const built = fileURLToPath(new URL('../../web/depot/dist', import.meta.url))

/** Where the screens of an FSP's people are: the API has the plain paths. */
const base = '/portal'

/** The portal of an FSP's people, below a path of its own; who opens the bare address is led there. */
export function depotPortal(folder = built): Hono {
  const site = new Hono()
  site.use(`${base}/assets/*`, compress())
  for (const path of ['/', base]) site.get(path, (c) => c.redirect(`${base}/`))
  return site.route('/', portalFiles(folder, base, '`ringmain fsp` or `npm start`, which build it'))
}
