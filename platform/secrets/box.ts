import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { SealingKeys } from './key-file.ts'

/** What a secret is for, and whose it is: a sealed secret opens only for the same. */
export interface SealedFor {
  /** Such as `fsp.control-secret`: one for each place that keeps secrets. */
  readonly purpose: string
  /** Identity of the row that the secret belongs to. */
  readonly of: string
}

/** Seals secrets that must be recovered in the clear, such as the client secret with which the DNO calls an FSP. */
export interface SecretBox {
  /** Seals with the newest key. */
  seal(plain: string, use: SealedFor): string
  /** Opens what was sealed for this use with any of the keys. Throws if it was sealed for another, changed, or sealed with a key that is gone. */
  open(sealed: string, use: SealedFor): string
  /** Whether a sealed secret is of the present form and sealed with the newest key. */
  isCurrent(sealed: string): boolean
  /** Seals again, with the newest key; also opens the form of before version 0.1, which was bound to no use. */
  reseal(sealed: string, use: SealedFor): string
}

const version = 'v2'
const algorithm = 'aes-256-gcm'

/** NIST SP 800-38D section 5.2.1.2: shorter tags can be forged by trying. */
const tagBytes = 16
const ivBytes = 12

/**
 * AES-256-GCM under one of several keys of 32 bytes (OWASP ASVS 5.0, 11.3.2 and 11.3.4). A sealed secret is `v2.key.iv.tag.text`: the
 * name of its key, and in base64url a random IV, a tag of 16 bytes and the text. The use is associated data, so that a secret cannot be
 * moved to another row or another purpose.
 */
export function createSecretBox(...keys: SealingKeys): SecretBox {
  const named = new Map(keys.map((key) => [nameOf(key), key]))
  const [newest] = keys
  const newestName = nameOf(newest)

  function open(sealed: string, use: SealedFor): string {
    const [form, name = '', ...parts] = sealed.split('.')
    if (form !== version || parts.length !== 3) throw new Error('not a sealed secret')
    const key = named.get(name)
    if (!key)
      throw new Error(`sealed with the key ${name}, which this process does not have: add it after the newest key`)
    return decrypt(key, parts, associated(use))
  }

  function seal(plain: string, use: SealedFor): string {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv(algorithm, newest, iv, { authTagLength: tagBytes })
    cipher.setAAD(associated(use))
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return [version, newestName, ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join('.')
  }

  return {
    seal,
    open,
    isCurrent: (sealed) => sealed.startsWith(`${version}.${newestName}.`),
    reseal: (sealed, use) => seal(isOld(sealed) ? openOld(keys, sealed) : open(sealed, use), use),
  }
}

/** Name of a key: says nothing about the key itself. */
function nameOf(key: Buffer): string {
  return createHash('sha256').update('ringmain sealing key').update(key).digest('hex').slice(0, 12)
}

function associated({ purpose, of }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(['ringmain', version, purpose, of]))
}

function decrypt(key: Buffer, parts: readonly string[], use: Buffer | null): string {
  const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (iv?.length !== ivBytes || tag?.length !== tagBytes || !text) throw new Error('not a sealed secret')
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes })
  if (use) decipher.setAAD(use)
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
}

/** The form of before version 0.1: `iv.tag.text`. */
function isOld(sealed: string): boolean {
  return sealed.split('.').length === 3
}

function openOld(keys: SealingKeys, sealed: string): string {
  for (const key of keys) {
    try {
      return decrypt(key, sealed.split('.'), null)
    } catch {
      // The next key may be the one that sealed it.
    }
  }
  throw new Error('not a sealed secret, or sealed with a key that this process does not have')
}
