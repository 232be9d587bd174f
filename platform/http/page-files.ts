import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
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

/** Everything is loaded from this server; scripts may set styles, as the portals' component library does. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

/** Of pages and their files, in place of the policy for answers that show nothing; the other headers are set for every answer. */
export const pageHeaders = { 'content-security-policy': contentSecurityPolicy }

/** A file below a folder; `null`: there is none, or the path leads out of the folder. */
export async function fileIn(folder: string, path: string): Promise<string | null> {
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

/** A file as an answer. @param immutable it never changes under its name. */
export async function fileAnswer(file: string, immutable: boolean): Promise<Response> {
  const headers = {
    ...pageHeaders,
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  return new Response(await readFile(file), { headers })
}

/**
 * Serves a portal's built files; unknown paths get its page, whose router decides what to show.
 * @param base the path that its addresses begin with, such as `/portal`; by default none.
 * @param building what builds it, for the answer where it has not been built.
 */
export function portalFiles(
  folder: string,
  base = '',
  building = '`npm start`, which builds it, or `npm run build`',
): Hono {
  const app = new Hono()
  app.get(`${base}/*`, async (c) => {
    const path = decoded(c.req.path).slice(base.length)
    const file = await fileIn(folder, path)
    // Vite names the files under assets/ after their content, so they never change.
    if (file) return fileAnswer(file, path.startsWith('/assets/'))
    const page = await fileIn(folder, 'index.html')
    if (page && !path.startsWith('/assets/')) return fileAnswer(page, false)
    const sentence = page
      ? `File ${c.req.path} not found.`
      : `The portal has not been built yet: run ${building}, and reload this page.`
    return c.text(sentence, 404, pageHeaders)
  })
  return app
}
