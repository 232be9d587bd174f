import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import chromiumPackage from '@sparticuz/chromium'
import { chromium } from 'playwright-core'
import { openSession } from '../cli/system/portal-client.ts'
import { readPeople } from '../seeds/index.ts'

/**
 * Takes pictures of a running demo's portal, in both themes: `node tools/screens.ts http://127.0.0.1:7800 FOLDER`. What they show is what is
 * there: let the demo run for a few minutes first.
 */
const [url, folder] = process.argv.slice(2)
if (!url || !folder) {
  process.stderr.write('usage: node tools/screens.ts PORTAL-ADDRESS FOLDER\n')
  process.exit(2)
}

/** The plan of the seeds. */
const plan = '/planner/plans/c5a3f6a0-5d0e-4a53-9a0b-0f6c2a8f1108'

/** Pages with the person who looks at each; `opens` the first row of its list. */
const pages: readonly { name: string; username: string; path: string; opens?: true }[] = [
  { name: 'overview', username: 'operator', path: '/' },
  { name: 'connections', username: 'planner', path: '/connections' },
  { name: 'connection', username: 'operator', path: '/connections/e3de30c1-59ef-58df-8931-8c0bf100c6eb' },
  { name: 'new-connection', username: 'planner', path: '/new-connection' },
  { name: 'connection-groups', username: 'planner', path: '/connection-groups' },
  { name: 'network', username: 'planner', path: '/network' },
  { name: 'network-layouts', username: 'planner', path: '/network-layouts' },
  { name: 'node', username: 'planner', path: '/network/lpn-whitechapel-lv' },
  { name: 'load-models', username: 'planner', path: '/load-models' },
  { name: 'map', username: 'planner', path: '/map' },
  { name: 'applications', username: 'planner', path: '/applications' },
  { name: 'application', username: 'planner', path: '/applications', opens: true },
  { name: 'market', username: 'flex', path: '/market' },
  { name: 'contracts', username: 'flex', path: '/market/contracts' },
  { name: 'services-to-others', username: 'flex', path: '/market/services-to-others' },
  { name: 'dispatch', username: 'flex', path: '/dispatch' },
  { name: 'new-pseudo-network', username: 'flex', path: '/rehearsals/new' },
  { name: 'settlement', username: 'settlement', path: '/settlement' },
  { name: 'statement', username: 'settlement', path: '/settlement', opens: true },
  { name: 'meter-data', username: 'settlement', path: '/metering', opens: true },
  { name: 'alarms', username: 'operator', path: '/alarms' },
  { name: 'hubs', username: 'operator', path: '/hubs' },
  { name: 'registration', username: 'operator', path: '/new-hub' },
  { name: 'point-maps', username: 'operator', path: '/point-maps' },
  { name: 'gateway-pools', username: 'operator', path: '/gateway-pools' },
  { name: 'daily-report', username: 'operator', path: '/daily-report' },
  { name: 'feeds', username: 'operator', path: '/feeds' },
  { name: 'data-providers', username: 'planner', path: '/data-feeds' },
  { name: 'timetables', username: 'flex', path: '/market/timetables' },
  { name: 'fsp', username: 'flex', path: '/market/fsps', opens: true },
  { name: 'ev-demand', username: 'planner', path: '/planning' },
  { name: 'ev-demand-run', username: 'planner', path: '/planning', opens: true },
  { name: 'editions', username: 'planner', path: '/planning/editions' },
  { name: 'fleet', username: 'planner', path: '/planning/fleet' },
  { name: 'experiments', username: 'flex', path: '/experiments' },
  { name: 'accounts', username: 'admin', path: '/accounts' },
  { name: 'clients', username: 'admin', path: '/clients' },
  { name: 'audit', username: 'admin', path: '/audit' },
  { name: 'settings', username: 'admin', path: '/settings' },
  { name: 'fsp-ders', username: 'fsp', path: '/market/ders' },
  { name: 'fsp-overview', username: 'fsp', path: '/' },
  { name: 'own-sites', username: 'customer', path: '/planner/' },
  { name: 'own-site', username: 'customer', path: '/planner/sites/e3de30c1-59ef-58df-8931-8c0bf100c6eb' },
  { name: 'plan', username: 'customer', path: `${plan}/vehicles` },
  { name: 'plan-scenarios', username: 'customer', path: `${plan}/scenarios` },
  { name: 'plan-comparison', username: 'customer', path: `${plan}/compare` },
  { name: 'help', username: 'customer', path: '/planner/help/words' },
]

const size = { width: 1_280, height: 900 }

const people = new Map((await readPeople()).map((person) => [person.username, person]))
await mkdir(folder, { recursive: true })
chromiumPackage.setGraphicsMode = false
const browser = await chromium.launch({
  executablePath: await chromiumPackage.executablePath(),
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
})
try {
  const cookies = new Map<string, string>()
  for (const { username } of pages) {
    const person = people.get(username)
    if (person && !cookies.has(username)) cookies.set(username, await openSession(url, person))
  }
  for (const colorScheme of ['light', 'dark'] as const)
    for (const { name, username, path, opens } of pages) {
      const context = await browser.newContext({ viewport: size, colorScheme, locale: 'en-GB' })
      const [cookie = '', value = ''] = cookies.get(username)?.split('=') ?? []
      await context.addCookies([{ name: cookie, value, url }])
      const page = await context.newPage()
      await page.goto(`${url}${path}`)
      if (opens) await page.locator('tbody tr').first().click()
      // Live updates keep a connection open, so that the network is never idle: the page is taken once it stands still.
      await page.locator('h1').first().waitFor()
      await page.waitForTimeout(2_500)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
      await context.close()
      process.stdout.write(`${name} (${colorScheme})\n`)
    }
} finally {
  await browser.close()
}
