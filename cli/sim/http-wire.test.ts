import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Fuse } from './fuse.ts'
import { HttpWire } from './http-wire.ts'

/** A wire to a server that counts what reaches it, with a door. */
async function doorTo() {
  const reached: string[] = []
  const server = createServer((asked, answer) => {
    reached.push(asked.url ?? '')
    answer.end('well')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = await HttpWire.open()
  wire.targets = [(server.address() as AddressInfo).port]
  const fuse = new Fuse()
  const door = await wire.door(fuse)
  onTestFinished(async () => {
    await door.close()
    await wire.close()
    server.close()
  })
  const ask = (path: string) =>
    fetch(`${door.url}${path}`).then(
      (answer) => answer.text(),
      () => null,
    )
  return { wire, fuse, door, reached, ask }
}

test.each([
  ['before', ['/1']],
  ['after', ['/1', '/2']],
] as const)(
  'a process that dies %s a message has sent what it had sent, and nothing goes through its door any more',
  async (when, sent) => {
    const { wire, fuse, door, reached, ask } = await doorTo()
    fuse.arm({ messages: 2, when }, () => door.shut())
    expect(await ask('/1')).toBe('well')
    expect(await ask('/2')).toBeNull()
    expect(await ask('/3')).toBeNull()
    expect(reached).toEqual(sent)
    const next = await wire.door(new Fuse())
    expect(await (await fetch(`${next.url}/4`)).text()).toBe('well')
    await next.close()
  },
)
