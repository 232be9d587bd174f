import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { type Listener, listen } from '../../platform/http/index.ts'
import { operations } from '../../schemas/operations.ts'
import { pathOf } from '../../schemas/vocabulary/client.ts'
import { saveClient } from '../../server/access/index.ts'
import { auditEntry } from '../../server/kit/tables.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import { type Portal, startPortal } from '../test/support/portal.ts'

let portal: Portal
let neighbour: Listener
/** Another port that is asked as the portal is: what it got is what the portal got. */
let witness: Listener
let cookieSeen: string | null = null

beforeAll(async () => {
  portal = await startPortal()
  neighbour = await listen({ host: '127.0.0.1', port: 0, what: 'a neighbour', portSetting: 'none' })
  neighbour.use(
    () => new Response('<!doctype html><title>A page</title>', { headers: { 'content-type': 'text/html' } }),
  )
  witness = await listen({ host: '127.0.0.1', port: 0, what: 'a witness', portSetting: 'none' })
  witness.use((request) => {
    cookieSeen = request.headers.get('cookie')
    return new Response(null)
  })
  await saveClient(portal.db, {
    clientId: 'fsp-1',
    kind: 'fsp',
    subjectId: randomUUID(),
    scopes: ['market'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the FSP' },
  })
}, 180_000)

atEnd(() => neighbour.close(0))
atEnd(() => witness.close(0))

/** Another port of the same host is the same site, so that a browser sends even a strict cookie along. */
test('SEC01 a page of a neighbour changes nothing, though a real browser sends the person’s cookie', async () => {
  const page = await portal.open(await portal.person('ada', 'administrator'), '/')
  await page.goto(neighbour.url)
  const path = pathOf(operations.revokeTokens, { params: { clientId: 'fsp-1' } })
  await page.evaluate(
    async (urls) => {
      // The browser keeps even the refusal from a page of another origin.
      for (const url of urls)
        await fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => null)
    },
    [`${portal.context.tokenIssuer.resource}${path}`, witness.url],
  )
  expect(cookieSeen).toContain('ringmain_session=')
  const revocations = await portal.db.select().from(auditEntry).where(eq(auditEntry.action, 'client.tokens-revoked'))
  expect(revocations).toEqual([])
})
