import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Listener, listen } from '../../platform/http/index.ts'
import { operations } from '../../schemas/operations.ts'
import { pathOf } from '../../schemas/vocabulary/client.ts'
import { saveClient } from '../../server/access/index.ts'
import { type Portal, startPortal } from '../test/support/portal.ts'

let portal: Portal
let neighbour: Listener

beforeAll(async () => {
  portal = await startPortal()
  neighbour = await listen({ host: '127.0.0.1', port: 0, what: 'a neighbour', portSetting: 'none' })
  neighbour.use(
    () => new Response('<!doctype html><title>A page</title>', { headers: { 'content-type': 'text/html' } }),
  )
  await saveClient(portal.db, {
    clientId: 'fsp-1',
    kind: 'fsp',
    subjectId: randomUUID(),
    scopes: ['market'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the FSP' },
  })
}, 180_000)

afterAll(() => neighbour.close(0))

/** Another port of the same host is the same site, so that a browser sends even a strict cookie along. */
test('SEC01 a page of a neighbour changes nothing, though a real browser sends the person’s cookie', async () => {
  const page = await portal.open(await portal.person('ada', 'administrator'), '/')
  await page.goto(neighbour.url)
  const path = pathOf(operations.revokeTokens, { params: { clientId: 'fsp-1' } })
  const answered = page.waitForResponse((response) => response.url().endsWith(path))
  await page.evaluate(
    (url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).then(() => null),
    `${portal.context.tokenIssuer.resource}${path}`,
  )
  const response = await answered
  expect((await response.request().allHeaders())['cookie']).toContain('ringmain_session=')
  expect(response.status()).toBe(403)
})
