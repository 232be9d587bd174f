import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartupError } from '../errors/index.ts'

/** Seals secrets that must be recovered in the clear, such as the client secret with which the DNO calls an FSP. */
export interface SecretBox {
  seal(plain: string): string
  open(sealed: string): string
}

/** AES-256-GCM under one key of 32 bytes; a sealed secret is `iv.tag.text` in base64url. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    seal(plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url')).join('.')
    },
    open(sealed) {
      const [iv, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
      if (!iv || !tag || !text) throw new Error('not a sealed secret')
      const decipher = createDecipheriv('aes-256-gcm', key, iv)
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
    },
  }
}

/** The sealing key from `RINGMAIN_SECRET_KEY` (64 hex digits), or else from a file that is created on first use. */
export async function loadSecretKey(file: string): Promise<Buffer> {
  const given = process.env['RINGMAIN_SECRET_KEY']
  if (given !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(given)) throw new StartupError('RINGMAIN_SECRET_KEY must be 64 hexadecimal digits.')
    return Buffer.from(given, 'hex')
  }
  try {
    return Buffer.from((await readFile(file, 'utf8')).trim(), 'hex')
  } catch {
    const key = randomBytes(32)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, `${key.toString('hex')}\n`, { mode: 0o600 })
    await chmod(file, 0o600)
    return key
  }
}

/** Digest of a full-strength random secret, for storage if it only needs comparing. Not for passwords. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** A random secret of 256 bits in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
