import { createHmac } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMailer, type Mailer } from '../../../platform/mail/index.ts'
import type { FspNotice } from '../../../schemas/market/notices.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { type MailDesk, startMailDesk } from '../../../test/support/mail-desk.ts'
import { eveningTender, registerFsp, registerUnit, type TestFsp } from '../../../test/support/market.ts'
import { agreed, moveStatement } from '../../../test/support/second-person.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { startWebhook, type Webhook } from '../../../test/support/webhook.ts'
import { fsp as fspTable } from '../parties/tables.ts'
import { tellContractsEnded } from '../tenders/index.ts'
import { sendFspNotices } from './index.ts'
import { fspNoticeTarget } from './tables.ts'

let rig: DispatchRig
/** An FSP without a target: its notices go to its contact. */
let second: TestFsp
let engineerTwo: Client
let desk: MailDesk
let mailer: Mailer
let hook: Webhook
const key = 'a key of the second kind of notice'

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  second = await registerFsp(rig.server, rig.engineer, 'Second Ltd', rig.control)
  engineerTwo = await rig.server.person('sam', 'flexibility-engineer')
  desk = await startMailDesk()
  mailer = createMailer(desk.url, 'ringmain@dno.example')
  hook = await startWebhook()
}, 240_000)

beforeEach(() => {
  hook.posts.length = 0
  desk.mails.length = 0
  hook.status = 200
})

const form = (change: object = {}) => ({
  name: 'hook',
  kind: 'webhook',
  address: hook.url,
  active: true,
  key,
  ...change,
})
const add = (who: Client, change: object = {}) => who.ask(operations.addNoticeTarget, { body: form(change) })
const notices = async (who: Client, query: object = {}): Promise<FspNotice[]> =>
  (await who.ask(operations.listFspNotices, { query: { ...query } })).body.items
const send = () => sendFspNotices(rig.server.context, mailer)
const events = () => hook.posts.map(({ body }) => JSON.parse(body).event)
const subjects = () => desk.mails.map(({ text }) => /^subject: (.+?)\r?$/im.exec(text)?.[1])

/** A tender that both FSPs answered, evaluated: the first FSP is cheaper, and all that is needed is one FU. */
async function evaluatedTender(title: string) {
  const [own, other] = [rig.fsp, second]
  const units = []
  for (const of of [own, other])
    units.push(
      await registerUnit(of.client, `${title} of ${of === own ? 'the first' : 'the second'}`, await rig.mpanOf(of)),
    )
  const gateClosesAt = rig.clock.now().plusSeconds(60).toString()
  const { body } = await rig.engineer.ask(operations.draftTender, { body: eveningTender({ title, gateClosesAt }) })
  const params = { id: body.tenderId }
  await rig.engineer.ask(operations.publishTender, { params })
  for (const [i, { client }] of [own, other].entries()) {
    const prices = { availabilityGbpPerMwH: '5.00', utilisationGbpPerMwh: i === 0 ? '80.00' : '200.00' }
    const offers = [{ fuId: units[i]?.fuId, turnDownW: 40_000, ...prices }]
    const answer = await client.ask(operations.respondToTender, { params, body: { bid: 'offered', offers } })
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  }
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(61))
  await rig.engineer.ask(operations.evaluateTender, { params })
  return { params, fuId: units[0]?.fuId ?? '' }
}

async function award(params: { id: string }) {
  const { body } = await rig.engineer.ask(operations.readTender, { params })
  return engineerTwo.ask(operations.awardTender, { params, version: body.version })
}

describe('tenders and contracts', () => {
  test('a webhook and a mailbox are told of a tender, its result and the contract, each once; losers learn their result', async () => {
    const { body: target } = await add(rig.fsp.client)
    await add(rig.fsp.client, { name: 'mailbox', kind: 'email', address: 'trading@fsp.example', key: undefined })
    const { params, fuId } = await evaluatedTender('Evening peak')
    expect((await award(params)).status).toBe(200)
    await send()
    await send()
    expect(events().toSorted()).toEqual(['contract-made', 'tender-awarded', 'tender-published'])
    for (const { body, signature, key: sentKey } of hook.posts) {
      expect(signature).toBe(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`)
      expect(sentKey).toBe(JSON.parse(body).noticeId)
    }
    const said = new Map(hook.posts.map(({ body }) => [JSON.parse(body).event, JSON.parse(body)]))
    expect(said.get('tender-awarded').offers).toEqual([expect.objectContaining({ fuId, outcome: 'selected' })])
    expect(said.get('contract-made').contracts).toEqual([
      expect.objectContaining({
        fuId,
        product: 'A',
        turnDownW: 40_000,
        validFrom: '2026-01-01',
        validTo: '2026-06-30',
      }),
    ])
    // No price leaves by mail or webhook.
    expect(hook.posts.map(({ body }) => body).join()).not.toMatch(/80\.00|Gbp/)
    expect(desk.mails.map(({ to }) => to).toSorted()).toEqual([
      ...['desk@fsp.example', 'desk@fsp.example'],
      ...['trading@fsp.example', 'trading@fsp.example', 'trading@fsp.example'],
    ])
    const lost = desk.mails.find(({ to, text }) => to === 'desk@fsp.example' && text.includes('Result of the tender'))
    expect(lost?.text).toContain('Evening peak of the second: rejected, not needed')
    const own = await notices(rig.fsp.client, { state: 'sent' })
    expect(own).toHaveLength(6)
    expect(own.filter(({ targetName }) => targetName === 'hook')).toHaveLength(3)
    expect(await notices(second.client)).toEqual(
      ['Result of the tender: Evening peak', 'Tender published: Evening peak'].map((title) =>
        expect.objectContaining({ title, targetName: null, state: 'sent', fspName: 'Second Ltd' }),
      ),
    )
    expect(await notices(rig.engineer, { fspId: second.fspId })).toHaveLength(2)
    await rig.fsp.client.ask(operations.removeNoticeTarget, { params: { id: target.targetId } })
  })

  test('an FSP that declined to bid is told that the tender is awarded, and nothing of the offers of others', async () => {
    const gateClosesAt = rig.clock.now().plusSeconds(60).toString()
    const { body } = await rig.engineer.ask(operations.draftTender, {
      body: eveningTender({ title: 'Declined', gateClosesAt }),
    })
    const params = { id: body.tenderId }
    await rig.engineer.ask(operations.publishTender, { params })
    const declined = { bid: 'declined', reason: 'Nothing to spare' }
    expect((await second.client.ask(operations.respondToTender, { params, body: declined })).status).toBe(200)
    await rig.clock.advanceTo(rig.clock.now().plusSeconds(61))
    await rig.engineer.ask(operations.evaluateTender, { params })
    expect((await award(params)).status).toBe(200)
    const before = desk.mails.length
    await send()
    const results = desk.mails.slice(before).filter(({ text }) => text.includes('Result of the tender: Declined'))
    expect(results.map(({ to }) => to)).toEqual(['desk@fsp.example'])
    expect(results[0]?.text).toContain('The tender is awarded. You offered nothing in it.')
  })

  test('an award that is refused owes nothing', async () => {
    const { params } = await evaluatedTender('Refused')
    const before = (await notices(rig.engineer)).length
    const { body } = await rig.engineer.ask(operations.readTender, { params })
    expect((await rig.engineer.ask(operations.awardTender, { params, version: body.version })).status).toBe(403)
    expect(await notices(rig.engineer)).toHaveLength(before)
    expect((await rig.engineer.ask(operations.withdrawTender, { params })).status).toBe(200)
    await send()
    expect(subjects().filter((subject) => subject === 'Tender withdrawn: Refused')).toHaveLength(2)
  })

  test('a draft that is withdrawn was never told of', async () => {
    const before = (await notices(rig.engineer)).length
    const { body } = await rig.engineer.ask(operations.draftTender, { body: eveningTender({ title: 'Never mind' }) })
    await rig.engineer.ask(operations.withdrawTender, { params: { id: body.tenderId } })
    expect(await notices(rig.engineer)).toHaveLength(before)
  })

  test('a standing contract is told when it is carried out, not when it is proposed, and once more when it ends', async () => {
    const { fuId } = await registerUnit(second.client, 'Framework', await rig.mpanOf(second))
    const entry = {
      fuId,
      product: 'B',
      turnDownW: 40_000,
      availabilityGbpPerMwH: '0',
      utilisationGbpPerMwh: '180.00',
      validFrom: rigDay,
      validTo: '2026-01-16',
      windows: [{ weekdays: ['thursday', 'friday'], from: '17:00', to: '24:00' }],
      baselineMethod: 'bl01',
      baselineFallback: 'zero',
      reference: 'Framework agreement 2026/17',
    }
    const proposed = await rig.engineer.ask(operations.enterStandingContract, { body: entry })
    expect((await notices(second.client)).filter(({ news }) => news.event === 'contract-made')).toEqual([])
    await agreed(engineerTwo, proposed)
    const made = (await notices(second.client)).filter(({ news }) => news.event === 'contract-made')
    expect(made.map(({ news }) => news)).toEqual([
      { event: 'contract-made', contracts: [expect.objectContaining({ fuId, product: 'B', validTo: '2026-01-16' })] },
    ])
    const ended = async () => (await notices(second.client)).filter(({ news }) => news.event === 'contract-ended')
    // Its last day is Friday the 16th: on that day it has not ended.
    await tellContractsEnded(rig.server.context, Instant.parse('2026-01-16T23:59:00Z'))
    expect(await ended()).toEqual([])
    for (const day of ['17', '18', '23'])
      await tellContractsEnded(rig.server.context, Instant.parse(`2026-01-${day}T00:20:00Z`))
    expect((await ended()).map(({ news }) => news)).toEqual([
      { event: 'contract-ended', contracts: [expect.objectContaining({ fuId, validTo: '2026-01-16' })] },
    ])
  })
})

describe('statements and disputes', () => {
  test('an FSP is told of an approval, of its return, of the next approval and of the issue; then of its dispute and the decision', async () => {
    const clerk = await rig.server.person('clara', 'settlement')
    const other = await rig.server.person('sven', 'settlement')
    const third = await rig.server.person('theo', 'settlement')
    await rig.contractedUnit('Settled', 40_000, second)
    const of = { fspId: second.fspId, product: 'A', month: '2026-01' }
    const { statementId, number } = (await clerk.ask(operations.prepareStatement, { body: of })).body
    const told = async () =>
      (await notices(second.client))
        .filter(({ news }) => /statement|dispute/.test(news.event))
        .map(({ title }) => title)
    await moveStatement(clerk, statementId, 'check')
    await moveStatement(other, statementId, 'return')
    await moveStatement(clerk, statementId, 'check')
    // Before the approval it is the DNO's own work.
    expect(await told()).toEqual([])
    for (const [who, event] of [
      [third, 'approve'],
      [third, 'return'],
      [clerk, 'check'],
      [third, 'approve'],
      [third, 'issue'],
    ] as const)
      expect([event, (await moveStatement(who, statementId, event)).status]).toEqual([event, 200])
    const params = { id: statementId }
    const raised = { lineNumber: null, reason: 'Our own meter says more.' }
    const { disputeId } = (await second.client.ask(operations.raiseDispute, { params, body: raised })).body
    const outcome = { state: 'upheld', outcome: 'The meter was read again.' }
    await clerk.ask(operations.decideOnDispute, { params: { id: disputeId }, body: outcome })
    expect((await told()).toSorted()).toEqual(
      [
        ...['approved', 'returned', 'approved', 'issued'].map((moved) => `Statement ${number} ${moved}`),
        `Dispute raised about statement ${number}`,
        `Dispute about statement ${number} upheld`,
      ].toSorted(),
    )
    await send()
    expect(desk.mails.map(({ text }) => text).join()).not.toMatch(/Our own meter|read again|GBP|£/)
  })
})

describe('targets', () => {
  test('a key is sealed, never shown, stays where a change states none, and is erased with its target', async () => {
    const { body } = await add(second.client, { name: 'sealed' })
    expect(body).toEqual({ targetId: body.targetId, name: 'sealed', kind: 'webhook', address: hook.url, active: true })
    const stored = async () =>
      (await rig.server.context.db.select().from(fspNoticeTarget).where(eq(fspNoticeTarget.targetId, body.targetId)))[0]
    const sealed = (await stored())?.sealedKey ?? ''
    expect(sealed).not.toContain(key)
    expect(rig.server.context.secrets.open(sealed, { purpose: 'fsp-notice-target.key', of: body.targetId })).toBe(key)
    const params = { id: body.targetId }
    const { key: _, ...keyless } = form({ name: 'renamed' })
    expect((await second.client.ask(operations.changeNoticeTarget, { params, body: keyless })).body.name).toBe(
      'renamed',
    )
    expect((await stored())?.sealedKey).toBe(sealed)
    await second.client.ask(operations.removeNoticeTarget, { params })
    expect(await stored()).toMatchObject({ sealedKey: null, active: false })
    expect((await second.client.ask(operations.listNoticeTargets)).body.items).toEqual([])
  })

  test('a target needs one address of its kind', async () => {
    for (const change of [
      { address: 'desk@fsp.example' },
      { address: 'ftp://fsp.example/' },
      { kind: 'email', address: hook.url },
      { kind: 'email', address: 'a@fsp.example, b@else.example' },
      { kind: 'email', address: 'a@fsp.example,b' },
    ]) {
      const { status, body } = await add(second.client, change)
      expect([change, status, body.errors?.[0]?.field]).toEqual([change, 422, 'address'])
    }
  })

  test('a webhook needs a key, also where a mailbox becomes one', async () => {
    const refused = await add(second.client, { key: undefined })
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [{ field: 'key', message: 'is required for a webhook' }],
    ])
    const mailbox = { kind: 'email', address: 'a@fsp.example', key: undefined }
    const { body } = await add(second.client, mailbox)
    const params = { id: body.targetId }
    const { key: _, ...keyless } = form()
    expect((await second.client.ask(operations.changeNoticeTarget, { params, body: keyless })).status).toBe(422)
    expect((await second.client.ask(operations.changeNoticeTarget, { params, body: form() })).status).toBe(200)
    await second.client.ask(operations.removeNoticeTarget, { params })
  })

  test('FM41 a webhook has to be https, and outside of the DNO’s own network', async () => {
    const strict = await startTestServer(rig.databaseUrl, rig.clock, {
      arePrivateAddressesAllowed: false,
    })
    const client = await strict.tokenClient(second.clientId, second.clientSecret)
    for (const [address, message] of [
      ['http://fsp.example/', 'must be an https address'],
      ['https://10.0.0.7/', 'must not lead to the internal address 10.0.0.7'],
      ['https://localhost/', 'must not lead to the internal host localhost'],
    ]) {
      const refused = await add(client, { address })
      expect([refused.status, refused.body.errors]).toEqual([422, [{ field: 'address', message }]])
    }
    // One that was taken when it was allowed is not called.
    const { body } = await add(second.client)
    await publishOne('Inside')
    await sendFspNotices(strict.context, mailer)
    expect(hook.posts).toEqual([])
    const [kept] = (await notices(second.client)).filter(({ title }) => title === 'Tender published: Inside')
    expect(kept).toMatchObject({ state: 'owed', attempts: 1, lastError: expect.stringContaining('internal address') })
    await second.client.ask(operations.removeNoticeTarget, { params: { id: body.targetId } })
  })

  test('an FSP has ten targets at most, also where it adds many at once', async () => {
    const many = await Promise.all(
      Array.from({ length: 14 }, (_, i) => add(second.client, { name: `target ${i}`, active: false })),
    )
    expect(many.map(({ status }) => status).toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => 200),
      ...[409, 409, 409, 409],
    ])
    for (const { status, body } of many)
      if (status === 200) await second.client.ask(operations.removeNoticeTarget, { params: { id: body.targetId } })
  })
})

/** Publishes a tender, so that every FSP is owed a notice. */
async function publishOne(title: string): Promise<void> {
  const gateClosesAt = rig.clock
    .now()
    .plusSeconds(7 * 86_400)
    .toString()
  const { body } = await rig.engineer.ask(operations.draftTender, { body: eveningTender({ title, gateClosesAt }) })
  expect((await rig.engineer.ask(operations.publishTender, { params: { id: body.tenderId } })).status).toBe(200)
}

describe('what does not arrive', () => {
  const titled = async (title: string) => (await notices(rig.engineer)).filter((notice) => notice.title === title)
  const again = (notice: FspNotice | undefined, who = rig.engineer) =>
    who.ask(operations.sendFspNoticeAgain, { params: { id: notice?.noticeId } })

  test('FM33 is given up after eight attempts, and sent again under its own identifier when an engineer says so', async () => {
    const { body: target } = await add(second.client)
    hook.status = 503
    await publishOne('Unheard')
    const ofSecond = async () => (await titled('Tender published: Unheard')).find(({ fspId }) => fspId === second.fspId)
    for (let pass = 0; pass < 200 && (await ofSecond())?.state === 'owed'; pass++) {
      await send()
      await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
    }
    const dead = await ofSecond()
    expect(dead).toMatchObject({ state: 'dead', attempts: 8, lastError: 'answered 503', targetName: 'hook' })
    hook.status = 200
    expect((await again(dead, second.client)).status).toBe(403)
    expect((await again(dead)).status).toBe(204)
    expect((await again(dead)).status).toBe(409)
    await send()
    expect(await ofSecond()).toMatchObject({ state: 'sent', attempts: 1, lastError: null })
    expect(new Set(hook.posts.map((post) => post.key))).toEqual(new Set([dead?.noticeId]))
    expect(hook.posts).toHaveLength(9)
    await second.client.ask(operations.removeNoticeTarget, { params: { id: target.targetId } })
  })

  test('what was still to go to a target that is removed is given up, and can be sent to the contact', async () => {
    const { body: target } = await add(second.client, { name: 'short-lived' })
    await publishOne('Moved')
    await second.client.ask(operations.removeNoticeTarget, { params: { id: target.targetId } })
    const left = (await titled('Tender published: Moved')).find(({ fspId }) => fspId === second.fspId)
    expect(left).toMatchObject({ state: 'dead', targetName: 'short-lived', lastError: 'its target was removed' })
    await again(left)
    await send()
    expect(hook.posts).toEqual([])
    expect(desk.mails.filter(({ messageId }) => messageId.includes(left?.noticeId ?? '-'))).toMatchObject([
      { to: 'desk@fsp.example' },
    ])
  })

  test('an FSP without target and contact address is told by people: the notice says so, until there is a way', async () => {
    const { db } = rig.server.context
    const contact = (contactEmail: string) =>
      db.update(fspTable).set({ contactEmail }).where(eq(fspTable.fspId, second.fspId))
    await contact('')
    await publishOne('No way')
    await send()
    const lost = (await notices(rig.engineer, { state: 'unaddressed' }))[0]
    expect(lost).toMatchObject({
      title: 'Tender published: No way',
      fspName: 'Second Ltd',
      attempts: 0,
      targetName: null,
    })
    const { body: target } = await add(second.client)
    await again(lost)
    await send()
    expect(hook.posts).toMatchObject([{ key: lost?.noticeId }])
    expect(await notices(rig.engineer, { state: 'unaddressed' })).toEqual([])
    await second.client.ask(operations.removeNoticeTarget, { params: { id: target.targetId } })
    await contact('desk@fsp.example')
  })
})
