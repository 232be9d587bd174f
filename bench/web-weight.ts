import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import type { Browser, Page, Request } from 'playwright-core'
import { startFsp } from '../fsp/index.ts'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, startCluster } from '../platform/db/index.ts'
import { readDepots, readPeople, seedPeople } from '../seeds/index.ts'
import { seedPlans } from '../seeds/plans.ts'
import { startServer } from '../server/app/index.ts'
import { builtFace, launch } from './support/browser.ts'

const at = Instant.parse('2026-01-15T09:00:00Z')
const log = pino({ level: 'silent' })
const limitKb = 200
const depotPassword = 'a pass phrase of the benchmark'

interface Weights {
  loginKb: number
  overviewKb: number
}

/**
 * The JavaScript that a real browser loads at the first visit, kB as it comes over the wire, compressed: of the log-in page, and of the
 * overview by somebody who has logged in elsewhere. Of each face, as it is built for production, from the real servers.
 */
export async function run(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-bench-'))
  const files = await mkdtemp(join(tmpdir(), 'ringmain-bench-files-'))
  const cluster = await startCluster({ folder, durable: false })
  const browser = await launch()
  try {
    const plannerFolder = await builtFace('planner', join(files, 'planner'))
    const { dno, customer } = await weighDno(browser, { ...(await prepared(cluster, files, 'portal')), plannerFolder })
    const fsp = await weighFsp(browser, await prepared(cluster, files, 'depot'))
    const faces = [dno, customer, fsp]
    const loginKb = Math.max(...faces.map((face) => face.loginKb))
    const overviewKb = Math.max(...faces.map((face) => face.overviewKb))
    return { loginKb, overviewKb, dno, customer, fsp, limitKb, ratio: Math.max(loginKb, overviewKb) / limitKb }
  } finally {
    await browser.close()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
    await rm(files, { recursive: true, force: true })
  }
}

interface Face {
  databaseUrl: string
  portalFolder: string
  secretKeyFile: string
}

/** A face, and a database and a key for its server. */
async function prepared(cluster: { url(name?: string): string }, files: string, face: string): Promise<Face> {
  const portalFolder = await builtFace(face, join(files, face))
  await createDatabase(cluster.url(), face)
  return { databaseUrl: cluster.url(face), portalFolder, secretKeyFile: join(files, `${face}.key`) }
}

/** The two faces of the DNO's server: that of its own people, and that of its customers. */
async function weighDno(browser: Browser, face: Face & { plannerFolder: string }) {
  const server = await startServer({
    ...face,
    host: '127.0.0.1',
    port: 0,
    role: 'api',
    environment: 'demo',
    demoAccounts: await readPeople(),
    clock: new SimulatedClock(at),
    log,
  })
  try {
    await seedPeople(server.context)
    await seedPlans(server.context, [])
    const as = (role: RegExp) => async (page: Page) => {
      await page.getByRole('button', { name: role }).first().click()
    }
    const dno = await weigh(browser, server.url, '/', 'Overview', as(/operator/))
    return { dno, customer: await weigh(browser, server.url, '/planner/', 'Your sites', as(/customer/)) }
  } finally {
    await server.close()
  }
}

async function weighFsp(browser: Browser, face: Face): Promise<Weights> {
  const { depots, models, evTypes } = await readDepots()
  const fsp = await startFsp({
    ...face,
    host: '127.0.0.1',
    port: 0,
    ocppPort: 0,
    environment: 'live',
    dnoUrl: null,
    first: { depots, models, evTypes },
    firstPassword: depotPassword,
    clock: new SimulatedClock(at),
    log,
  })
  try {
    return await weigh(browser, fsp.url, '/portal/', 'Overview', async (page) => {
      await page.getByLabel('User name').fill('admin')
      await page.getByRole('textbox', { name: 'Password' }).fill(depotPassword)
      await page.getByRole('button', { name: 'Log in' }).click()
    })
  } finally {
    await fsp.close()
  }
}

/** Log-in by a stranger; then the first page by a fresh visitor with the session of one who has logged in. @param heading of the first page */
async function weigh(
  browser: Browser,
  url: string,
  path: string,
  heading: string,
  logIn: (page: Page) => Promise<void>,
): Promise<Weights> {
  const first = await browser.newContext()
  const page = await first.newPage()
  const login = weighed(page)
  await page.goto(`${url}${path}`)
  await page.getByRole('button').first().waitFor()
  const loginKb = await login()
  await logIn(page)
  await page.getByRole('heading', { name: heading }).waitFor()
  const token = await page.evaluate(`sessionStorage.getItem('ringmain-session')`)
  const second = await browser.newContext({ storageState: await first.storageState() })
  if (token) await second.addInitScript(`sessionStorage.setItem('ringmain-session', ${JSON.stringify(token)})`)
  const anew = await second.newPage()
  const overview = weighed(anew)
  await anew.goto(`${url}${path}`)
  await anew.getByRole('heading', { name: heading }).waitFor()
  const overviewKb = await overview()
  await Promise.all([first.close(), second.close()])
  return { loginKb, overviewKb }
}

/** For how long no script is asked for where a page has loaded all of its own, ms. */
const quietMs = 1_000

/**
 * Adds up the scripts that a page loads from here on, kB on the wire. The answer waits until the page asks for no more of them: a page that
 * follows news of the server never has an idle network.
 */
function weighed(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = []
  let [underWay, changedMs] = [0, performance.now()]
  const count = (step: number) => {
    underWay += step
    changedMs = performance.now()
  }
  const isScript = (request: Request) => request.resourceType() === 'script'
  page.on('request', (request) => isScript(request) && count(1))
  page.on('requestfailed', (request) => isScript(request) && count(-1))
  page.on('requestfinished', (request) => {
    if (!isScript(request)) return
    count(-1)
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  return async () => {
    while (underWay > 0 || performance.now() - changedMs < quietMs) await page.waitForTimeout(100)
    return Math.round((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 100) / 10
  }
}
