import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { createMailer } from '../../../platform/mail/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { type MailDesk, startMailDesk } from '../../../test/support/mail-desk.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { dispatchJobs } from '../jobs.ts'
import { createControlDirectory } from './index.ts'

let rig: DispatchRig
let desk: MailDesk
beforeAll(async () => {
  desk = await startMailDesk()
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  const mailer = createMailer(desk.url, 'dispatch@dno.example')
  dispatchJobs(rig.server.context, createControlDirectory(rig.server.context, mailer))
})

test('FB08 the manual route carries a C event: sheet by e-mail, confirmation by hand, the same record and the same end', async () => {
  const fuId = await rig.unitFor('C', 'Mount Pleasant', { from: '13:00', to: '16:00' })
  const other = await rig.unitFor('C', 'Unanswered', { from: '13:00', to: '16:00', utilisation: '120.00' })
  const route = { route: 'email', email: 'desk@fsp.example' }
  const change = { params: { id: rig.fsp.fspId }, body: route }
  await agreed(await secondPerson(rig.server), rig.engineer.ask(operations.setDispatchRoute, change))
  const [fsp] = (await rig.engineer.ask(operations.listFsps)).body.items
  expect(fsp).toMatchObject({ dispatchRoute: 'email', dispatchEmail: 'desk@fsp.example' })
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const values = Array.from({ length: 96 }, () => 350_000)
  await rig.engineer.ask(operations.saveLoadForecast, {
    params: { nodeId: 'sec', day: rigDay },
    body: { resolution: 'PT15M', values },
  })
  await rig.clock.advanceTo(Instant.parse(`${rigDay}T12:00:00Z`))

  expect(rig.control.received).toEqual([])
  const { mails } = desk
  const sheet = mails.find((mail) => mail.text.includes('Mount Pleasant'))
  expect(sheet?.to).toBe('desk@fsp.example')
  expect(sheet?.text).toContain(`${rigDay} 14:00 to ${rigDay} 15:00   turn down by 40 kW`)
  const [instruction] = await rig.instructions(fuId)
  expect(instruction).toMatchObject({ state: 'sent', product: 'C' })
  expect(sheet?.text).toContain(instruction?.instructionId)

  const params = { id: instruction?.instructionId }
  const confirm = (who: Client, note: string) =>
    who.ask(operations.confirmInstruction, { params, body: { outcome: 'accepted', note } })
  expect((await confirm(rig.fsp.client, 'by mail')).status).toBe(403)
  expect((await confirm(rig.engineer, '')).status).toBe(422)
  const confirmed = await confirm(rig.engineer, 'Jo at the desk, 12:07')
  expect(confirmed.body).toMatchObject({ state: 'acknowledged', acknowledgedAt: `${rigDay}T12:00:00Z` })
  expect((await confirm(rig.engineer, 'again')).status).toBe(409)
  const { body: record } = await rig.engineer.ask(operations.readInstruction, { params })
  expect(record.attempts.map((a: { action: string; outcome: string }) => [a.action, a.outcome])).toEqual([
    ['send', 'handed-over: sent to desk@fsp.example'],
    ['confirm', 'accepted: Jo at the desk, 12:07'],
  ])

  await rig.clock.advanceTo(Instant.parse(`${rigDay}T15:01:00Z`))
  expect((await rig.instructions(fuId))[0]?.state).toBe('ended')
  expect((await rig.instructions(other))[0]).toMatchObject({
    state: 'expired',
    reason: 'not confirmed by the end of its window',
  })
  expect(mails).toHaveLength(2)
})
