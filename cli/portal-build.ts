import { spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../platform/errors/index.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const built = join(root, 'web', 'portal', 'dist', 'index.html')

/** Builds the portal when it has not been built since its sources changed. */
export async function buildPortal(say: (line: string) => void): Promise<void> {
  const builtAt = await stat(built).then(
    (found) => found.mtimeMs,
    () => 0,
  )
  const sources = [await newest(join(root, 'web')), await newest(join(root, 'schemas'))]
  if (builtAt > Math.max(...sources)) return
  say('Building the portal…')
  const output = await run(join(root, 'node_modules', 'vite', 'bin', 'vite.js'), ['build', join(root, 'web', 'portal')])
  if (output !== null) throw new StartupError(`The portal could not be built:\n${output}`)
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
