import { Instant } from '@js-joda/core'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FspNotice } from '../../../schemas/market/notices.ts'
import { operations } from '../../../schemas/operations.ts'
import { createClient } from '../../../test/support/client.ts'
import { type CrashRig, startCrashRig } from '../../../test/support/crash.ts'
import { statement } from '../../../test/support/crash-points.ts'
import { rigDay } from '../../../test/support/dispatch.ts'
import type { HeldStatement } from '../../../test/support/killed-server.ts'
import { eveningTender } from '../../../test/support/market.ts'
import { startWebhook, type Webhook } from '../../../test/support/webhook.ts'

// Each case starts one or two servers as processes, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let market: CrashRig
let hook: Webhook
/** When the notices are sent next. */
let pass = Instant.parse(`${rigDay}T09:00:00Z`)
let title: string
let tenderId: string

beforeAll(async () => {
  market = await startCrashRig(Instant.parse(`${rigDay}T08:59:00Z`))
  hook = await startWebhook()
  const body = { name: 'hook', kind: 'webhook', address: hook.url, active: true, key: 'a key of the FSP at hand' }
  const added = await market.rig.fsp.client.ask(operations.addNoticeTarget, { body })
  expect(added.status).toBe(200)
})

/** Before each case there is a draft of a tender, and a server is up just before the next pass. */
beforeEach(async () => {
  pass = pass.plusSeconds(600)
  title = `Tender of ${pass}`
  const body = eveningTender({ title, gateClosesAt: '2026-01-30T17:00:00Z' })
  tenderId = (await market.rig.engineer.ask(operations.draftTender, { body })).body.tenderId
  await market.passTo(pass.minusSeconds(1))
})

const publish = (client = market.rig.engineer) => client.ask(operations.publishTender, { params: { id: tenderId } })

/** What the FSP was told of the tender, as far as it can tell, and what the DNO has on record. */
async function told() {
  const mine = hook.posts.filter(({ body }) => JSON.parse(body).tender.title === title)
  const { body } = await market.rig.engineer.ask(operations.listFspNotices)
  const kept = (body.items as FspNotice[]).filter((notice) => notice.title === `Tender published: ${title}`)
  return { different: new Set(mine.map(({ key }) => key)).size, states: kept.map(({ state }) => state) }
}

describe('FM06 a notice is sent once, as far as its recipient can tell, though a server is killed when', () => {
  test.each<[string, HeldStatement]>([
    ['it is being claimed', statement('fsp_notice', 'UPDATE', `new.state = 'owed'`, 'undone')],
    ['it is claimed', statement('fsp_notice', 'UPDATE', `new.state = 'owed'`, 'done')],
    ['it is sent, which is being recorded', statement('fsp_notice', 'UPDATE', `new.state = 'sent'`, 'undone')],
    ['it is recorded as sent', statement('fsp_notice', 'UPDATE', `new.state = 'sent'`, 'done')],
  ])('%s', async (_, point) => {
    expect((await publish()).status).toBe(200)
    await market.crash(point, pass)
    await market.passTo(pass.plusSeconds(180))
    expect(await told()).toEqual({ different: 1, states: ['sent'] })
  })

  test('its recipient has it and has not answered: it comes again under its identifier', async () => {
    expect((await publish()).status).toBe(200)
    const [victim, before] = [market.server, hook.posts.length]
    hook.isHanging = true
    void victim.advanceTo(pass)
    await expect.poll(() => hook.posts.length, { timeout: 60_000, interval: 20 }).toBe(before + 1)
    await victim.kill()
    hook.isHanging = false
    await market.passTo(pass.plusSeconds(1))
    await market.passTo(pass.plusSeconds(180))
    expect(hook.posts.length).toBe(before + 2)
    expect(await told()).toEqual({ different: 1, states: ['sent'] })
  })
})

describe('FM06 a server is killed during the act itself, when', () => {
  test.each<[string, HeldStatement, string[]]>([
    ['its notice is being written: neither is there', statement('fsp_notice', 'INSERT', 'true', 'undone'), []],
    ['both are being committed: neither is there', statement('fsp_notice', 'INSERT', 'true', 'undone', 'commit'), []],
    ['both are committed: both are there', statement('fsp_notice', 'INSERT', 'true', 'done', 'commit'), ['sent']],
  ])('%s, and a repeat tells once', async (_, point, states) => {
    const { engineer, server } = market.rig
    const path = new URL(server.url).pathname
    await market.crashAtRequest(point, pass, ({ url }) => publish(createClient(`${url}${path}`, engineer.headers)))
    await market.passTo(pass.plusSeconds(120))
    expect(await told()).toEqual({ different: states.length, states })
    expect((await publish()).status).toBe(states.length === 0 ? 200 : 409)
    await market.passTo(pass.plusSeconds(240))
    expect(await told()).toEqual({ different: 1, states: ['sent'] })
  })
})
