import { createHash } from 'node:crypto'
import { Instant } from '@js-joda/core'
import ssh2, { type ConnectConfig, type FileEntry, type SFTPWrapper } from 'ssh2'
import type { TransportOf } from '../../../schemas/fsp/feeds/transports.ts'
import { type Arrived, type Fetching, fits, type Listed, unseen } from './files.ts'

/** Longest time that a server may take to let us in. */
const readyTimeoutMs = 20_000
/** Longest time for one request or file. */
const requestTimeoutMs = 60_000

/** The new files of a folder on an SFTP server. Files stay where they are: they are the supplier's. */
export async function* fromSftp(transport: TransportOf<'sftp'>, fetching: Fetching): AsyncGenerator<Arrived> {
  const { client, sftp } = await connect(transport, fetching.secret())
  try {
    const entries = await answerOf<FileEntry[]>('its folder', (done) => sftp.readdir(transport.folder, done))
    for (const { name, ...listed } of await unseen(listingOf(entries, transport.pattern), fetching)) {
      const path = `${transport.folder.replace(/\/+$/, '')}/${name}`
      const isShort = listed.bytes <= fetching.maxBytes
      yield { name, ...listed, content: isShort ? await read(sftp, path, fetching.maxBytes) : null }
    }
  } finally {
    client.end()
  }
}

function listingOf(entries: readonly FileEntry[], pattern: string): Listed[] {
  return entries
    .filter(({ filename, attrs }) => isPlainFile(attrs.mode) && fits(filename, pattern) && !filename.includes('/'))
    .map(({ filename, attrs }) => ({
      name: filename,
      bytes: attrs.size,
      modifiedAt: Instant.ofEpochMilli(attrs.mtime * 1_000),
    }))
}

/** Whether a mode is a plain file's, and not a folder's, a link's or a device's (POSIX, `S_IFREG`). */
function isPlainFile(mode: number): boolean {
  return (mode & 0o170000) === 0o100000
}

/** Connects; refuses a server with another key than the stated one before anything of ours is sent. */
function connect(
  { host, port, username, hostKeySha256 }: TransportOf<'sftp'>,
  secret: string,
): Promise<{ client: ssh2.Client; sftp: SFTPWrapper }> {
  const client = new ssh2.Client()
  let shown: string | null = null
  const proof: ConnectConfig = secret.includes('PRIVATE KEY') ? { privateKey: secret } : { password: secret }
  return new Promise((resolve, reject) => {
    client.on('error', (error) => {
      const isOther = shown !== null && shown !== hostKeySha256
      const why = isOther
        ? `the server shows the key ${shown}, and not the agreed ${hostKeySha256}: ask the supplier before you change it`
        : `the SFTP server ${host}:${port} cannot be used: ${error.message}`
      reject(new Error(why))
    })
    client.on('ready', () =>
      client.sftp((error, sftp) => {
        if (error) reject(new Error(`${host}:${port} has no SFTP: ${error.message}`))
        else resolve({ client, sftp })
      }),
    )
    client.connect({
      host,
      port,
      username,
      readyTimeout: readyTimeoutMs,
      ...proof,
      hostVerifier(key: Buffer) {
        shown = fingerprintOf(key)
        return shown === hostKeySha256
      },
    })
  })
}

/** A key's fingerprint as `ssh-keygen -l` writes it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

function read(sftp: SFTPWrapper, path: string, maxBytes: number): Promise<Buffer> {
  return answerOf<Buffer>(path, (done) => {
    const parts: Buffer[] = []
    // One byte more than is read: a file that has grown meanwhile shows by its length.
    const stream = sftp.createReadStream(path, { end: maxBytes })
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('error', (error: Error) => done(error, Buffer.alloc(0)))
    stream.on('end', () => done(undefined, Buffer.concat(parts)))
  })
}

/** What a request is answered with, in bounded time. */
function answerOf<T>(what: string, ask: (done: (error: Error | undefined, answer: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${what} was not sent within ${requestTimeoutMs / 1_000} s`)),
      requestTimeoutMs,
    )
    ask((error, answer) => {
      clearTimeout(timer)
      if (error) reject(new Error(`${what} cannot be read: ${error.message}`))
      else resolve(answer)
    })
  })
}
