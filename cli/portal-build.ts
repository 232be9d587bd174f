import { spawn } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../platform/errors/index.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')

/** The faces that are built: the DNO's and its customers', which its server serves, and that of an FSP's people. */
type Face = 'portal' | 'planner' | 'depot'
const faceNames: Record<Face, string> = {
  portal: 'the portal',
  planner: 'the customers’ pages',
  depot: 'the FSPs’ portal',
}

/**
 * Builds faces that have not been built since their sources changed, or are in another language than RINGMAIN_LANGUAGE names. An installation
 * without their sources or without what builds them, as a container is, keeps those that it came with.
 */
export async function buildPortals(faces: readonly Face[], say: (line: string) => void): Promise<void> {
  if (!(await isThere(vite))) return
  const changedAt = Math.max(await newest(join(root, 'web')), await newest(join(root, 'schemas')))
  for (const face of faces) {
    const folder = join(root, 'web', face)
    if (!(await isThere(join(folder, 'index.html')))) continue
    const built = join(folder, 'dist', 'index.html')
    const builtAt = await stat(built).then(
      (found) => found.mtimeMs,
      () => 0,
    )
    if (builtAt > changedAt && (await languageIn(built)) === wantedLanguage()) continue
    say(`Building ${faceNames[face]}…`)
    const output = await run(vite, ['build', folder])
    if (output !== null) throw new StartupError(`Building ${faceNames[face]} failed:\n${output}`)
  }
}

/** The language to build in, as a built page names it. */
function wantedLanguage(): string {
  const given = process.env['RINGMAIN_LANGUAGE'] ?? ''
  return given === '' || /^en(-|$)/.test(given) ? 'en-GB' : given
}

/** The language that a page says that it is in. */
async function languageIn(page: string): Promise<string | undefined> {
  return /<html lang="([^"]*)"/.exec(await readFile(page, 'utf8'))?.[1]
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

/** When the newest file below a folder was changed, ms since 1970; what is built does not count. */
async function newest(folder: string): Promise<number> {
  let latest = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? await newest(path) : (await stat(path)).mtimeMs)
  }
  return latest
}

/** Runs a script of node's; its output when it fails, else `null`. */
function run(script: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? null : output))
  })
}
