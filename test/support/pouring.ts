import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** What a client that does not stop sending hears, and how much of it was taken until then. */
export interface Heard {
  status: number
  text: string
  /** Bytes that the client got rid of, those in the sockets' buffers among them. */
  sent: number
}

/** Posts up to `bytes` to a URL in chunks, as fast as they are taken, until it is answered. */
export async function pour(url: string, bytes: number, headers: Record<string, string> = {}): Promise<Heard> {
  const { hostname, port, pathname, search } = new URL(url)
  const socket = connect(Number(port), hostname)
  const heard: Heard = { status: 0, text: '', sent: 0 }
  const ended = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve))
  socket.on('data', (data) => {
    heard.text += data
  })
  const stated = { host: 'x', 'content-type': 'application/json', 'transfer-encoding': 'chunked', ...headers }
  const lines = Object.entries(stated).map(([name, value]) => `${name}: ${value}`)
  socket.write(`${[`POST ${pathname}${search} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`)
  await pourChunks(socket, heard, bytes)
  if (heard.text === '' && !socket.destroyed) await Promise.race([once(socket, 'data'), ended]).catch(() => undefined)
  socket.destroy()
  await ended
  heard.status = Number(/^HTTP\/1.1 (\d+)/.exec(heard.text)?.[1] ?? 0)
  return heard
}

async function pourChunks(socket: Socket, heard: Heard, bytes: number): Promise<void> {
  const chunk = 16 * 1024
  while (heard.sent < bytes && heard.text === '' && socket.writable) {
    const isTaken = socket.write(`${chunk.toString(16)}\r\n${'x'.repeat(chunk)}\r\n`)
    heard.sent += chunk
    if (isTaken) await setTimeout(0)
    else await Promise.race(['drain', 'data', 'close'].map((event) => once(socket, event))).catch(() => undefined)
  }
}
