import { pino } from 'pino'
import { expect, test } from 'vitest'
import { atEnd } from '../../test/support/cleanup.ts'
import { type Control, serveControls } from './controls.ts'

async function served() {
  const on = { line: false }
  const controls: Control[] = [
    {
      id: 'line',
      title: 'A line <one>',
      what: 'It carries nothing.',
      begin: 'Cut',
      end: 'Restore',
      isOn: () => on.line,
      async set(isOn) {
        on.line = isOn
      },
    },
    {
      id: 'broken',
      title: 'Broken',
      what: 'It cannot.',
      begin: 'Try',
      end: 'End',
      isOn: () => false,
      async set() {
        throw new Error('the relay is gone')
      },
    },
  ]
  const log = pino({ level: 'silent' })
  const page = await serveControls(controls, { port: 0, portalUrl: 'http://127.0.0.1:7800', log })
  atEnd(() => page.close())
  const press = (body: Record<string, string>, origin = page.url) =>
    fetch(page.url, { method: 'POST', headers: { origin }, body: new URLSearchParams(body), redirect: 'manual' })
  const text = async () => (await fetch(page.url)).text()
  return { on, press, text }
}

test('a button provokes a failure and takes it back, and the page says which are in force', async () => {
  const { on, press, text } = await served()
  expect(await text()).toContain('<button>Cut</button>')
  expect((await press({ control: 'line', on: 'true' })).status).toBe(303)
  expect(on.line).toBe(true)
  expect(await text()).toMatch(/A line &lt;one&gt;.*In force\..*<button>Restore<\/button>/s)
  await press({ control: 'line', on: 'false' })
  expect(on.line).toBe(false)
  expect(await text()).toContain('Time cannot run faster here')
})

test('a page of another site cannot press the buttons', async () => {
  const { on, press } = await served()
  expect((await press({ control: 'line', on: 'true' }, 'http://elsewhere.example')).status).toBe(403)
  expect(on.line).toBe(false)
})

test('an unknown control and one that fails are answered with what to do', async () => {
  const { press } = await served()
  const unknown = await press({ control: 'nothing', on: 'true' })
  expect([unknown.status, await unknown.text()]).toEqual([422, expect.stringContaining('There is no such control')])
  const broken = await press({ control: 'broken', on: 'true' })
  expect([broken.status, await broken.text()]).toEqual([500, expect.stringContaining('Broken: the relay is gone')])
})
