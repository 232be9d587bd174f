import { createHash, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2'

const { STATUS_CODE } = ssh2.utils.sftp
const plainFile = 0o100644
const plainFolder = 0o040755

/** A file that a supplier has left. */
export interface LeftFile {
  content: Buffer
  /** When it was written, s since the epoch. */
  modifiedS: number
}

/** A supplier's SFTP server: one account, one folder, read only, in memory. */
export interface SftpSupplier {
  readonly port: number
  /** Its key, as `ssh-keygen -l` writes it. */
  readonly hostKeySha256: string
  /** The files in its folder, by name. */
  readonly files: Map<string, LeftFile>
  /** How often somebody tried to log in. */
  readonly logIns: () => number
  close(): Promise<void>
}

/** @param port 0 takes any free one. */
export async function startSftpSupplier(
  account: { username: string; password: string },
  given: { host: string; port: number },
): Promise<SftpSupplier> {
  const { private: hostKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519')
  const files = new Map<string, LeftFile>()
  const open = new Set<ssh2.Connection>()
  let logIns = 0
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    // Whoever hangs up has nothing to be told.
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      if (context.method === 'none') return context.reject(['password'])
      logIns++
      const isKnown = context.method === 'password' && context.username === account.username
      if (isKnown && isSame(context.password, account.password)) context.accept()
      else context.reject(['password'])
    })
    client.on('ready', () =>
      client.on('session', (accept) => accept().on('sftp', (acceptSftp) => serve(acceptSftp(), files))),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(given.port, given.host, resolve)
  })
  const parsed = ssh2.utils.parseKey(publicKey)
  if (parsed instanceof Error) throw parsed
  const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')
  return {
    port: (server.address() as AddressInfo).port,
    hostKeySha256: `SHA256:${digest}`,
    files,
    logIns: () => logIns,
    async close() {
      for (const client of open) client.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function attributesOf({ content, modifiedS }: LeftFile): Attributes {
  return { mode: plainFile, uid: 0, gid: 0, size: content.length, atime: modifiedS, mtime: modifiedS }
}

/** Answers the requests of one session. */
function serve(sftp: SFTPWrapper, files: ReadonlyMap<string, LeftFile>): void {
  const handles = new Map<number, LeftFile | 'folder' | 'folder-read'>()
  let last = 0
  const opened = (id: number, what: LeftFile | 'folder') => {
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(++last)
    handles.set(last, what)
    sftp.handle(id, handle)
  }
  const fileOf = (path: string) => files.get(path.split('/').at(-1) ?? '')
  const stat = (id: number, path: string) => {
    const file = fileOf(path)
    if (file) sftp.attrs(id, attributesOf(file))
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE)
  }
  sftp.on('OPENDIR', (id) => opened(id, 'folder'))
  sftp.on('OPEN', (id, path) => {
    const file = fileOf(path)
    if (file) opened(id, file)
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE)
  })
  sftp.on('READDIR', (id, handle) => {
    const key = handle.readUInt32BE()
    if (handles.get(key) !== 'folder') return sftp.status(id, STATUS_CODE.EOF)
    handles.set(key, 'folder-read')
    const folder = {
      filename: '.',
      longname: '.',
      attrs: { ...attributesOf({ content: Buffer.alloc(0), modifiedS: 0 }), mode: plainFolder },
    }
    const entries = [...files].map(([filename, file]) => ({ filename, longname: filename, attrs: attributesOf(file) }))
    sftp.name(id, [folder, ...entries])
  })
  sftp.on('READ', (id, handle, offset, length) => {
    const file = handles.get(handle.readUInt32BE())
    if (typeof file !== 'object') return sftp.status(id, STATUS_CODE.FAILURE)
    if (offset >= file.content.length) return sftp.status(id, STATUS_CODE.EOF)
    sftp.data(id, file.content.subarray(offset, offset + length))
  })
  sftp.on('FSTAT', (id, handle) => {
    const file = handles.get(handle.readUInt32BE())
    if (typeof file === 'object') sftp.attrs(id, attributesOf(file))
    else sftp.status(id, STATUS_CODE.FAILURE)
  })
  sftp.on('STAT', stat)
  sftp.on('LSTAT', stat)
  sftp.on('REALPATH', (id, path) => sftp.name(id, [{ filename: path, longname: path, attrs: {} as Attributes }]))
  sftp.on('CLOSE', (id, handle) => {
    handles.delete(handle.readUInt32BE())
    sftp.status(id, STATUS_CODE.OK)
  })
}
