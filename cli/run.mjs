#!/usr/bin/env node
// Runs everything under the Node and the packages that this checkout pins: installs them first when they are missing or stale.
// Plain JavaScript for Node 20 and without imports from node_modules, because it must run before there is anything else.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.ringmain-installed')

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(readFileSync(join(root, 'package.json')))
    .digest('hex')
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockDigest()
}

function install() {
  process.stderr.write('Installing the pinned packages (npm ci)…\n')
  // npm is called through its own script where npm itself started us: the same npm, and no shell in between.
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (result.status !== 0) {
    rmSync(stampFile, { force: true })
    process.stderr.write(
      'The packages could not be installed: see npm’s message above, mend it and run the same command again.\n',
    )
    process.exit(1)
  }
  writeFileSync(stampFile, lockDigest())
}

/** The pinned Node 24, or the one that runs this if it is new enough to run TypeScript. */
function findNode() {
  for (const name of [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]) {
    const file = join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(file)) return file
  }
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  process.stderr.write(
    `Node 22.18 or newer is needed on ${process.platform}-${process.arch}, where no pinned one exists; this is ${process.version}.\n`,
  )
  process.exit(1)
}

if (!isInstalled()) install()

const node = findNode()
const bin = join(modules, '.bin')
const env = { ...process.env, PATH: [dirname(node), bin, process.env.PATH].join(delimiter) }
const args = process.argv.slice(2)
const [command, commandArgs] =
  args[0] === '--exec'
    ? [args[1] === 'node' ? node : join(bin, args[1]), args.slice(2)]
    : [node, [join(root, 'cli', 'main.ts'), ...args]]
const child = spawn(command, commandArgs, { cwd: args[0] === '--exec' ? root : process.cwd(), env, stdio: 'inherit' })
// Ctrl-C reaches the child by the terminal; what was sent to this process alone is passed on.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => {
  process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : code)
})
