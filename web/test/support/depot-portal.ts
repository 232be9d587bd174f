import type { BrowserContextOptions, Page } from 'playwright-core'
import { admin, logIn } from '../../../fsp/test/support/rig.ts'
import { startYard, type Yard, type YardOptions } from '../../../fsp/test/support/yard.ts'
import { depotAccessOperations } from '../../../schemas/fsp/depot-access.ts'
import type { DepotRole } from '../../../schemas/vocabulary/roles.ts'
import { atEnd } from '../../../test/support/cleanup.ts'
import { launchBrowser } from './browser.ts'
import { builtPortal } from './build.ts'
import { watchedPage } from './watched-page.ts'

/** The real FSP with its built portal before a real browser, and a yard of simulated charge points on virtual time. */
export interface DepotPortal extends Yard {
  /** Makes an account for the yard; its user name is its role. */
  account(role: DepotRole): Promise<typeof admin>
  /** A page before somebody who has logged in, by default the sys-admin, or before a stranger. */
  open(path: string, who?: typeof admin | 'stranger', options?: BrowserContextOptions): Promise<Page>
}

/** Starts it in a file’s `beforeAll`; closed when the file is done. */
export async function startDepotPortal(options: YardOptions = {}): Promise<DepotPortal> {
  const [browser, portalFolder] = [await launchBrowser(), await builtPortal('depot')]
  const yard = await startYard({ ...options, fsp: { portalFolder, ...options.fsp } }, atEnd)
  return Object.assign(yard, {
    async account(role: DepotRole) {
      const given = { username: role, password: 'a pass phrase of the test' }
      const depotIds = role === 'sys-admin' ? null : ['yard']
      const body = { ...given, fullName: `Somebody, ${role}`, role, depotIds }
      const { status } = await yard.depotApi(depotAccessOperations.createDepotAccount, { body })
      if (status !== 200) throw new Error(`no account was made: ${status}`)
      return given
    },
    async open(path: string, who: typeof admin | 'stranger' = admin, options: BrowserContextOptions = {}) {
      const visitor = await browser.visit(options)
      if (who !== 'stranger') {
        const token = await logIn(yard.fsp.url, who)
        await visitor.addInitScript(`sessionStorage.setItem('ringmain-session', '${token}')`)
      }
      const page = await watchedPage(visitor)
      await page.goto(`${yard.fsp.url}/portal${path}`)
      return page
    },
  })
}
